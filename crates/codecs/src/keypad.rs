//! The teller's 呼叫器 with the customer's four-key 评价器 on the same wires, 9600 8N1 on RS-485.
//!
//! Source: the frames of a queueing system in use.
//! `FF 68 L L 68 address function data… sum 16`; L counts address, function and data, the sum is theirs
//! modulo 256. The checksum is verified here even though the system observed does not.
//!
//! The device speaks first, so frames collide; the host acknowledges by sending the frame back.
//!
//! Keypads that have to be asked, by Modbus, are in [`polled`].

mod frame;
mod keys;
pub mod polled;

pub use frame::{Decoder, Frame};
pub use keys::{Event, Rating};

use frame::encode;

/// The acknowledgement of a device's frame: the frame itself, a rating's with function 01.
pub fn acknowledge(frame: &Frame) -> Vec<u8> {
    let function = if frame.function == keys::RATING { keys::KEY } else { frame.function };
    encode(frame.address, function, &frame.data)
}

/// Show how many wait and which number is called, three digits each; `None` leaves the digits blank. Of a
/// larger waiting count 999 is shown, of a longer ticket number its last three digits.
pub fn show(address: u8, waiting: Option<u16>, ticket: Option<u16>) -> Vec<u8> {
    let waiting = digits(waiting.map(|n| n.min(999)));
    let ticket = digits(ticket.map(|n| n % 1000));
    encode(address, SHOW, &[waiting, ticket].concat())
}

/// Beep once.
pub fn beep(address: u8) -> Vec<u8> {
    encode(address, BEEP, &[])
}

/// Ask the customer for a rating.
pub fn start_rating(address: u8) -> Vec<u8> {
    encode(address, keys::KEY, &[keys::EVALUATE])
}

const SHOW: u8 = 0x02;
const BEEP: u8 = 0x03;
const BLANK: u8 = 0x0A;

fn digits(number: Option<u16>) -> [u8; 3] {
    match number {
        Some(number) => [number / 100, number / 10 % 10, number % 10].map(|digit| digit.to_le_bytes()[0]),
        None => [BLANK; 3],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A queueing system in use: computed from its frame format.
    #[test]
    fn twelve_waiting_and_no_ticket_is_the_known_frame() {
        assert_eq!(
            show(1, Some(12), None),
            [0xFF, 0x68, 0x08, 0x08, 0x68, 0x01, 0x02, 0, 1, 2, 0x0A, 0x0A, 0x0A, 0x24, 0x16]
        );
    }

    #[test]
    fn numbers_too_large_are_shown_as_well_as_three_digits_can() {
        let frame = show(1, Some(1500), Some(1042));
        assert_eq!(frame[7..13], [9, 9, 9, 0, 4, 2]);
    }

    /// A queueing system in use: computed from its frame format.
    #[test]
    fn a_beep_is_the_known_frame() {
        assert_eq!(beep(1), [0xFF, 0x68, 0x02, 0x02, 0x68, 0x01, 0x03, 0x04, 0x16]);
    }

    /// A queueing system in use: computed from its frame format.
    #[test]
    fn asking_for_a_rating_is_function_1_with_0b() {
        assert_eq!(start_rating(2), [0xFF, 0x68, 3, 3, 0x68, 2, 1, 0x0B, 0x0E, 0x16]);
    }

    /// A queueing system in use: computed from its frame format, a rating of 4 by the customer of keypad 1.
    #[test]
    fn a_rating_and_its_acknowledgement_are_the_known_frames() {
        let rating = [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x11, 0x04, 0x16, 0x16];
        let frames = Decoder::default().push(&rating);
        assert_eq!(frames[0].event(), Some(Event::Rating(Rating(4))));
        assert_eq!(acknowledge(&frames[0]), [0xFF, 0x68, 0x03, 0x03, 0x68, 0x01, 0x01, 0x04, 0x06, 0x16]);
    }

    #[test]
    fn a_key_is_acknowledged_by_its_echo_and_a_rating_by_function_1() {
        let key = encode(1, 1, &[0x0C]);
        let rating = encode(1, 0x11, &[3]);
        let frames = Decoder::default().push(&[key.clone(), rating].concat());
        assert_eq!(acknowledge(&frames[0]), key);
        assert_eq!(acknowledge(&frames[1]), encode(1, 1, &[3]));
    }
}
