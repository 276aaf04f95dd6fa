//! The full status, `DLE EOT 20`, of printers with a presenter: six bytes, `10 0F paper user recoverable unrecoverable`.
//!
//! From the manuals of Custom KPM150, KPM210 and KPM300 and two published drivers of the VKP80 II and III:
//!
//! | byte | bits |
//! |---|---|
//! | paper | 01 none, 04 near its end, 20 ticket in the mouth, 40 counted down to its end; 80 the sensor of the marks |
//! | user | 01 head up (VKP80: cover open), 02 cover open, 04 printing, 08 paper motor runs; 20 and 40 keys |
//! | recoverable | 01 head temperature, 08 voltage, 40 paper jam (VKP80); 02 line error, 20 unknown command, 80 no mark |
//! | unrecoverable | 01 cutter, 02 cutter cover (KPM300), 04 RAM, 08 EEPROM, 40 flash (VKP80 II) |
//!
//! Line error and unknown command tell of bytes and not of the mechanism, and no manual says when they end; printers
//! without marks on their paper have nothing to say of marks. None of the three is taken for a fault.

use super::{Cover, Cutter, Device, Fault, Media, Paper, PrinterState};

/// The first byte of an answer. No other byte of it can be the same: [`UNUSED`].
pub(super) const FIRST: u8 = 0x10;
const SECOND: u8 = 0x0F;

/// Bits of the four bytes that are off on every model.
const UNUSED: [u8; 4] = [0x1A, 0x90, 0x14, 0x10];

/// An answer being received, after its first byte.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    bytes: [u8; 4],
    received: usize,
    damaged: bool,
}

/// What one more byte makes of an answer.
pub(super) enum Step {
    /// More is to come.
    More,
    /// More is to come, and none of it will count.
    Damaged,
    /// This is no answer to `DLE EOT 20`.
    Broken,
    /// That was the last byte. `None`: the answer was damaged.
    Done(Option<[u8; 4]>),
}

impl Frame {
    pub(super) fn take(&mut self, byte: u8) -> Step {
        self.received += 1;
        let Some(at) = self.received.checked_sub(2) else {
            return if byte == SECOND { Step::More } else { Step::Broken };
        };
        let damaged = byte & UNUSED[at] != 0;
        self.damaged |= damaged;
        self.bytes[at] = byte;
        // A damaged byte still takes its place, so that the rest is not taken for an answer to `GS r`.
        if at + 1 == UNUSED.len() {
            Step::Done((!self.damaged).then_some(self.bytes))
        } else if damaged {
            Step::Damaged
        } else {
            Step::More
        }
    }
}

