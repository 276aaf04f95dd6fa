//! A device that only speaks: what it hears it ignores, though its line keeps it.

use std::time::Instant;

use crate::line::Device;

#[derive(Debug, Default)]
pub(super) struct Talker {
    output: Vec<u8>,
    said: usize,
    mute: bool,
}

impl Talker {
    /// Says `bytes`, unless it is mute: then they are lost.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        if !self.mute {
            self.said += 1;
            self.output.extend(bytes);
        }
    }

    pub(super) fn mute(&mut self, mute: bool) {
        self.mute = mute;
    }

    /// How often it has spoken.
    pub(super) fn said(&self) -> usize {
        self.said
    }
}

impl Device for Talker {
    fn receive(&mut self, _bytes: &[u8], _at: Instant) {}

    fn room(&self) -> usize {
        4096
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }
}
