//! A guide with what this machine has to speak with.

use std::path::{Path, PathBuf};

use super::volume::VolumeFile;
use super::{Equipment, Guide, Programs, Speaker};

/// The guide of a window, and its volume.
pub struct Equipped {
    /// The guide.
    pub guide: Guide,
    /// How loud it speaks, 0 to 100; `None` when nothing speaks.
    pub volume: Option<u8>,
    file: VolumeFile,
    /// Why nothing speaks, until it was said.
    missing: Option<String>,
}

impl Equipped {
    /// Looks for the programs and starts the thread that speaks. Without them the guide only walks.
    #[must_use]
    pub fn find(data: &Path, device: Option<String>, clips: Option<PathBuf>) -> Self {
        let file = VolumeFile::in_folder(data);
        let volume = file.read();
        let started = Programs::find().map_err(|error| error.to_string()).and_then(|programs| {
            let clips = Some(clips.unwrap_or_else(|| data.join("clips")));
            Speaker::start(Equipment { programs, device, clips, volume })
                .map_err(|error| format!("starting the thread that speaks: {error}"))
        });
        match started {
            Ok(speaker) => {
                Self { guide: Guide::new(Some(Box::new(speaker))), volume: Some(volume), file, missing: None }
            }
            Err(missing) => Self { guide: Guide::new(None), volume: None, file, missing: Some(missing) },
        }
    }

    /// The hall wants this kiosk to speak: when it cannot, the log says why, once.
    pub fn is_wanted(&mut self) {
        if let Some(missing) = self.missing.take() {
            tracing::warn!("{missing}; the button for speech is not shown");
        }
    }

    /// Keeps the volume, then speaks with it.
    pub fn set_volume(&self, volume: u8) {
        if let Err(error) = self.file.write(volume) {
            tracing::warn!(%error, "keeping the volume: it holds until the next start");
        }
        self.guide.set_volume(volume);
    }
}
