//! The programs that speak. They are looked for once, at the start.

use std::env;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The synthesizer: espeak-ng speaks all languages of the pages, in kilobytes, on any machine.
const SYNTHESIZER: &str = "espeak-ng";
/// The player of the Advanced Linux Sound Architecture, which is there without a desktop.
const PLAYER: &str = "aplay";

/// Where the programs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// Words on its standard input become a WAV file on its standard output.
    pub synthesizer: PathBuf,
    /// Samples on its standard input are heard.
    pub player: PathBuf,
}

/// Programs that are not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a kiosk cannot speak: {} not found in PATH (on Debian: apt install {})", .missing.join(" and "), packages(.missing))]
pub struct NoPrograms {
    missing: Vec<&'static str>,
}

impl Programs {
    /// Looks for both in the folders of `PATH`.
    ///
    /// # Errors
    /// [`NoPrograms`] names what is missing, and the packages that have it.
    pub fn find() -> Result<Self, NoPrograms> {
        let path = env::var_os("PATH").unwrap_or_default();
        Self::find_in(&env::split_paths(&path).collect::<Vec<_>>())
    }

    /// Looks for both in these folders.
    ///
    /// # Errors
    /// [`NoPrograms`]
    pub fn find_in(folders: &[PathBuf]) -> Result<Self, NoPrograms> {
        let find = |name: &str| folders.iter().map(|folder| folder.join(name)).find(|file| can_run(file));
        match (find(SYNTHESIZER), find(PLAYER)) {
            (Some(synthesizer), Some(player)) => Ok(Self { synthesizer, player }),
            (synthesizer, player) => {
                let found = [(SYNTHESIZER, synthesizer.is_some()), (PLAYER, player.is_some())];
                Err(NoPrograms {
                    missing: found.into_iter().filter(|(_, found)| !found).map(|(name, _)| name).collect(),
                })
            }
        }
    }
}

fn can_run(file: &Path) -> bool {
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn packages(missing: &[&str]) -> String {
    let package = |name: &&str| if *name == PLAYER { "alsa-utils" } else { SYNTHESIZER };
    missing.iter().map(package).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn programs_are_found_by_name_and_what_is_missing_is_named_with_its_package() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, mode: u32| {
            let file = folder.path().join(name);
            fs::write(&file, "").expect("writes");
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("changes");
        };
        put("espeak-ng", 0o755);
        put("aplay", 0o644);
        let folders = [PathBuf::from("/nowhere"), folder.path().to_owned()];
        let said = Programs::find_in(&folders).expect_err("not to be run").to_string();
        assert_eq!(said, "a kiosk cannot speak: aplay not found in PATH (on Debian: apt install alsa-utils)");
        put("aplay", 0o755);
        assert_eq!(Programs::find_in(&folders).expect("both").player, folder.path().join("aplay"));
    }

    #[test]
    fn a_machine_with_neither_is_told_both() {
        let said = Programs::find_in(&[]).expect_err("nothing").to_string();
        assert!(said.contains("espeak-ng and aplay") && said.contains("espeak-ng alsa-utils"), "{said}");
    }
}
