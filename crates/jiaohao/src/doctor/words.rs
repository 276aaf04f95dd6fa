//! What a person reads: Chinese first, then English, in one line.

use std::fmt;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) zh: String,
    pub(super) en: String,
}

/// A sentence in both languages.
pub(super) fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  /  {}", self.zh, self.en)
    }
}
