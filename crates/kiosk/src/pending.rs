//! A request for a number, written down before it is sent.
//!
//! The file exists from before the first byte leaves the kiosk until the answer was shown. A kiosk that loses power in between
//! finds it again and sends the same request with the same idempotency key, so that the broker answers with the number it already
//! gave instead of giving a second one.
//!
//! A request whose customer left before the answer came is set aside under another name, and stays on the disk until the broker
//! was told that nobody wants its number.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wire::TakeTicket;

/// A request older than this belongs to a customer who has left.
pub const STALE_AFTER: Duration = Duration::from_secs(5 * 60);

/// The broker forgets the tickets and keys of a day when the next one opens: telling it later than this is of no use.
pub const ABANDONED_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A request that may have reached the broker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// The idempotency key, 32 hexadecimal digits.
    pub key: String,
    /// What is asked.
    pub request: TakeTicket,
    /// When it was written down, in seconds since 1970 by this kiosk's clock.
    pub written_s: u64,
}

/// Why a request could not be written down, found or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum PendingError {
    /// The file could not be written.
    #[error("writing down the request in {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The file is there and cannot be read.
    #[error("reading the request in {path}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The request could not be set aside.
    #[error("setting aside the abandoned request in {path}")]
    Abandon {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The file could not be removed.
    #[error("removing the request in {path}")]
    Forget {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
}

/// The one place on disk for the one request a kiosk can have under way, and beside it the requests it has set aside.
#[derive(Debug, Clone)]
pub struct PendingFile {
    path: PathBuf,
    /// What the names of this kiosk's files begin with.
    beginning: String,
}

impl PendingFile {
    /// A file in this folder, which must exist; its name tells kiosks of one box apart.
    #[must_use]
    pub fn in_folder(folder: &Path, kiosk: &str) -> Self {
        let safe: String = kiosk.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let beginning = format!("kiosk-{safe}-");
        Self { path: folder.join(format!("{beginning}pending.json")), beginning }
    }

    /// Writes the request down under a fresh key. When this returns, it survives a loss of power.
    ///
    /// # Errors
    /// [`PendingError::Write`]; the request must then not be sent.
    pub fn write(&self, request: &TakeTicket, now: SystemTime) -> Result<Pending, PendingError> {
        let pending =
            Pending { key: client::Key::new().as_str().to_owned(), request: request.clone(), written_s: seconds(now) };
        self.replace(&pending).map_err(|source| PendingError::Write { path: self.path.clone(), source })?;
        Ok(pending)
    }

    /// The request that is written down, unless it is older than [`STALE_AFTER`] or torn; such a file is removed.
    ///
    /// # Errors
    /// [`PendingError::Read`] and [`PendingError::Forget`].
    pub fn find(&self, now: SystemTime) -> Result<Option<Pending>, PendingError> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(PendingError::Read { path: self.path.clone(), source }),
        };
        match serde_json::from_slice::<Pending>(&bytes) {
            Ok(pending) if !is_file_name(&pending.key) => {
                tracing::warn!("the request that was written down has a key that no kiosk makes");
                self.forget()?;
                Ok(None)
            }
            // A clock that was set back says nothing of its age: a number that may have been promised is asked for once more.
            Ok(pending) if seconds(now).saturating_sub(pending.written_s) <= STALE_AFTER.as_secs() => Ok(Some(pending)),
            Ok(pending) => {
                tracing::warn!(key = pending.key, "the request that was written down is too old to ask again");
                self.forget()?;
                Ok(None)
            }
            Err(error) => {
                tracing::warn!(%error, "the request that was written down cannot be read");
                self.forget()?;
                Ok(None)
            }
        }
    }

    /// Removes the request.
    ///
    /// # Errors
    /// [`PendingError::Forget`].
    pub fn forget(&self) -> Result<(), PendingError> {
        self.remove(&self.path)
    }

    /// Sets the request with this key aside: it is not asked again, and its place is free for the next one. When this
    /// returns, [`PendingFile::abandoned`] finds the key even after a loss of power.
    ///
    /// # Errors
    /// [`PendingError::Abandon`]; the request then stays where it was.
    pub fn abandon(&self, key: &str) -> Result<(), PendingError> {
        fs::rename(&self.path, self.abandoned_path(key))
            .and_then(|()| self.sync_folder())
            .map_err(|source| PendingError::Abandon { path: self.path.clone(), source })
    }

    /// The keys of the requests set aside, oldest first. One older than [`ABANDONED_KEPT`] is removed.
    ///
    /// # Errors
    /// [`PendingError::Read`] and [`PendingError::Forget`].
    pub fn abandoned(&self, now: SystemTime) -> Result<Vec<String>, PendingError> {
        let folder = self.folder();
        let unreadable = |source| PendingError::Read { path: folder.to_owned(), source };
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let Some(key) = entry.file_name().to_str().and_then(|name| self.abandoned_key(name)).map(str::to_owned)
            else {
                continue;
            };
            let written = entry.metadata().and_then(|file| file.modified()).map_err(unreadable)?;
            if now.duration_since(written).is_ok_and(|age| age > ABANDONED_KEPT) {
                tracing::warn!(key, "an abandoned request is too old to tell the broker");
                self.forget_abandoned(&key)?;
            } else {
                found.push((written, key));
            }
        }
        found.sort();
        Ok(found.into_iter().map(|(_, key)| key).collect())
    }

    /// Removes a request that was set aside.
    ///
    /// # Errors
    /// [`PendingError::Forget`].
    pub fn forget_abandoned(&self, key: &str) -> Result<(), PendingError> {
        self.remove(&self.abandoned_path(key))
    }

    fn abandoned_path(&self, key: &str) -> PathBuf {
        self.path.with_file_name(format!("{}{key}{ABANDONED_ENDING}", self.beginning))
    }

    /// The key in the name of a request of this kiosk that was set aside. The names of kiosk `a-b` begin like those of
    /// kiosk `a`; a key, which has no dash, tells them apart.
    fn abandoned_key<'name>(&self, name: &'name str) -> Option<&'name str> {
        let key = name.strip_prefix(&self.beginning)?.strip_suffix(ABANDONED_ENDING)?;
        is_file_name(key).then_some(key)
    }

    fn remove(&self, path: &Path) -> Result<(), PendingError> {
        match fs::remove_file(path) {
            Ok(()) => self.sync_folder(),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(source),
        }
        .map_err(|source| PendingError::Forget { path: path.to_owned(), source })
    }

    fn replace(&self, pending: &Pending) -> io::Result<()> {
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec(pending)?)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)?;
        self.sync_folder()
    }

    /// A new name in a folder is durable once the folder is.
    fn sync_folder(&self) -> io::Result<()> {
        File::open(self.folder())?.sync_all()
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            Some(_) | None => Path::new("."),
        }
    }
}

