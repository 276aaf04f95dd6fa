//! What is said of a page: which words, which clips, in which order, and how long it lasts. No device, no file, no clock.
//!
//! A page is a row of labelled things ([`Thing`]). [`News`] tells which of them a listener has not heard yet; [`Phrase`] turns the
//! words of one into parts that are each a recorded clip or words for a synthesizer; [`Sound`] is what either gives. The words are
//! those that the page shows, so that nothing can be shown that cannot be said.

mod key;
mod phrase;
mod private;
mod sound;
mod thing;
mod wording;

pub use key::clip_key;
pub use phrase::{Part, Phrase};
pub use private::Listener;
pub use sound::{Sound, SoundError};
pub use thing::{Kind, News, Thing, Unheard};
