//! Words, as they are said.

use crate::key::clip_key;
use crate::private::{Listener, without_numbers_of_persons};
use crate::wording::parts;

/// What is said in one breath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The language of the page, as a tag of BCP 47.
    pub language: String,
    /// The clip that says it whole, if somebody recorded one.
    pub clip: Option<String>,
    /// What it consists of; never empty.
    pub parts: Vec<Part>,
}

/// A part of a phrase: words in one language, or one letter or digit of a number that is spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// In which language, as a tag of BCP 47.
    pub language: String,
    /// For a synthesizer.
    pub words: String,
    /// The clip that says it.
    pub clip: Option<String>,
}

impl Phrase {
    /// How these words of a page in this language are said to this listener. `None` when there is nothing to say.
    #[must_use]
    pub fn of(text: &str, language: &str, listener: Listener) -> Option<Self> {
        let text = match listener {
            Listener::Everybody => without_numbers_of_persons(text),
            Listener::Customer => text.to_owned(),
        };
        let parts = parts(&text, language);
        (!parts.is_empty()).then(|| Self { language: language.to_owned(), clip: clip_key(&text), parts })
    }

    /// The parts for a synthesizer: neighbours in one language together, so that it speaks on without a gap.
    #[must_use]
    pub fn breaths(&self) -> Vec<(&str, String)> {
        let mut breaths: Vec<(&str, String)> = Vec::new();
        for part in &self.parts {
            match breaths.last_mut() {
                Some((language, words)) if *language == part.language => {
                    words.push(' ');
                    words.push_str(&part.words);
                }
                _ => breaths.push((&part.language, part.words.clone())),
            }
        }
        breaths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, language: &str, listener: Listener) -> Vec<String> {
        let phrase = Phrase::of(text, language, listener);
        let breaths = phrase.iter().flat_map(Phrase::breaths);
        breaths.map(|(language, words)| format!("{language}: {words}")).collect()
    }

    #[test]
    fn a_phrase_has_one_clip_and_its_parts_have_clips_of_their_own() {
        let phrase = Phrase::of("您的号码 A042", "zh", Listener::Everybody).unwrap();
        assert_eq!(phrase.clip.as_deref(), Some("您的号码-a042"));
        let clips: Vec<_> = phrase.parts.iter().filter_map(|part| part.clip.as_deref()).collect();
        assert_eq!(clips, ["您的号码", "a", "零", "四", "二"]);
    }

    #[test]
    fn only_headphones_hear_the_number_of_a_person() {
        assert_eq!(said("已识别 138****5678", "zh", Listener::Everybody), ["zh: 已识别"]);
        assert_eq!(said("已识别 138****5678", "zh", Listener::Customer), ["zh: 已识别 一 三 八 ， 五 六 七 八"]);
        assert_eq!(said("13812345678", "zh", Listener::Everybody), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_word_is_not_said() {
        for nothing in ["", "  ", "—", "→ ·"] {
            assert_eq!(Phrase::of(nothing, "zh", Listener::Customer), None);
        }
    }
}
