//! A desk at which past days are looked at on the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hall_tests::Program;
use serde_json::Value;
use tempfile::TempDir;

use crate::program;

/// Where the hall files and recordings are.
pub const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The hall of the published figures.
pub const BENCHMARK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../firmware-config/halls/benchmark.toml");

/// Unoptimised, on a machine that does other things, a forecast takes a while.
const LIMIT: Duration = Duration::from_secs(180);

/// A directory of its own, and the program.
pub struct Desk {
    home: TempDir,
    pub program: Program,
}

impl Desk {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary directory"), program: program() }
    }

    /// A path on it.
    pub fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// A file on it.
    pub fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.home.path().join(name), text).expect("a file");
        self.path(name)
    }

    /// What lies on it.
    pub fn names(&self) -> Vec<PathBuf> {
        names_in(self.home.path())
    }

    /// What a command prints as JSON.
    pub async fn json(&self, args: &[&str]) -> Value {
        let outcome = self.program.run_for(LIMIT, [args, &["--json"]].concat()).await;
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert_eq!(outcome.stderr, "", "where there is no terminal there is no bar");
        serde_json::from_str(&outcome.stdout).expect("JSON")
    }

    /// A command refuses with one message of these words, and writes and prints nothing.
    pub async fn refused(&self, args: &[&str], words: &[&str]) {
        let before = self.names();
        let outcome = self.program.run(args).await;
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{outcome:?}");
        assert!(!outcome.stderr.contains("panicked"), "{outcome:?}");
        for words in words {
            assert!(outcome.stderr.contains(words), "`{words}` is not in {outcome:?}");
        }
        assert_eq!(self.names(), before, "something was written");
    }
}

/// What lies in a directory.
pub fn names_in(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> =
        fs::read_dir(folder).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    names.sort();
    names
}
