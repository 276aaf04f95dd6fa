//! Tracks, found in what the port delivers.

use super::{Expiry, Lrc, LrcUse, Track2, Track2Traits, is_luhn};
use crate::stream::{Scan, Stream};

/// Finds tracks in what the port delivers.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    traits: Track2Traits,
    stream: Stream,
}

impl Decoder {
    /// For a reader with these traits.
    pub fn new(traits: Track2Traits) -> Self {
        Self { traits, stream: Stream::default() }
    }

    /// The tracks completed by `bytes`. Line ends, the first and third track, and tracks with a wrong LRC are
    /// skipped.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Track2> {
        let traits = self.traits;
        self.stream.push(bytes, |at| scan(at, traits))
    }

    /// The line has been quiet since the last byte for longer than a reader stops within a track, some 100 ms:
    /// a track that might still have got its LRC has none, and half a track will never be whole.
    pub fn quiet(&mut self) -> Option<Track2> {
        // A line end is what a reader sends that says so itself.
        let last = self.push(b"\r").pop();
        self.stream.clear();
        last
    }

    /// Forget half a track, as after a port was opened again.
    pub fn clear(&mut self) {
        self.stream.clear();
    }
}

const START: u8 = b';';
const SEPARATOR: u8 = b'=';
const END: u8 = b'?';
/// Most characters between the sentinels: 40 with both of them and the LRC.
const LONGEST: usize = 37;
const LONGEST_PAN: usize = 19;

fn scan(at: &[u8], traits: Track2Traits) -> Scan<Track2> {
    let [START, rest @ ..] = at else { return Scan::No };
    let Some(end) = rest.iter().position(|b| !is_content(*b)) else {
        return if rest.len() > LONGEST { Scan::No } else { Scan::Partial };
    };
    let (content, tail) = rest.split_at(end);
    if end > LONGEST || tail[0] != END {
        return Scan::No;
    }
    let whole = 1 + end + 1;
    let (lrc, length) = match (traits.lrc, tail.get(1)) {
        (LrcUse::Never, _) => (Lrc::Absent, whole),
        (LrcUse::Always | LrcUse::Optional, None) => return Scan::Partial,
        (LrcUse::Always | LrcUse::Optional, Some(check)) if *check == redundancy(content) => (Lrc::Checked, whole + 1),
        // A line end, or the start of another track.
        (LrcUse::Optional, Some(next)) if *next == START || !is_character(*next) => (Lrc::Absent, whole),
        (LrcUse::Always | LrcUse::Optional, Some(_)) => return Scan::No,
    };
    match track(content, lrc) {
        Some(track) if !traits.luhn || is_luhn(&track.pan) => Scan::Frame(track, length),
        Some(_) | None => Scan::No,
    }
}

/// 30h and four bits.
fn is_character(byte: u8) -> bool {
    byte & 0xF0 == 0x30
}

fn is_content(byte: u8) -> bool {
    is_character(byte) && byte != START && byte != END
}

/// The check character: each of its bits makes that bit's ones even, sentinels included.
fn redundancy(content: &[u8]) -> u8 {
    content.iter().fold(START ^ END, |xor, byte| xor ^ byte) & 0x0F | 0x30
}

