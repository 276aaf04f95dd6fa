//! What a group commit of 64 requests costs, each request one journal entry and one remembered answer, into a database that
//! holds a busy day already.
//!
//! `memory` runs on a tmpfs and so shows the work beside the disk's sync; `disk` includes the sync. `savepoints` is what the
//! product does, `bare` the same rows without [`Batch::request`]: the difference is the price of all-or-nothing requests.

use std::{hint::black_box, path::Path};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use store::{Batch, Request, Store, StoreError};

const REQUESTS: u64 = 64;
const DAY: u64 = 50_000;

type Write = fn(&mut Batch<'_>, u64);

fn commits(c: &mut Criterion) {
    let places = [("memory", Path::new("/dev/shm")), ("disk", Path::new(env!("CARGO_TARGET_TMPDIR")))];
    for (place, root) in places {
        let mut group = c.benchmark_group(format!("commit of {REQUESTS}, {place}"));
        group.throughput(Throughput::Elements(REQUESTS));
        let variants: [(&str, Write); 2] = [("savepoints", with_savepoints), ("bare", bare)];
        for (name, write) in variants {
            let dir = tempfile::tempdir_in(root).expect("a directory to measure in");
            let mut store = Store::open(dir.path()).expect("a fresh database");
            let mut next = 0;
            while next < DAY {
                commit(&mut store, &mut next, bare);
            }
            group.bench_function(name, |bencher| {
                bencher.iter_batched(|| (), |()| commit(&mut store, &mut next, write), BatchSize::PerIteration);
            });
        }
        group.finish();
    }
}

fn commit(store: &mut Store, next: &mut u64, write: Write) {
    let mut batch = store.begin().expect("begin");
    for n in *next..*next + REQUESTS {
        write(&mut batch, n);
    }
    drop(black_box(batch.commit().expect("commit")));
    *next += REQUESTS;
}

fn with_savepoints(batch: &mut Batch<'_>, n: u64) {
    batch.request(|rows| request(rows, n)).expect("SQLite").expect("written");
}

fn bare(batch: &mut Batch<'_>, n: u64) {
    request(batch, n).expect("written");
}

fn request(rows: &mut Request<'_>, n: u64) -> Result<(), StoreError> {
    // Keys as clients make them: random, so each lands on another page of the index.
    let key = format!("{:016x}{n:016x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    rows.append(1_700_000_000_000, PAYLOAD)?;
    rows.remember_answer(&key, &[0x5A; 32], 201, BODY, 1_700_000_000_000)
}

const PAYLOAD: &[u8] = &[b'p'; 250];
const BODY: &[u8] = &[b'b'; 180];

criterion_group!(benches, commits);
criterion_main!(benches);
