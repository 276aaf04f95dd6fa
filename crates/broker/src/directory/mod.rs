//! Who a customer is: looked for in the hall's own list, then in the directory in the network, then by how the number begins.
//! Asked by sessions, never by the loop.

mod draft;
mod keyed;
mod list;
mod memory;
mod online;
mod patience;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use hall::{IdentityKind, Rules, TierId};

pub use draft::{Draft, DraftError, MOST_LEVELS};
pub use list::{LIST, ListError};
pub use online::OnlineError;

use crate::options::{OnlineDirectory, Recognise};
use list::List;
use online::Online;

/// Longest level, in characters: it stands beside a name on a page.
pub const LEVEL: usize = 20;

/// Whether a text can be a level: short, on one line, and nobody's number, for levels are kept as they are.
pub fn is_level(text: &str) -> bool {
    let digits = text.chars().filter(|letter| letter.is_numeric()).count();
    text.chars().count() <= LEVEL && digits <= 4 && !text.chars().any(char::is_control)
}

/// How often the hall's own list is looked at for a newer one.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// A tier of the hall.
    pub(crate) tier: TierId,
    /// Their level within it, in the directory's words.
    pub(crate) level: Option<String>,
}

/// All that a hall knows of customers.
pub(crate) struct Directory {
    data: PathBuf,
    rules: Arc<Rules>,
    list: RwLock<Option<Arc<List>>>,
    /// Of the list in memory.
    stamp: Mutex<Option<Stamp>>,
    online: Option<Online>,
    recognise: Recognise,
}

/// Tells one version of a file from another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl Directory {
    /// The directory of the hall in `data`; [`Directory::refresh`] reads its list.
    ///
    /// # Errors
    /// The directory in the network cannot be asked as it is set.
    pub(crate) fn new(
        data: &Path,
        rules: Arc<Rules>,
        online: Option<&OnlineDirectory>,
        recognise: Recognise,
    ) -> Result<Self, OnlineError> {
        let online = online.map(|options| Online::new(options, Arc::clone(&rules))).transpose()?;
        Ok(Self { data: data.to_owned(), rules, list: RwLock::default(), stamp: Mutex::default(), online, recognise })
    }

    /// Whether the directory in the network is left alone because it failed again and again.
    pub(crate) fn is_silent(&self) -> bool {
        self.online.as_ref().is_some_and(Online::is_silent)
    }

    /// Who has this number, which [`IdentityKind::fault`] found nothing wrong with. `None`: nobody knows, or nobody can say now.
    pub(crate) async fn ask(&self, kind: IdentityKind, value: &str, now_ms: i64) -> Option<Known> {
        let plain = kind.plain(value);
        let list = self.list.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listed) = list.and_then(|list| list.find(kind, &plain)) {
            return Some(listed);
        }
        if let Some(online) = &self.online
            && let Some(known) = online.ask(kind, &plain, now_ms).await
        {
            return Some(known);
        }
        (self.recognise)(kind, value).map(|tier| Known { tier, level: None })
    }

    /// Takes up the list of the data directory where it is another than the one in memory. Blocks for as long as reading takes.
    ///
    /// # Errors
    /// It cannot be used; the one in memory stays.
    pub(crate) fn refresh(&self) -> Result<(), ListError> {
        let mut known = self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.data.join(LIST);
        let stamp = match fs::metadata(&path) {
            Ok(meta) => Some(Stamp::of(&meta)),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(source) => return Err(ListError::Read { path, source }),
        };
        if *known == stamp {
            return Ok(());
        }
        let list = List::read(&self.data, &self.rules)?;
        match &list {
            Some(list) => tracing::info!(numbers = list.len(), "took up the list of customers"),
            None => tracing::info!("the list of customers is gone"),
        }
        *self.list.write().unwrap_or_else(PoisonError::into_inner) = list.map(Arc::new);
        *known = stamp;
        Ok(())
    }
}

impl Stamp {
    fn of(meta: &fs::Metadata) -> Self {
        Self { inode: meta.ino(), bytes: meta.len(), changed: (meta.mtime(), meta.mtime_nsec()) }
    }
}
