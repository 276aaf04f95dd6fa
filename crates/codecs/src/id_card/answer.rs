//! The module's answers, found in what the port delivers.

use super::{IdCard, PREAMBLE, xor};
use crate::stream::{Scan, Stream};

/// What the module says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is ready for work.
    Ready,
    /// There is a card.
    Found,
    /// There is none.
    NoCard,
    /// The card is chosen.
    Selected,
    /// The card could not be chosen: it was taken away, or there are several.
    NotSelected,
    /// The card's text; its number's check digit is right.
    Card(Box<IdCard>),
    /// A card of another layout (a foreigner's), or with a wrong check digit: nothing to
    /// recognise anybody by.
    OtherCard,
    /// The card could not be read: it was taken away too soon.
    NotRead,
    /// Something else, by the module's own code.
    Other(u8),
}

/// Finds answers in what the port delivers.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    stream: Stream,
}

impl Decoder {
    /// The answers completed by `bytes`; those with a wrong xor are skipped.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Reply> {
        self.stream.push(bytes, scan)
    }

    /// Forget half an answer, as after a port was opened again.
    pub fn clear(&mut self) {
        self.stream.clear();
    }
}

/// Bytes that follow the length of an answer without data: three of status and the xor.
const SHORTEST: usize = 4;
/// Bytes that follow the length of a card read: status, two lengths, text, photograph, xor.
const LONGEST: usize = 3 + 2 + 2 + TEXT + PHOTO + 1;
const TEXT: usize = 256;
const PHOTO: usize = 1024;

fn scan(at: &[u8]) -> Scan<Reply> {
    let known = at.len().min(PREAMBLE.len());
    if at[..known] != PREAMBLE[..known] {
        return Scan::No;
    }
    let rest = &at[known..];
    let [high, low, ..] = rest else { return Scan::Partial };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Scan::No;
    }
    let Some(checked) = rest.get(..2 + length) else { return Scan::Partial };
    match checked {
        [content @ .., check] if xor(content) == *check => match reply(&content[2..]) {
            Some(reply) => Scan::Frame(reply, known + checked.len()),
            None => Scan::No,
        },
        _ => Scan::No,
    }
}

/// What status and data of an answer mean. "Done" has one code for every question; the data tells which.
fn reply(content: &[u8]) -> Option<Reply> {
    let [_, _, status, data @ ..] = content else { return None };
    Some(match (*status, data) {
        (0x90, []) => Reply::Ready,
        (0x90, [_, _, _, _, _, _, _, _]) => Reply::Selected,
        (0x90, data) => match IdCard::parse(text(data)?) {
            Some(card) => Reply::Card(Box::new(card)),
            None => Reply::OtherCard,
        },
        (0x9F, _) => Reply::Found,
        (0x80, _) => Reply::NoCard,
        (0x81, _) => Reply::NotSelected,
        (0x41, _) => Reply::NotRead,
        (other, _) => Reply::Other(other),
    })
}

/// The text of a card read: the lengths of text and photograph come first, high bytes first.
fn text(data: &[u8]) -> Option<&[u8; TEXT]> {
    let (lengths, data) = data.split_first_chunk::<4>()?;
    let [text_high, text_low, photo_high, photo_low] = lengths.map(usize::from);
    let (text, photo) = data.split_first_chunk::<TEXT>()?;
    (text_high << 8 | text_low == TEXT && photo_high << 8 | photo_low == photo.len()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::super::card::tests::{SPECIMEN, text};
    use super::*;

    fn answer(text: &[u8], photo: &[u8]) -> Vec<u8> {
        let mut content = ((8 + text.len() + photo.len()) as u16).to_be_bytes().to_vec();
        content.extend([0x00, 0x00, 0x90]);
        content.extend((text.len() as u16).to_be_bytes());
        content.extend((photo.len() as u16).to_be_bytes());
        content.extend_from_slice(text);
        content.extend_from_slice(photo);
        content.push(content.iter().fold(0, |xor, byte| xor ^ byte));
        [&PREAMBLE[..], &content].concat()
    }

    #[test]
    fn a_card_is_read_in_pieces_of_any_size() {
        let frame = answer(&text(&SPECIMEN), &[0xAA; 1024]);
        assert_eq!((frame.len(), &frame[5..14]), (1295, &[0x05, 0x08, 0, 0, 0x90, 0x01, 0x00, 0x04, 0x00][..]));
        for size in [1, 7, 64, 1295] {
            let mut decoder = Decoder::default();
            let replies: Vec<Reply> = frame.chunks(size).flat_map(|piece| decoder.push(piece)).collect();
            let [Reply::Card(card)] = replies.as_slice() else { panic!("{size}: {replies:?}") };
            assert_eq!(card.number, "11010519491231002X");
        }
    }

    #[test]
    fn a_card_with_one_bit_wrong_is_not_read() {
        let mut frame = answer(&text(&SPECIMEN), &[7; 1024]);
        frame[700] ^= 0x10;
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(&frame), []);
        frame[700] ^= 0x10;
        assert_eq!(decoder.push(&frame).len(), 1);
    }

    #[test]
    fn a_card_nobody_can_be_recognised_by_says_so() {
        let of_kind = |kind| text(&[("11010519491231002X", 122), (kind, 248)]);
        let wrong = text(&[("11010519491231003X", 122)]);
        for text in [of_kind("I"), of_kind("Y"), wrong, [0; 256]] {
            assert_eq!(Decoder::default().push(&answer(&text, &[0; 1024])), [Reply::OtherCard]);
        }
        let of_hong_kong = Decoder::default().push(&answer(&of_kind("J"), &[0; 1024]));
        assert!(matches!(of_hong_kong.as_slice(), [Reply::Card(_)]));
    }

    #[test]
    fn lengths_that_disagree_are_no_card() {
        let frame = answer(&[0; 255], &[0; 1024]);
        assert_eq!(Decoder::default().push(&frame), []);
    }

    #[test]
    fn nothing_a_reply_prints_tells_who_it_was() {
        let replies = Decoder::default().push(&answer(&text(&SPECIMEN), &[7; 1024]));
        let printed = format!("{replies:?}");
        for secret in ["1949", "11010", "002X", "张", "北京"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        let mut decoder = Decoder::default();
        decoder.push(&answer(&text(&SPECIMEN), &[7; 1024])[..1200]);
        assert!(format!("{decoder:?}").len() < 100);
    }
}
