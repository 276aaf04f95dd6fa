//! What a frame from the device means.

use super::Frame;

/// Function of a key, and of the acknowledgement of a rating.
pub(super) const KEY: u8 = 0x01;
/// Function of a rating.
pub(super) const RATING: u8 = 0x11;
/// Key code of "evaluate", which the host also sends to start a rating.
pub(super) const EVALUATE: u8 = 0x0B;
/// The F key, which gives a digit pressed before it another meaning.
const F: u8 = 0x0F;

/// What somebody did at the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The teller pressed a key.
    Key(Key),
    /// The customer rated the service.
    Rating(Rating),
}

/// A teller's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// 0C: call the next customer.
    Next,
    /// 0D: call the same customer again.
    Recall,
    /// 6 F: the customer did not come.
    NoShow,
    /// 0 F: put the ticket on hold.
    Hold,
    /// 13h: hand the customer on.
    Transfer,
    /// 3 F: call back a ticket put on hold.
    CallBack,
    /// 12h: pause.
    Pause,
    /// 0B: ask for a rating.
    Evaluate,
}

/// The customer's rating as the device counts it: the number of the key, 1–4 on a four-key 评价器.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rating(pub u8);

impl Frame {
    /// The keys pressed, as their codes came: digits typed first, then the code of the key itself. `None` when this is no key.
    pub fn keys(&self) -> Option<&[u8]> {
        (self.function == KEY && !self.data.is_empty()).then_some(self.data.as_slice())
    }

    /// What happened at the counter, if this frame says so. Keys are told by their last data byte: digits
    /// pressed before them come first.
    pub fn event(&self) -> Option<Event> {
        match (self.function, self.data.as_slice()) {
            (RATING, [.., score]) => Some(Event::Rating(Rating(*score))),
            (KEY, data) => key(data).map(Event::Key),
            (_, _) => None,
        }
    }
}

fn key(data: &[u8]) -> Option<Key> {
    match data {
        [.., 0x0C] => Some(Key::Next),
        [.., 0x0D] => Some(Key::Recall),
        [.., EVALUATE] => Some(Key::Evaluate),
        [.., 0x12] => Some(Key::Pause),
        [.., 0x13] => Some(Key::Transfer),
        [.., 0x06, F] => Some(Key::NoShow),
        [.., 0x00, F] => Some(Key::Hold),
        [.., 0x03, F] => Some(Key::CallBack),
        _ => None,
    }
}
