//! What the printer says about itself.

/// Sensors and the error states that stop it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sensors {
    pub(crate) paper_out: bool,
    pub(crate) near_end: bool,
    pub(crate) cover_open: bool,
    pub(crate) cutter_error: bool,
    /// Paper jammed under the head: an error that no command clears.
    pub(crate) paper_jam: bool,
}

impl Sensors {
    pub(crate) fn can_print(self) -> bool {
        !(self.paper_out || self.cover_open || self.cutter_error || self.paper_jam)
    }

    /// The answer to `DLE EOT n` (Epson ESC/POS; bits 1 and 4 always set), if there is such an `n`.
    pub(crate) fn real_time(self, n: u8) -> Option<u8> {
        let bits = match n {
            1 => bit(!self.can_print(), 0x08),
            2 => {
                bit(self.cover_open, 0x04) | bit(self.paper_out, 0x20) | bit(self.cutter_error || self.paper_jam, 0x40)
            }
            3 => bit(self.cutter_error, 0x08) | bit(self.paper_jam, 0x20),
            4 => bit(self.near_end || self.paper_out, 0x0C) | bit(self.paper_out, 0x60),
            _ => return None,
        };
        Some(0x12 | bits)
    }

    /// The paper sensors as `GS r 1` and `ESC v` answer them.
    pub(crate) fn paper(self) -> u8 {
        bit(self.near_end || self.paper_out, 0x03) | bit(self.paper_out, 0x0C)
    }

    /// The byte `GS e 6` is answered with: 01 near end, 04 paper in, 08 ticket in the mouth, 40 error, 80 jam (Pyramid
    /// Reliance command reference).
    pub(crate) fn presenter(self, presented: bool) -> u8 {
        bit(self.near_end || self.paper_out, 0x01)
            | bit(!self.paper_out, 0x04)
            | bit(presented, 0x08)
            | bit(self.cutter_error || self.cover_open, 0x40)
            | bit(self.paper_jam, 0x80)
    }

    /// The six bytes `DLE EOT 20` is answered with by Custom's printers (KPM210 manual; the paper jam of the VKP80).
    pub(crate) fn full(self, presented: bool, spooling: bool, moving: bool) -> [u8; 6] {
        [
            0x10,
            0x0F,
            bit(self.paper_out, 0x01) | bit(self.near_end || self.paper_out, 0x04) | bit(presented, 0x20),
            bit(self.cover_open, 0x03) | bit(spooling, 0x04) | bit(moving, 0x08),
            bit(self.paper_jam, 0x40),
            bit(self.cutter_error, 0x01),
        ]
    }

    /// The four bytes of the automatic status back.
    pub(crate) fn automatic(self) -> [u8; 4] {
        [
            0x10 | bit(!self.can_print(), 0x08) | bit(self.cover_open, 0x20),
            bit(self.cutter_error, 0x08) | bit(self.paper_jam, 0x20),
            self.paper(),
            0,
        ]
    }

    /// Whether the step from `before` to this is one that `GS a mask` asked to hear of: 02 online and offline,
    /// 04 errors, 08 paper.
    pub(crate) fn is_news(self, before: Self, mask: u8) -> bool {
        let (now, before) = (self.automatic(), before.automatic());
        (mask & 0x02 != 0 && now[0] != before[0])
            || (mask & 0x04 != 0 && now[1] != before[1])
            || (mask & 0x08 != 0 && now[2] != before[2])
    }
}

fn bit(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}
