//! For whoever does not see the page.

use voice::Listener;

/// Speech and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aid {
    /// Whether the bar offers speech.
    pub can_speak: bool,
    /// The page is read aloud.
    pub speaks: bool,
    /// The page is walked through with keys.
    pub keys: bool,
    /// Who hears what is said.
    pub listener: Listener,
}
