//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

/// Says it on standard output. Whoever has read enough of it and closed the pipe has lost nothing.
///
/// # Errors
/// The system's words.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("writing to standard output"),
    }
}

/// A kind of file. An older one of the kind is replaced and nothing else is: a slip of the hand must not cost a day or a journal.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    /// In a word or two.
    pub(super) name: &'static str,
    /// How each of them begins.
    pub(super) begins: &'static str,
}

/// Files to be written, all or none.
#[derive(Default)]
pub(super) struct Drafts(Vec<Draft>);

impl Drafts {
    /// Writes the content beside the place it is for.
    ///
    /// # Errors
    /// The place is a directory, or holds something of another kind, or is taken already, or nobody may write there; the text says
    /// what to do. The place is as it was.
    pub(super) fn add(&mut self, to: &Path, kind: Kind, bytes: Vec<u8>) -> anyhow::Result<()> {
        let place = place(to);
        if self.0.iter().any(|other| matches!(other.content, Content::Beside(_)) && other.to == place) {
            bail!("writing {}: --calls and --plot are both to go into this one file; name two", to.display());
        }
        self.0.push(Draft::new(to, place, kind, bytes)?);
        Ok(())
    }

    /// Puts each in its place.
    ///
    /// # Errors
    /// The system's words.
    pub(super) fn publish(self) -> anyhow::Result<()> {
        self.0.into_iter().try_for_each(Draft::publish)
    }
}

/// A file written beside its place; dropped without [`Draft::publish`], it is gone.
struct Draft {
    to: PathBuf,
    content: Content,
}

enum Content {
    Beside(PathBuf),
    /// For what is no file, such as a pipe: there is no place beside it.
    Bytes(Vec<u8>),
}

/// How databases are named, and the files beside them, of which some are empty.
const OF_DATABASES: [&str; 4] = [".db", "-wal", "-shm", ".lock"];

impl Draft {
    fn new(to: &Path, place: PathBuf, kind: Kind, bytes: Vec<u8>) -> anyhow::Result<Self> {
        let act = || format!("writing {}; name a file in a directory you may write to", to.display());
        match fs::metadata(&place) {
            Ok(meta) if meta.is_dir() => bail!("writing {}: it is a directory; name a file in it", to.display()),
            Ok(meta) if !meta.is_file() => return Ok(Self { to: place, content: Content::Bytes(bytes) }),
            Ok(_) => {
                // A file that is closed to this user is not replaced behind its owner's back.
                let there = OpenOptions::new().read(true).write(true).open(&place).with_context(act)?;
                let mut begins = Vec::new();
                there.take(kind.begins.len() as u64).read_to_end(&mut begins).with_context(act)?;
                if !begins.is_empty() && begins != kind.begins.as_bytes() {
                    let (place, name) = (to.display(), kind.name);
                    bail!("writing {place}: what is there is no {name} and stays; name another file");
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(anyhow!(error).context(act())),
        }
        let name = place.file_name().with_context(act)?.to_string_lossy().into_owned();
        if OF_DATABASES.iter().any(|end| name.ends_with(end)) {
            bail!("writing {}: a file of this name belongs to a database; name another", to.display());
        }
        let beside = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let mut file = File::create_new(&beside).with_context(act)?;
        let draft = Self { to: place, content: Content::Beside(beside) };
        file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(act)?;
        Ok(draft)
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The system's words.
    fn publish(self) -> anyhow::Result<()> {
        let outcome = match &self.content {
            Content::Beside(beside) => fs::rename(beside, &self.to),
            Content::Bytes(bytes) => {
                OpenOptions::new().write(true).open(&self.to).and_then(|mut to| to.write_all(bytes))
            }
        };
        outcome.with_context(|| format!("writing {}", self.to.display()))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Content::Beside(beside) = &self.content {
            // After it was published there is nothing here any more.
            let _ = fs::remove_file(beside);
        }
    }
}

/// Where a path leads, also when there is nothing yet. A link stays one: what it points to is replaced.
fn place(to: &Path) -> PathBuf {
    let of_folder = || {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(fs::canonicalize(folder).ok()?.join(to.file_name()?))
    };
    fs::canonicalize(to).ok().or_else(of_folder).unwrap_or_else(|| to.to_owned())
}
