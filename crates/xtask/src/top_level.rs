//! What a visitor sees first: exactly these entries, so that the way in is short.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::finding::Finding;

/// Every visible entry of the workspace's folder. Settings of tools hide in dot-files and dot-folders.
const VISIBLE: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "assets",
    "crates",
    "firmware-config",
    "rust-toolchain.toml",
    "tests",
];

/// Build output: visible, but no part of what is handed over.
const BUILD_OUTPUT: &str = "target";

/// Compares the folder with the list, both ways. Fails when the folder cannot be listed.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root).with_context(|| format!("listing {}", root.display()))? {
        let name = entry.with_context(|| format!("listing {}", root.display()))?.file_name();
        found.insert(name.to_string_lossy().into_owned());
    }
    let unexpected = found
        .iter()
        .filter(|name| !name.starts_with('.') && *name != BUILD_OUTPUT && !VISIBLE.contains(&name.as_str()))
        .map(|name| {
            Finding::fault(
                name,
                "this entry does not belong at the top level",
                "move it into the crate or folder it serves, or hide it if it is the setting of a tool",
            )
        });
    let missing = VISIBLE
        .iter()
        .filter(|name| !found.contains(**name))
        .map(|name| Finding::fault(*name, "this entry of the top level is missing", "add it"));
    Ok(unexpected.chain(missing).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), "").unwrap();
        }
        folder
    }

    #[test]
    fn the_list_with_hidden_settings_and_build_output_is_good() {
        let folder = folder_with(VISIBLE);
        for name in [".cargo", ".gitignore", BUILD_OUTPUT] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(check(folder.path()).unwrap(), []);
    }

    #[test]
    fn an_entry_too_many_is_named() {
        let folder = folder_with(VISIBLE);
        fs::write(folder.path().join("NOTES.md"), "").unwrap();
        let findings = check(folder.path()).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "NOTES.md");
    }

    #[test]
    fn an_entry_too_few_is_named() {
        let folder = folder_with(&VISIBLE[1..]);
        let findings = check(folder.path()).unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].place.as_str(), findings[0].mend.as_str()), ("Cargo.lock", "add it"));
    }
}
