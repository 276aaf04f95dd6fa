//! What a frame from the device means.

use super::Frame;

/// Function of a key, and of the acknowledgement of a rating.
pub(super) const KEY: u8 = 0x01;
/// Function of a rating.
pub(super) const RATING: u8 = 0x11;
/// Key code of "evaluate", which the host also sends to start a rating.
pub(super) const EVALUATE: u8 = 0x0B;

/// What somebody did at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event<'f> {
    /// The teller pressed a key: the codes of digits typed first, then the key's own, of one byte or of two. Which means what is
    /// the keypad's profile's; in use are 0C call, 0D recall, 0B evaluate, 12 pause, 13 transfer, `06 0F` no-show, `00 0F` hold,
    /// `03 0F` call back.
    Keys(&'f [u8]),
    /// The customer rated the service.
    Rating(Rating),
}

/// The customer's rating as the device counts it: the number of the key, 1–4 on a four-key 评价器.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rating(pub u8);

impl Frame {
    /// What happened at the counter, if this frame says so.
    pub fn event(&self) -> Option<Event<'_>> {
        match (self.function, self.data.as_slice()) {
            (RATING, [.., score]) => Some(Event::Rating(Rating(*score))),
            (KEY, keys @ [_, ..]) => Some(Event::Keys(keys)),
            (_, _) => None,
        }
    }
}
