//! How loud the kiosk speaks: set by staff, kept over a restart.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How loud a kiosk speaks that nobody has set.
pub const USUAL: u8 = 70;
/// The loudest.
pub const MOST: u8 = 100;

/// The file that keeps it.
#[derive(Debug, Clone)]
pub struct VolumeFile(PathBuf);

impl VolumeFile {
    /// In the data folder of the kiosk.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.join("kiosk-volume"))
    }

    /// What was set last; the usual volume when nothing was, or when the file holds something else.
    #[must_use]
    pub fn read(&self) -> u8 {
        let kept = fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok());
        kept.filter(|volume| *volume <= MOST).unwrap_or(USUAL)
    }

    /// Keeps it: a file beside it is written and takes its place, so that a power cut leaves the old or the new volume.
    ///
    /// # Errors
    /// The folder cannot be written; the volume holds until the next start all the same.
    pub fn write(&self, volume: u8) -> io::Result<()> {
        let beside = self.0.with_extension("new");
        let mut file = File::create(&beside)?;
        writeln!(file, "{}", volume.min(MOST))?;
        file.sync_all()?;
        fs::rename(&beside, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_survives_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = VolumeFile::in_folder(folder.path());
        assert_eq!(file.read(), USUAL);
        file.write(35).expect("writes");
        assert_eq!(VolumeFile::in_folder(folder.path()).read(), 35);
    }

    #[test]
    fn a_damaged_file_means_the_usual_volume() {
        let folder = tempfile::tempdir().expect("a folder");
        for damage in ["", "loud", "101", "-1"] {
            fs::write(folder.path().join("kiosk-volume"), damage).expect("writes");
            assert_eq!(VolumeFile::in_folder(folder.path()).read(), USUAL, "{damage:?}");
        }
    }
}
