//! Every page, in a hall that speaks.

use kiosk::desk::{Desk, News};
use wire::{KioskSettings, Speech};

use crate::common::{desk_with, rich_settings};
use crate::met;

/// A hall that offers everything, without groups before its businesses, and speaks.
pub fn everything() -> KioskSettings {
    KioskSettings { groups: Vec::new(), speech: Speech::Loudspeaker, ..rich_settings() }
}

/// A kiosk with a voice in a hall with these settings, on its first page.
pub fn desk_of(settings: KioskSettings) -> Desk {
    with_voice(desk_with(settings))
}

/// The pages, each with its name.
pub fn pages() -> Vec<(&'static str, Desk)> {
    met::pages().into_iter().map(|met| (met.name, with_voice(met.desk))).collect()
}

fn with_voice(mut desk: Desk) -> Desk {
    desk.hear(crate::common::seconds(1), News::Volume(70));
    desk
}
