//! Onbon (仰邦) BX-5K and BX-6K font cards: text on hall and counter displays, 57600 8N1 on RS-485.
//!
//! Sources: the maker's "BX-5K/6K通讯协议用户版本" 1.4 (in the public repository onbonlab/onbonlab.github.io,
//! onbon-docs/docs/zh/k/), its protocol analyser (the field order of a dynamic area), and worked frames
//! published by its dealers, which the tests hold the bytes against.
//!
//! A card never speaks unasked.

mod area;
mod frame;

pub use area::{Area, OnbonTraits, TextTooLong, Units, dynamic_text};
pub use frame::{CardFault, Decoder, Frame};

use frame::{HOST, encode};

/// Every card on the bus. Where the manual lists addresses (4), cards answer it, all with this address for
/// their own; where it explains answers (5.1), they do not. `FFFFh` is the one that none answers.
pub const BROADCAST: u16 = 0xFFFE;

/// The brightest of the card's levels, which begin at 0.
pub const MAX_BRIGHTNESS: u8 = 15;

/// Is the card there? Answered by an acknowledgement.
pub fn ping(traits: &OnbonTraits) -> Vec<u8> {
    encode(traits.address, HOST, traits.device, &[0xA2, 0x00, 0x01, 0x00, 0x00])
}

/// Take everything off the display.
pub fn clear(traits: &OnbonTraits) -> Vec<u8> {
    encode(traits.address, HOST, traits.device, &[0xA3, 0x10, 0x01, 0x00, 0x00])
}

/// Set the brightness to `level`, 0 to [`MAX_BRIGHTNESS`], for the whole day; more is taken for the brightest.
///
/// Source: BX-5K/6K protocol 8.17: 01 for "at once", then the level; the list of levels for each half hour is
/// not sent.
pub fn set_brightness(traits: &OnbonTraits, level: u8) -> Vec<u8> {
    let data = [0xA3, 0x02, 0x01, 0x00, 0x00, 0x01, level.min(MAX_BRIGHTNESS)];
    encode(traits.address, HOST, traits.device, &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(body: &str) -> Vec<u8> {
        let mut bytes = vec![0xA5; 8];
        bytes.extend(hex(body));
        bytes.push(0x5A);
        bytes
    }

    fn hex(text: &str) -> Vec<u8> {
        text.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
    }

    /// BX-5K/6K protocol, example 1.
    #[test]
    fn a_ping_is_the_makers_frame() {
        assert_eq!(
            ping(&OnbonTraits::default()),
            framed("01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 68 F8")
        );
    }

    /// BX-5K/6K protocol, example of clearing a display.
    #[test]
    fn a_clear_is_the_makers_frame() {
        assert_eq!(
            clear(&OnbonTraits::default()),
            framed("01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A3 10 01 00 00 51 F8")
        );
    }

    /// iledev.com, BX-5K data field definition, example 5.1.1: a 6K3 of 128 × 32 dots shows 欢迎光临.
    #[test]
    fn a_dynamic_area_is_the_dealers_frame() {
        let traits = OnbonTraits {
            address: BROADCAST,
            across: Units::Pixels,
            timeout_s: 10,
            single_line: false,
            wrap: false,
            speed: 2,
            stay_half_seconds: 10,
            ..OnbonTraits::default()
        };
        let area = Area { id: 0, x: 0, y: 0, width: 128, height: 32 };
        assert_eq!(
            dynamic_text(&traits, &area, "欢迎光临").unwrap(),
            framed(
                "fe ff 00 80 00 00 00 00 00 00 fe 02 2c 00 a3 06 01 00 00 00 01 23 00 00 00 80 00 00 \
                 80 80 20 00 00 00 00 0a 00 00 00 00 02 01 01 00 02 0a 08 00 00 00 bb b6 d3 ad b9 e2 \
                 c1 d9 3c 49"
            )
        );
    }

    /// deanled.cn, BX-5K protocol section 5.1.2, example 3: the card's acknowledgement. The page prints nine
    /// A5; a longer run before a frame is no fault.
    #[test]
    fn the_cards_acknowledgement_is_understood() {
        let bytes = hex("A5 A5 A5 A5 A5 A5 A5 A5 A5 00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 A0 00 00 00 00 14 AC 5A");
        let frames = Decoder::default().push(&bytes);
        let [frame] = frames.as_slice() else { panic!("{frames:?}") };
        assert_eq!((frame.source, frame.group, frame.command, frame.error), (BROADCAST, 0xA0, 0, 0));
        assert!(frame.is_acknowledgement() && !frame.is_echo() && frame.checked);
        assert_eq!(frame.fault(), None);
    }

    /// Computed from BX-5K/6K protocol, 8.17, which has no example.
    #[test]
    fn the_brightness_is_set_at_once() {
        let traits = OnbonTraits::default();
        let full = framed("01 00 00 80 00 00 00 00 00 00 FE 02 07 00 A3 02 01 00 00 01 0F 67 94");
        assert_eq!(set_brightness(&traits, 15), full);
        assert_eq!(set_brightness(&traits, 255), full);
    }

    /// BX-5K/6K protocol, 7.2, example 5: a card refuses a frame whose CRC was wrong.
    #[test]
    fn the_cards_refusal_is_understood() {
        let bytes = hex("A5 A5 A5 A5 A5 A5 A5 A5 A5 00 80 FE FF 00 00 00 00 00 00 FE 02 05 00 A0 01 05 00 00 05 51 5A");
        let frames = Decoder::default().push(&bytes);
        assert!(frames[0].checked && !frames[0].is_acknowledgement());
        assert_eq!(frames[0].fault(), Some(CardFault::Damaged));
    }

    /// BX-5K/6K protocol, 6: the list of errors counts in decimals, from 0 to 16.
    #[test]
    fn a_card_without_the_font_says_so_with_twelve() {
        let mut card = encode(HOST, 1, 0xFE, &[0xA0, 0x01, 12, 0x00, 0x00]);
        assert_eq!(Decoder::default().push(&card)[0].fault(), Some(CardFault::NoFont));
        card = encode(HOST, 1, 0xFE, &[0xA0, 0x01, 0x12, 0x00, 0x00]);
        assert_eq!(Decoder::default().push(&card)[0].fault(), Some(CardFault::Other(0x12)));
    }

    #[test]
    fn our_own_request_heard_back_is_known_as_an_echo() {
        let frames = Decoder::default().push(&ping(&OnbonTraits::default()));
        assert!(frames[0].is_echo() && !frames[0].is_acknowledgement());
    }
}
