//! Questions that a person answers with a letter or a figure, by looking at paper.

use crate::doctor::words::{Words, words};

/// A question with its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::doctor) struct Question {
    /// What is asked.
    pub(in crate::doctor) text: Words,
    /// The letters that answer it.
    pub(in crate::doctor) choices: &'static str,
    /// Whether several letters may be given together.
    pub(in crate::doctor) several: bool,
    /// What an empty line means.
    pub(in crate::doctor) default: char,
}

impl Question {
    /// One of some letters.
    pub(super) fn one_of(choices: &'static str, default: char, zh: &str, en: &str) -> Self {
        Self { text: words(zh, en), choices, several: false, default }
    }

    /// Some of some letters.
    pub(super) fn some_of(choices: &'static str, default: char, zh: &str, en: &str) -> Self {
        Self { several: true, ..Self::one_of(choices, default, zh, en) }
    }

    /// Yes or no.
    pub(super) fn yes_no(default: bool, zh: &str, en: &str) -> Self {
        Self::one_of(YES_NO, if default { 'y' } else { 'n' }, zh, en)
    }

    /// The letters that a line gives, small; nothing when it is no answer to this.
    pub(super) fn letters(&self, line: &str) -> Option<String> {
        let said: String =
            line.to_lowercase().chars().filter(|c| !c.is_whitespace() && !",，、".contains(*c)).collect();
        if said.is_empty() {
            return Some(self.default.to_string());
        }
        let said = if self.choices.starts_with(YES_NO) { in_short(&said) } else { said };
        let is_answer = said.chars().all(|c| self.choices.contains(c)) && (self.several || said.chars().count() == 1);
        is_answer.then_some(said)
    }

    /// The answers there are: `[y/n, Enter y]`.
    pub(in crate::doctor) fn hint(&self) -> String {
        if self.choices.chars().count() == 1 {
            return "[↵]".to_owned();
        }
        let choices: Vec<String> = self.choices.chars().map(String::from).collect();
        format!("[{}，↵ = {}]", choices.join("/"), self.default)
    }
}

const YES_NO: &str = "yn";

/// Yes and no in the words people use.
fn in_short(said: &str) -> String {
    match said {
        "j" | "ja" | "yes" | "1" | "是" | "有" | "好" => "y".to_owned(),
        "no" | "0" | "否" | "不" | "没有" | "不是" => "n".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_in_the_words_people_use() {
        let question = Question::yes_no(false, "?", "?");
        for yes in ["y", "Y", "j", "是", " yes "] {
            assert_eq!(question.letters(yes).as_deref(), Some("y"), "{yes}");
        }
        assert_eq!(question.letters("否").as_deref(), Some("n"));
        assert_eq!(question.letters("").as_deref(), Some("n"));
        assert_eq!(question.letters("x"), None);
    }

    #[test]
    fn several_letters_are_one_answer_only_where_they_may_be() {
        let some = Question::some_of("abc0", '0', "?", "?");
        assert_eq!(some.letters("B, c").as_deref(), Some("bc"));
        assert_eq!(some.letters("bd"), None);
        assert_eq!(Question::one_of("123", '1', "?", "?").letters("12"), None);
    }
}
