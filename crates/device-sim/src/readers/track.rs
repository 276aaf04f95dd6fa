//! A reader of magnetic cards that sends the second track (ISO/IEC 7811, ISO/IEC 7813), 9600 8N1.

use std::io;

use super::talker::Talker;
use crate::line::{Line, LineOptions};
use crate::line_methods::line_methods;

/// A card's second track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackCard {
    /// The card's number, up to 19 digits.
    pub pan: String,
    /// Year and month of its expiry, `YYMM`.
    pub expiry: String,
    /// Service code, three digits.
    pub service: String,
    /// What the issuer put behind it, digits.
    pub discretionary: String,
}

impl TrackCard {
    /// A card with a usual service code and nothing behind it.
    pub fn new(pan: impl Into<String>, expiry: impl Into<String>) -> Self {
        Self { pan: pan.into(), expiry: expiry.into(), service: "220".to_owned(), discretionary: String::new() }
    }

    fn text(&self) -> String {
        format!(";{}={}{}{}?", self.pan, self.expiry, self.service, self.discretionary)
    }
}

/// How a reader is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackOptions {
    /// Whether it sends the check character (LRC); readers that stand in for a keyboard leave it out.
    pub lrc: bool,
    /// What it sends after each card, for example CR LF.
    pub terminator: Vec<u8>,
}

impl Default for TrackOptions {
    /// With the check character, ended by CR LF.
    fn default() -> Self {
        Self { lrc: true, terminator: b"\r\n".to_vec() }
    }
}

/// A running reader. Dropping it unplugs it.
pub struct TrackReader {
    line: Line<Talker>,
    options: TrackOptions,
}

impl TrackReader {
    /// Plugs a reader in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: TrackOptions) -> io::Result<Self> {
        Ok(Self { line: Line::start(line, Talker::default())?, options })
    }

    line_methods!(line);

    /// Draws a card through.
    pub fn swipe(&self, card: &TrackCard) {
        let text = card.text();
        self.send(&text, lrc(&text));
    }

    /// Draws a card through whose check character comes out wrong; without one, a digit of its number.
    pub fn swipe_misread(&self, card: &TrackCard) {
        let text = card.text();
        if self.options.lrc {
            self.send(&text, lrc(&text) ^ 0x01);
        } else {
            self.send(&text.replacen(card.pan.as_str(), &turned(&card.pan), 1), b'0');
        }
    }

    /// Draws a card through too slowly or the wrong way round: the reader says that it read nothing (`;E?`).
    pub fn swipe_unreadable(&self) {
        self.line.act(|talker| talker.say(&[b";E?", self.options.terminator.as_slice()].concat()));
    }

    /// Sends nothing of what it reads (`true`).
    pub fn mute(&self, mute: bool) {
        self.line.act(|talker| talker.mute(mute));
    }

    /// How many swipes it has sent.
    pub fn swipes(&self) -> usize {
        self.line.read(Talker::said)
    }

    fn send(&self, text: &str, lrc: u8) {
        let mut bytes = text.as_bytes().to_vec();
        if self.options.lrc {
            bytes.push(lrc);
        }
        bytes.extend(&self.options.terminator);
        self.line.act(|talker| talker.say(&bytes));
    }
}

/// The check character makes the number of ones even in each of the four columns of data, both sentinels included
/// (ISO/IEC 7811-2); characters of the track are their four bits above `0`.
fn lrc(text: &str) -> u8 {
    b'0' + text.bytes().fold(0, |columns, byte| columns ^ (byte & 0x0F))
}

/// `pan` with its last digit one further.
fn turned(pan: &str) -> String {
    let mut digits: Vec<char> = pan.chars().collect();
    if let Some(last) = digits.last_mut() {
        *last = if *last == '9' { '0' } else { char::from_u32(u32::from(*last) + 1).unwrap_or('0') };
    }
    digits.into_iter().collect()
}
