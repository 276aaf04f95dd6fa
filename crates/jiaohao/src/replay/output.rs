//! Files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
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

/// A file written beside its place; dropped without [`Draft::publish`], it is gone.
pub(super) struct Draft {
    to: PathBuf,
    content: Content,
}

enum Content {
    Beside(PathBuf),
    /// For what is no file, such as a pipe: there is no place beside it.
    Bytes(Vec<u8>),
}

impl Draft {
    /// Writes the content beside the place it is for.
    ///
    /// # Errors
    /// The place is a directory, or nobody may write there; the text says what to do. The place is as it was.
    pub(super) fn new(to: &Path, bytes: Vec<u8>) -> anyhow::Result<Self> {
        let act = || format!("writing {}; name a file in a directory you may write to", to.display());
        // A link stays one: what it points to is replaced.
        let real = fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
        match fs::metadata(&real) {
            Ok(meta) if meta.is_dir() => bail!("writing {}: it is a directory; name a file in it", to.display()),
            Ok(meta) if !meta.is_file() => return Ok(Self { to: real, content: Content::Bytes(bytes) }),
            // A file that is closed to this user is not replaced behind its owner's back.
            Ok(_) => drop(OpenOptions::new().write(true).open(&real).with_context(act)?),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(anyhow!(error).context(act())),
        }
        let name = real.file_name().with_context(act)?;
        let beside = real.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let mut file = File::create_new(&beside).with_context(act)?;
        let draft = Self { to: real, content: Content::Beside(beside) };
        file.write_all(&bytes).and_then(|()| file.sync_all()).with_context(act)?;
        Ok(draft)
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// The system's words.
    pub(super) fn publish(self) -> anyhow::Result<()> {
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
