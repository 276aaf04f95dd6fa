//! Text for LED font cards.

use crate::Charset;
use crate::charset;

/// `text` in GB2312 bytes, for a card whose font holds GB 2312-1980 and nothing else. Other characters are
/// replaced by [`crate::REPLACEMENT`] (〓, A1 FE), control characters by spaces.
///
/// ```
/// assert_eq!(codecs::led::gb2312("3号"), [0x33, 0xBA, 0xC5]);
/// assert_eq!(codecs::led::gb2312("镕"), [0xA1, 0xFE]);
/// ```
pub fn gb2312(text: &str) -> Vec<u8> {
    charset::bytes(Charset::Gb2312, text)
}
