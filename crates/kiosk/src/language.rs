//! The languages of the pages: Chinese, which they are written in, and one for each folder of `lang`.

use slint::SelectBundledTranslationError;

/// What is bundled beside Chinese: tag and own name.
const BUNDLED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    tag: &'static str,
    name: &'static str,
}

impl Language {
    /// 中文, the language the messages are written in.
    pub const CHINESE: Self = Self { tag: "zh", name: "中文" };
    /// English.
    pub const ENGLISH: Self = Self { tag: "en", name: "English" };

    /// The language of a tag of BCP 47, when the pages have it.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        if tag == Self::CHINESE.tag {
            return Some(Self::CHINESE);
        }
        BUNDLED.iter().find(|(bundled, _)| *bundled == tag).map(|(tag, name)| Self { tag, name })
    }

    /// Its tag of BCP 47.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.tag
    }

    /// What it calls itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Shows every window of this thread in this language. A component must have been created first.
    ///
    /// # Errors
    /// When no component was created yet.
    pub fn select(self) -> Result<(), SelectBundledTranslationError> {
        // Chinese is the message id itself, which Slint calls the empty language.
        slint::select_bundled_translation(if self == Self::CHINESE { "" } else { self.tag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_needs_no_file_and_english_has_one() {
        assert_eq!(Language::of("zh"), Some(Language::CHINESE));
        assert_eq!(Language::of("en"), Some(Language::ENGLISH));
        assert_eq!(Language::of("tlh"), None);
    }
}
