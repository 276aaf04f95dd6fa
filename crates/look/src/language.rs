//! The language of the pages.

/// A language of the customer-facing pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// 中文, the language the messages are written in.
    #[default]
    Chinese,
    /// English, bundled from `lang/en/LC_MESSAGES/<crate>.po`.
    English,
}

/// The component that is shown bundles no translation into this language.
#[derive(Debug, thiserror::Error)]
#[error("no bundled translation into {language:?}")]
pub struct UnbundledLanguage {
    /// What was asked for.
    pub language: Language,
    /// What Slint said.
    #[source]
    pub source: slint::SelectBundledTranslationError,
}

impl Language {
    /// The tag of BCP 47.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh",
            Language::English => "en",
        }
    }

    /// The other language, for a button that changes between the two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Language::Chinese => Language::English,
            Language::English => Language::Chinese,
        }
    }

    /// Shows every window of this thread in this language. A component must have been created first.
    ///
    /// # Errors
    /// [`UnbundledLanguage`] when no component was created yet, or its crate bundles no such translation.
    pub fn select(self) -> Result<(), UnbundledLanguage> {
        // Chinese is the message id itself, which Slint calls the empty language.
        let bundled = match self {
            Language::Chinese => "",
            Language::English => "en",
        };
        slint::select_bundled_translation(bundled).map_err(|source| UnbundledLanguage { language: self, source })
    }
}