/// What the four bytes tell of the printer. They tell everything, so nothing known before stays.
pub(super) fn state([paper, user, recoverable, unrecoverable]: [u8; 4]) -> PrinterState {
    let on = |byte: u8, bits: u8| byte & bits != 0;
    let cover_open = on(user, 0x03) || on(unrecoverable, 0x02);
    let error = if on(unrecoverable, 0x4C) {
        Some(Fault::Unrecoverable)
    } else if on(recoverable, 0x40) {
        Some(Fault::PaperJam)
    } else if on(recoverable, 0x09) {
        Some(Fault::AutoRecoverable)
    } else {
        None
    };
    PrinterState {
        // It has no word for offline; what stops it is told bit by bit.
        device: Device::Online,
        paper: if on(paper, 0x01) {
            Paper::Out
        } else if on(paper, 0x44) {
            Paper::Low
        } else {
            Paper::Full
        },
        cover: if cover_open { Cover::Open } else { Cover::Closed },
        cutter: if on(unrecoverable, 0x01) { Cutter::Fault } else { Cutter::Ok },
        media: if on(paper, 0x20) { Media::Present } else { Media::NotPresent },
        is_moving: on(user, 0x0C),
        error,
        stopped_by_error: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Reply, StatusDecoder};
    use super::*;
    use crate::escpos::StatusKind;

    const WELL: [u8; 6] = [0x10, 0x0F, 0, 0, 0, 0];

    fn asked() -> StatusDecoder {
        let mut decoder = StatusDecoder::new(StatusKind::Full);
        decoder.expect_full();
        decoder
    }

    #[test]
    fn every_bit_means_what_the_manuals_say() {
        let well = state([0; 4]);
        assert_eq!((well.condition(), well.media, well.is_moving), (Condition::Ok, Media::NotPresent, false));
        for (bytes, fault) in [
            ([0x01, 0, 0, 0], Fault::PaperOut),
            ([0, 0x01, 0, 0], Fault::CoverOpen),
            ([0, 0x02, 0, 0], Fault::CoverOpen),
            ([0, 0, 0x01, 0], Fault::AutoRecoverable),
            ([0, 0, 0x08, 0], Fault::AutoRecoverable),
            ([0, 0, 0x40, 0], Fault::PaperJam),
            ([0, 0, 0, 0x01], Fault::Cutter),
            ([0, 0, 0, 0x02], Fault::CoverOpen),
            ([0, 0, 0, 0x04], Fault::Unrecoverable),
            ([0, 0, 0, 0x08], Fault::Unrecoverable),
            ([0, 0, 0, 0x40], Fault::Unrecoverable),
        ] {
            assert_eq!(state(bytes).condition(), Condition::Fault(fault), "{bytes:02X?}");
        }
        for paper in [0x04, 0x40] {
            assert_eq!(
                (state([paper, 0, 0, 0]).paper, state([paper, 0, 0, 0]).condition()),
                (Paper::Low, Condition::Ok)
            );
        }
        for user in [0x04, 0x08] {
            assert_eq!((state([0, user, 0, 0]).is_moving, state([0, user, 0, 0]).condition()), (true, Condition::Ok));
        }
        assert_eq!((state([0x20, 0, 0, 0]).media, state([0x20, 0, 0, 0]).condition()), (Media::Present, Condition::Ok));
        for bytes in [[0x80, 0, 0, 0], [0, 0x60, 0, 0], [0, 0, 0xA2, 0]] {
            assert_eq!(state(bytes), well, "{bytes:02X?}");
        }
    }

    #[test]
    fn an_answer_is_read_in_one_piece_or_byte_by_byte_with_flow_control_between() {
        let bytes = [0x10, 0x0F, 0x24, 0x08, 0x00, 0x01];
        assert_eq!(asked().push(&bytes), [Reply::Full([0x24, 0x08, 0x00, 0x01])]);
        let mut decoder = asked();
        let pieces = bytes.iter().flat_map(|byte| [0x13, *byte, 0x11]);
        assert_eq!(
            pieces.flat_map(|byte| decoder.push(&[byte])).collect::<Vec<_>>(),
            [Reply::Full([0x24, 0x08, 0x00, 0x01])]
        );
        assert!(!decoder.take_noise());
    }

    #[test]
    fn an_answer_nobody_asked_for_or_that_comes_late_says_nothing() {
        let mut decoder = StatusDecoder::new(StatusKind::Full);
        assert_eq!(decoder.push(&WELL), [Reply::Unasked(0x10)]);
        decoder.expect_full();
        decoder.forget();
        assert_eq!(decoder.push(&WELL), [Reply::Unasked(0x10)]);
        assert!(!decoder.take_noise() && !decoder.is_in_doubt());
    }

    #[test]
    fn only_a_printer_of_this_kind_is_believed_it() {
        for kind in [StatusKind::RealTime, StatusKind::Automatic, StatusKind::None] {
            let mut decoder = StatusDecoder::new(kind);
            decoder.expect_full();
            assert!(decoder.push(&WELL).iter().all(|reply| !matches!(reply, Reply::Full(_))), "{kind:?}");
        }
    }

    #[test]
    fn a_broken_off_answer_gives_way_to_the_next_and_puts_it_in_doubt() {
        for length in 1..6 {
            let mut decoder = asked();
            assert_eq!(decoder.push(&WELL[..length]), []);
            assert_eq!(decoder.push(&WELL), [Reply::Full([0; 4])]);
            assert!(decoder.take_noise() && decoder.is_in_doubt(), "{length}");
            decoder.expect_full();
            decoder.push(&WELL);
            assert!(!decoder.take_noise() && !decoder.is_in_doubt(), "{length}");
        }
    }

    #[test]
    fn an_answer_with_a_bit_that_no_model_has_is_no_answer() {
        for (at, unused) in UNUSED.iter().enumerate() {
            for bit in (0..8).map(|bit| 1 << bit).filter(|bit| unused & bit != 0 && *bit != 0x10) {
                let mut bytes = WELL;
                bytes[at + 2] = bit;
                let mut decoder = asked();
                assert_eq!(decoder.push(&bytes), [], "{bytes:02X?}");
                assert!(decoder.take_noise() && decoder.is_in_doubt());
            }
        }
    }

    #[test]
    fn an_answer_with_a_byte_too_many_is_not_believed() {
        for at in 2..=6 {
            let mut bytes = WELL.to_vec();
            bytes.insert(at, 0x20);
            let mut decoder = asked();
            decoder.push(&bytes);
            assert!(decoder.take_noise(), "{bytes:02X?}");
        }
    }

    #[test]
    fn a_confirmation_is_told_from_the_zeros_of_an_answer() {
        let mut decoder = asked();
        decoder.expect_printed();
        assert_eq!(decoder.push(&WELL), [Reply::Full([0; 4])]);
        assert_eq!(decoder.push(&[0x00]), [Reply::Printed { bits: 0 }]);
        decoder.expect_full();
        decoder.expect_printed();
        assert_eq!(decoder.push(&[0x10, 0x0F, 0x02, 0, 0, 0]), []);
        assert_eq!(decoder.push(&[0x00]), [Reply::Unasked(0)], "it is in doubt");
    }
}