fn track(content: &[u8], lrc: Lrc) -> Option<Track2> {
    let text = str::from_utf8(content).ok()?;
    let (pan, rest) = match text.split_once(char::from(SEPARATOR)) {
        Some((pan, rest)) => (pan, rest),
        None => (text, ""),
    };
    if !(1..=LONGEST_PAN).contains(&pan.len()) || !is_digits(pan) {
        return None;
    }
    // A separator in place of a field says that the field is not there.
    let (expiry, rest) = match rest.split_at_checked(4) {
        Some((expiry, rest)) if is_digits(expiry) => (month(expiry), rest),
        Some(_) | None => (None, rest.strip_prefix(char::from(SEPARATOR)).unwrap_or("")),
    };
    let service_code = rest.get(..3).filter(|code| is_digits(code)).and_then(|code| code.parse().ok());
    Some(Track2 { pan: pan.to_owned(), expiry, service_code, lrc })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// `YYMM`.
fn month(digits: &str) -> Option<Expiry> {
    let (year, month) = digits.split_at(2);
    let expiry = Expiry { year: year.parse().ok()?, month: month.parse().ok()? };
    (1..=12).contains(&expiry.month).then_some(expiry)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A card scheme's test number; its LRC was computed apart from this code.
    const WITHOUT: &[u8] = b";4111111111111111=29122010000000000?";
    const CHECK: u8 = b'7';

    fn with() -> Vec<u8> {
        [WITHOUT, &[CHECK]].concat()
    }

    fn one(tracks: &[Track2]) -> &Track2 {
        let [track] = tracks else { panic!("{} tracks", tracks.len()) };
        track
    }

    fn reader(lrc: LrcUse) -> Decoder {
        Decoder::new(Track2Traits { lrc, ..Track2Traits::default() })
    }

    #[test]
    fn a_track_is_taken_apart_and_checked() {
        let tracks = Decoder::default().push(&with());
        let track = one(&tracks);
        assert_eq!((track.pan.as_str(), track.service_code), ("4111111111111111", Some(201)));
        assert_eq!((track.expiry, track.lrc), (Some(Expiry { year: 29, month: 12 }), Lrc::Checked));
    }

    #[test]
    fn a_wrong_check_character_hides_the_track() {
        for check in (b'0'..=b'?').filter(|check| *check != CHECK && *check != START) {
            let bytes = [WITHOUT, &[check], b"\r\n"].concat();
            for lrc in [LrcUse::Always, LrcUse::Optional] {
                assert_eq!(reader(lrc).push(&bytes), [], "{check:02X}");
            }
        }
    }

    #[test]
    fn a_track_without_a_check_character_is_believed_when_something_else_follows() {
        for next in [&b"\r"[..], b"\n", b"\r\n", b"%", b";"] {
            let tracks = Decoder::default().push(&[WITHOUT, next].concat());
            assert_eq!(one(&tracks).lrc, Lrc::Absent);
        }
    }

    #[test]
    fn a_track_without_a_check_character_is_believed_when_the_line_is_quiet() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(WITHOUT), []);
        assert_eq!(decoder.quiet().map(|track| track.lrc), Some(Lrc::Absent));
        assert_eq!(decoder.quiet(), None);
        decoder.push(b";4111");
        assert_eq!(decoder.quiet(), None);
        assert_eq!(decoder.push(b"11?\r"), [], "its beginning was given up");
    }

    #[test]
    fn a_reader_that_always_sends_it_is_not_believed_without() {
        let mut decoder = reader(LrcUse::Always);
        assert_eq!(decoder.push(&[WITHOUT, b"\r\n"].concat()), []);
        assert_eq!(one(&decoder.push(&with())).lrc, Lrc::Checked);
    }

    #[test]
    fn a_reader_that_never_sends_it_is_not_waited_for() {
        assert_eq!(one(&reader(LrcUse::Never).push(WITHOUT)).lrc, Lrc::Absent);
    }

    #[test]
    fn a_track_in_single_bytes_between_other_tracks_is_found() {
        let mut decoder = Decoder::default();
        let bytes = [b"%B4111111111111111^ZHANG/SAN^2912201?", &with()[..], b"\r\n"].concat();
        let tracks: Vec<Track2> = bytes.iter().flat_map(|byte| decoder.push(&[*byte])).collect();
        assert_eq!(one(&tracks).pan, "4111111111111111");
    }

    #[test]
    fn a_members_card_may_have_a_number_only() {
        let tracks = Decoder::default().push(b";80012345?\r\n");
        let track = one(&tracks);
        assert_eq!((track.pan.as_str(), track.expiry, track.service_code), ("80012345", None, None));
    }

    #[test]
    fn fields_that_are_not_there_are_left_out() {
        for (track, expiry, service_code) in [
            (&b";1234==201?\r"[..], None, Some(201)),
            (b";1234=2912=99?\r", Some(Expiry { year: 29, month: 12 }), None),
            (b";1234=2913201?\r", None, Some(201)),
            (b";1234=12?\r", None, None),
        ] {
            let tracks = Decoder::default().push(track);
            assert_eq!((one(&tracks).expiry, one(&tracks).service_code), (expiry, service_code));
        }
    }

    #[test]
    fn what_is_no_second_track_is_skipped() {
        let mut long = vec![b'1'; 38];
        long.splice(..0, *b";").for_each(drop);
        long.extend(b"?\r");
        for bytes in [&b";?\r"[..], b";=2912?\r", b";12345678901234567890?\r", b";12:4?\r", &long] {
            assert_eq!(Decoder::default().push(bytes), [], "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn only_a_luhn_number_is_delivered_where_that_is_wanted() {
        let mut decoder = Decoder::new(Track2Traits { luhn: true, ..Track2Traits::default() });
        assert_eq!(decoder.push(b";4111111111111112?\r"), []);
        assert_eq!(decoder.push(b";4111111111111111?\r").len(), 1);
    }

    #[test]
    fn nothing_that_is_printed_tells_the_number() {
        let mut decoder = Decoder::default();
        let tracks = decoder.push(&with());
        decoder.push(b";4111111111111111");
        let printed = format!("{tracks:?} {decoder:?}");
        assert!(!printed.contains("1111") && !printed.contains("52, 49"), "{printed}");
    }
}
