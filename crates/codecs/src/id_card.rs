//! Readers of resident identity cards (居民身份证) with the SAM module all of them share, 115200 8N1.
//!
//! Source: the module's frames as programs in use send and expect them.
//! `AA AA AA 96 69 length:2 command parameter… xor`; the length, high byte first, counts what follows it, and
//! the xor runs from the length to the byte before it.
//!
//! Ask [`find`] every [`MIN_POLL_MS`] or slower, and once there is a card, [`select`] and [`read`]. The
//! photograph's coding is secret, and nobody needs it to take a number: it is dropped unread.

mod answer;
mod card;
mod number;

pub use answer::{Decoder, Reply};
pub use card::{CardDate, IdCard, Sex, Until};
pub use number::is_valid_number;

/// Milliseconds from one look for a card to the next, at least.
pub const MIN_POLL_MS: u16 = 300;

/// Is the module ready? Answered by [`Reply::Ready`].
pub fn status() -> Vec<u8> {
    request(0x11, 0xFF)
}

/// Is there a card? Answered by [`Reply::Found`] or [`Reply::NoCard`].
pub fn find() -> Vec<u8> {
    request(0x20, 0x01)
}

/// Choose the card found. Answered by [`Reply::Selected`] or [`Reply::NotSelected`].
pub fn select() -> Vec<u8> {
    request(0x20, 0x02)
}

/// Read text and photograph of the card chosen, 1295 bytes. Answered by [`Reply::Card`], [`Reply::OtherCard`]
/// or [`Reply::NotRead`].
pub fn read() -> Vec<u8> {
    request(0x30, 0x01)
}

const PREAMBLE: [u8; 5] = [0xAA, 0xAA, 0xAA, 0x96, 0x69];

fn request(command: u8, parameter: u8) -> Vec<u8> {
    let content = [0x00, 0x03, command, parameter];
    [&PREAMBLE[..], &content, &[xor(&content)]].concat()
}

fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |xor, byte| xor ^ byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(tail: &[u8]) -> Vec<u8> {
        [&[0xAA, 0xAA, 0xAA, 0x96, 0x69], tail].concat()
    }

    /// The module's frames, as programs in use send them.
    #[test]
    fn the_questions_are_the_known_frames() {
        assert_eq!(status(), framed(&[0x00, 0x03, 0x11, 0xFF, 0xED]));
        assert_eq!(find(), framed(&[0x00, 0x03, 0x20, 0x01, 0x22]));
        assert_eq!(select(), framed(&[0x00, 0x03, 0x20, 0x02, 0x21]));
        assert_eq!(read(), framed(&[0x00, 0x03, 0x30, 0x01, 0x32]));
    }

    /// The module's frames, as programs in use expect them.
    #[test]
    fn the_answers_are_understood() {
        for (tail, reply) in [
            (&[0x00, 0x04, 0x00, 0x00, 0x90, 0x94][..], Reply::Ready),
            (&[0x00, 0x08, 0x00, 0x00, 0x9F, 0x00, 0x00, 0x00, 0x00, 0x97], Reply::Found),
            (&[0x00, 0x04, 0x00, 0x00, 0x80, 0x84], Reply::NoCard),
            (&[0x00, 0x0C, 0x00, 0x00, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0x9C], Reply::Selected),
            (&[0x00, 0x04, 0x00, 0x00, 0x81, 0x85], Reply::NotSelected),
            (&[0x00, 0x04, 0x00, 0x00, 0x41, 0x45], Reply::NotRead),
            (&[0x00, 0x04, 0x00, 0x00, 0x66, 0x62], Reply::Other(0x66)),
        ] {
            assert_eq!(Decoder::default().push(&framed(tail)), [reply], "{tail:02X?}");
        }
    }

    #[test]
    fn our_own_question_heard_back_is_no_answer() {
        let questions = [status(), find(), select(), read()].concat();
        assert_eq!(Decoder::default().push(&questions), []);
    }
}
