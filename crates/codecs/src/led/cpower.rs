//! Lumen C-Power cards of the 5200 kind (流明, sold as 灵信 too): text on hall displays, 8N1 on RS-485.
//!
//! Sources: the maker's "Basic Protocol LED Display Controller" and "External Calls Communication Protocol"
//! (both in the public repository arturas88/led-controller-sdk, docs/), whose examples the tests hold the
//! bytes against.
//!
//! A card never speaks unasked, and does not answer what is sent to everybody. Its answers are told from our
//! own frames, heard back on two wires, by their type (E8 instead of 68); cards with an application below 3.3
//! answer with 68 and count as silent here.

mod frame;
mod text;

pub use frame::{CardFault, Decoder, Frame};
pub use text::{CPowerTraits, MAX_TEXT, TextTooLong, pure_text};

use frame::{BRIGHTNESS, POWER, encode};

/// Every card on the bus; none answers.
pub const BROADCAST: u8 = 0xFF;

/// The brightest of the card's levels, which begin at 0.
pub const MAX_BRIGHTNESS: u8 = 31;

/// Is the card there, and its display on? Answered by [`Frame::is_on`].
pub fn query_power(id: u8) -> Vec<u8> {
    encode(id, POWER, &[QUERY])
}

/// Switch the display on or off at once. The card itself stays awake.
///
/// The data ends in seven 00, as in the maker's examples and in a program in use; the maker's table has eight.
pub fn set_power(id: u8, on: bool) -> Vec<u8> {
    let mut data = [0; 9];
    data[0] = SET;
    data[1] = u8::from(on);
    encode(id, POWER, &data)
}

/// Set the brightness of every hour of the day to `level`, 0 to [`MAX_BRIGHTNESS`]; more is taken for the
/// brightest, because to the card it would mean "by your own sensor". The card remembers it.
pub fn set_brightness(id: u8, level: u8) -> Vec<u8> {
    let mut data = [level.min(MAX_BRIGHTNESS); 1 + HOURS];
    data[0] = SET;
    encode(id, BRIGHTNESS, &data)
}

const SET: u8 = 0;
const QUERY: u8 = 1;
const HOURS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        text.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
    }

    /// Basic Protocol, 1.2.9.1.
    #[test]
    fn asking_for_the_power_is_the_makers_frame() {
        assert_eq!(query_power(1), hex("A5 68 32 01 76 01 01 13 01 AE"));
    }

    /// Basic Protocol, 1.2.9.2.
    #[test]
    fn switching_the_display_is_the_makers_frame() {
        assert_eq!(set_power(1, true), hex("A5 68 32 01 76 01 00 01 00 00 00 00 00 00 00 13 01 AE"));
        assert_eq!(set_power(1, false), hex("A5 68 32 01 76 01 00 00 00 00 00 00 00 00 00 12 01 AE"));
    }

    /// Computed from Basic Protocol, 1.2.6.2: 00 and a level for each of 24 hours.
    #[test]
    fn the_brightness_is_set_for_every_hour() {
        let mut body = hex("68 32 01 46 01 00");
        body.extend([8; 24]);
        let sum = body.iter().map(|byte| u16::from(*byte)).sum::<u16>();
        let expected = [&[0xA5][..], &body, &sum.to_le_bytes(), &[0xAE]].concat();
        assert_eq!(set_brightness(1, 8), expected);
        assert_eq!(set_brightness(1, 200), set_brightness(1, MAX_BRIGHTNESS));
    }

    /// External Calls Communication Protocol, CC = 0x12, example 2. Its 00 for the speed is below the least
    /// its own table allows.
    #[test]
    fn a_text_of_two_lines_is_the_makers_frame() {
        let traits = CPowerTraits { align: 1, speed: 0, stay_s: 3, font: 2, ..CPowerTraits::default() };
        assert_eq!(
            pure_text(&traits, "abc\ncba").unwrap(),
            hex("A5 68 32 01 7B 01 13 00 00 00 12 00 00 01 00 00 03 02 FF 00 00 61 62 63 0D 63 62 61 00 9A 04 AE")
        );
    }

    #[test]
    fn everybody_is_told_not_to_answer() {
        let frame = pure_text(&CPowerTraits { id: BROADCAST, ..CPowerTraits::default() }, "A001").unwrap();
        assert_eq!(frame[..6], [0xA5, 0x68, 0x32, 0xFF, 0x7B, 0x00]);
    }

    #[test]
    fn our_own_request_heard_back_is_known_as_an_echo() {
        let frames = Decoder::default().push(&query_power(1));
        assert!(frames[0].is_echo() && !frames[0].is_acknowledgement());
        assert_eq!(frames[0].is_on(), None);
    }
}
