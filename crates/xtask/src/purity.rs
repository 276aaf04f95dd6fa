//! Whether clippy watches the pure rooms: each has the settings that ban clocks, files, threads and the network.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};

use crate::finding::Finding;
use crate::reach::PURE;
use crate::workspace::Workspace;

const SETTINGS: &str = include_str!("pure.clippy.toml");
const FILE: &str = ".clippy.toml";

/// Compares the clippy settings of every pure room with the common ones. Fails when a file cannot be read.
pub fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (_, room) in workspace.members().filter(|(_, room)| PURE.contains(&room.name.as_str())) {
        let Some(folder) = room.manifest.parent() else { continue };
        findings.extend(check_folder(&workspace.shown(folder), folder)?);
    }
    Ok(findings)
}

fn check_folder(place: &str, folder: &Path) -> Result<Option<Finding>> {
    let mend = format!("copy crates/xtask/src/pure.clippy.toml to {place}/{FILE}");
    let file = format!("{place}/{FILE}");
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) if text == SETTINGS => Ok(None),
        Ok(_) => Ok(Some(Finding::fault(file, "clippy's settings differ from those of the other pure rooms", mend))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Some(Finding::fault(file, "nothing keeps clocks and files out of this pure room", mend)))
        }
        Err(error) => Err(error).context(format!("reading {file}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pure_room_with_the_common_settings_is_good() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), SETTINGS).unwrap();
        assert_eq!(check_folder("crates/hall", folder.path()).unwrap(), None);
    }

    #[test]
    fn a_pure_room_without_settings_or_with_its_own_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let missing = check_folder("crates/hall", folder.path()).unwrap().unwrap();
        assert_eq!(missing.place, "crates/hall/.clippy.toml");
        assert_eq!(missing.mend, "copy crates/xtask/src/pure.clippy.toml to crates/hall/.clippy.toml");
        fs::write(folder.path().join(FILE), "allow-unwrap-in-tests = true\n").unwrap();
        assert!(check_folder("crates/hall", folder.path()).unwrap().unwrap().wrong.contains("differ"));
    }

    #[test]
    fn the_settings_ban_both_clocks_and_repeat_the_allowances_of_the_workspace() {
        let settings: toml::Table = SETTINGS.parse().unwrap();
        let banned: Vec<_> = settings["disallowed-methods"].as_array().unwrap().iter().collect();
        for method in ["std::time::SystemTime::now", "std::time::Instant::now", "std::thread::sleep", "std::fs::read"] {
            assert!(banned.iter().any(|entry| entry["path"].as_str() == Some(method)), "{method}");
        }
        let workspace: toml::Table = include_str!("../../../.clippy.toml").parse().unwrap();
        for (key, value) in &workspace {
            assert_eq!(settings.get(key), Some(value), "{key} of the workspace's .clippy.toml");
        }
    }
}