const ABANDONED_ENDING: &str = ".abandoned";

/// Whether a key can stand in a file's name and leads nowhere else, as every key of [`client::Key::new`].
fn is_file_name(key: &str) -> bool {
    client::Key::from(key.to_owned()).is_acceptable() && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn request() -> TakeTicket {
        TakeTicket { service: "payment".to_owned(), language: Some("zh".to_owned()), ..TakeTicket::default() }
    }

    #[test]
    fn a_restarted_kiosk_finds_the_same_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = PendingFile::in_folder(folder.path(), "k1").write(&request(), at(1000)).expect("written");
        let found = PendingFile::in_folder(folder.path(), "k1").find(at(1030)).expect("readable");
        assert_eq!(found, Some(written));
    }

    #[test]
    fn every_request_has_a_key_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        let first = file.write(&request(), at(1000)).expect("written");
        let second = file.write(&request(), at(1000)).expect("written");
        assert_ne!(first.key, second.key);
        assert_eq!(first.key.len(), 32);
    }

    #[test]
    fn a_forgotten_request_is_gone_and_forgetting_twice_is_harmless() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        file.write(&request(), at(1000)).expect("written");
        file.forget().expect("removed");
        file.forget().expect("nothing to remove");
        assert_eq!(file.find(at(1001)).expect("readable"), None);
    }

    #[test]
    fn a_request_of_a_customer_who_has_left_is_not_asked_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        file.write(&request(), at(1000)).expect("written");
        assert_eq!(file.find(at(1000 + STALE_AFTER.as_secs() + 1)).expect("readable"), None);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_loses_no_request() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "kiosk-1");
        let written = file.write(&request(), at(100_000)).expect("written");
        assert_eq!(file.find(at(1_000)).expect("read"), Some(written));
    }

    #[test]
    fn a_torn_file_is_removed_and_not_obeyed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        fs::write(&file.path, b"{\"key\":\"00").expect("written");
        assert_eq!(file.find(at(1)).expect("readable"), None);
        assert!(!file.path.exists());
    }

    #[test]
    fn a_key_that_would_lead_out_of_the_folder_is_not_obeyed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        let pending = Pending { key: "../../etc/k".to_owned(), request: request(), written_s: 1000 };
        fs::write(&file.path, serde_json::to_vec(&pending).expect("JSON")).expect("written");
        assert_eq!(file.find(at(1000)).expect("readable"), None);
        assert!(!file.path.exists());
    }

    #[test]
    fn an_abandoned_request_frees_its_place_and_is_found_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        let now = SystemTime::now();
        let first = file.write(&request(), now).expect("written");
        file.abandon(&first.key).expect("set aside");
        assert_eq!(file.find(now).expect("readable"), None);
        let second = file.write(&request(), now).expect("written");
        file.abandon(&second.key).expect("set aside");

        let restarted = PendingFile::in_folder(folder.path(), "k1");
        let mut found = restarted.abandoned(now).expect("readable");
        found.sort();
        let mut expected = [first.key.clone(), second.key.clone()];
        expected.sort();
        assert_eq!(found, expected);
        restarted.forget_abandoned(&first.key).expect("removed");
        assert_eq!(restarted.abandoned(now).expect("readable"), [second.key]);
    }

    #[test]
    fn an_abandoned_request_of_another_day_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = PendingFile::in_folder(folder.path(), "k1");
        let now = SystemTime::now();
        let pending = file.write(&request(), now).expect("written");
        file.abandon(&pending.key).expect("set aside");
        let tomorrow = now + ABANDONED_KEPT + Duration::from_secs(60);
        assert_eq!(file.abandoned(tomorrow).expect("readable"), [""; 0]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_kiosk_abandons_nothing_of_another() {
        let folder = tempfile::tempdir().expect("a folder");
        let other = PendingFile::in_folder(folder.path(), "k-1");
        let pending = other.write(&request(), SystemTime::now()).expect("written");
        other.abandon(&pending.key).expect("set aside");
        let file = PendingFile::in_folder(folder.path(), "k");
        assert_eq!(file.abandoned(SystemTime::now()).expect("readable"), [""; 0]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_before_anything_is_sent() {
        let file = PendingFile::in_folder(Path::new("/nonexistent-jiaohao"), "k1");
        assert!(matches!(file.write(&request(), at(1)), Err(PendingError::Write { .. })));
    }

    #[test]
    fn a_kiosk_name_cannot_leave_the_folder() {
        let file = PendingFile::in_folder(Path::new("/data"), "../大厅");
        assert_eq!(file.path, Path::new("/data/kiosk-___大厅-pending.json"));
    }
}
