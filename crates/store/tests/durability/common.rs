//! Shared by the tests of this crate.
use std::{collections::BTreeMap, fs, ops::RangeInclusive, path::Path};

use store::Store;

/// Every file of a directory with its bytes, the lock apart (it is always empty).
pub fn bytes_of(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "hall.lock")
        .collect()
}

/// Commits each payload as one event in one batch; returns their seqs.
pub fn write<'p>(store: &mut Store, payloads: impl IntoIterator<Item = &'p str>) -> Option<RangeInclusive<u64>> {
    let mut batch = store.begin().unwrap();
    for payload in payloads {
        batch.append(1_700_000_000_000, payload.as_bytes()).unwrap();
    }
    batch.commit().unwrap().seqs()
}

/// Every payload from `from_seq` on.
pub fn read(store: &Store, from_seq: u64) -> Vec<String> {
    store.replay(from_seq).unwrap().map(|entry| String::from_utf8(entry.unwrap().payload).unwrap()).collect()
}

/// Flips one bit of the first occurrence of `needle` in a file.
pub fn flip(file: &Path, needle: &[u8]) {
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(needle.len()).position(|window| window == needle).expect("the needle is in the file");
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}
