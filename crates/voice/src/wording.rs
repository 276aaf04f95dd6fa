//! How numbers, times and foreign words are said.

use crate::key::clip_key;
use crate::phrase::Part;

const CHINESE: &str = "zh";
const ENGLISH: &str = "en";

/// Shorter runs of digits are counts: they are said as one number.
const SPELLED_FROM: usize = 5;

/// The parts of a text of a page in this language; empty when it holds nothing that can be said.
pub(crate) fn parts(text: &str, language: &str) -> Vec<Part> {
    let mut speaker = Speaker { language, parts: Vec::new(), open: None };
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        at += speaker.take(&characters[at..], at.checked_sub(1).map(|before| characters[before]));
    }
    speaker.close();
    speaker.parts
}

struct Speaker<'a> {
    language: &'a str,
    parts: Vec<Part>,
    /// Words that go on: their language, and what they are so far.
    open: Option<(&'a str, String)>,
}

impl<'a> Speaker<'a> {
    /// Says what stands at the beginning of `rest`; how many characters that were.
    fn take(&mut self, rest: &[char], before: Option<char>) -> usize {
        let letters = count(rest, is_latin);
        let digits = count(&rest[letters..], |c| c.is_ascii_digit());
        if (1..=3).contains(&letters) && digits >= 2 && rest[..letters].iter().all(char::is_ascii_uppercase) {
            self.spell_letters(&rest[..letters]);
            self.spell_digits(&rest[letters..letters + digits]);
            return letters + digits;
        }
        if letters > 0 {
            self.latin(&rest[..letters]);
            return letters;
        }
        if digits > 0 {
            return self.number(rest, digits);
        }
        let Some(&first) = rest.first() else { return 1 };
        if is_mask(first) {
            self.pause();
            return count(rest, is_mask);
        }
        if is_dash(first) && before.is_some_and(|c| c.is_ascii_digit()) && count(&rest[1..], |c| c.is_ascii_digit()) > 0
        {
            self.range(first);
        } else {
            self.other(first);
        }
        1
    }

    fn number(&mut self, rest: &[char], digits: usize) -> usize {
        if digits <= 2 && rest.get(digits) == Some(&':') {
            let minutes = count(&rest[digits + 1..], |c| c.is_ascii_digit());
            if minutes == 2 {
                let end = digits + 1 + minutes;
                self.time(&text(&rest[..digits]), &text(&rest[digits + 1..end]));
                return end;
            }
        }
        let number = &rest[..digits];
        let masked = rest.get(digits).is_some_and(|&c| is_mask(c));
        let after_mask = self.parts.last().is_some_and(|part| part.words == "，") && self.open.is_none();
        if masked || after_mask || digits >= SPELLED_FROM || (digits >= 2 && number[0] == '0') {
            self.spell_digits(number);
        } else {
            self.words(self.language, &text(number));
        }
        digits
    }

    fn time(&mut self, hour: &str, minute: &str) {
        let hour = hour.strip_prefix('0').filter(|rest| !rest.is_empty()).unwrap_or(hour);
        let small = minute.strip_prefix('0');
        let said = match (self.language, minute, small) {
            (CHINESE, "00", _) => format!("{hour}点"),
            (CHINESE, _, Some(minute)) => format!("{hour}点零{minute}分"),
            (CHINESE, _, None) => format!("{hour}点{minute}分"),
            (ENGLISH, "00", _) => format!("{hour} o'clock"),
            (ENGLISH, _, Some(minute)) => format!("{hour} oh {minute}"),
            (ENGLISH, _, None) => format!("{hour} {minute}"),
            (_, _, _) => format!("{hour}:{minute}"),
        };
        self.words(self.language, &said);
    }

    fn range(&mut self, dash: char) {
        match self.language {
            CHINESE => self.words(CHINESE, "到"),
            ENGLISH => self.words(ENGLISH, " to "),
            _ => self.words(self.language, &dash.to_string()),
        }
    }

    fn latin(&mut self, letters: &[char]) {
        let word = text(letters);
        let language = if self.language == CHINESE { ENGLISH } else { self.language };
        let said = if language == ENGLISH && word == "min" { "minutes" } else { &word };
        self.words(language, said);
    }

    fn other(&mut self, character: char) {
        if is_han(character) {
            self.words(CHINESE, &character.to_string());
        } else if character.is_alphabetic() {
            self.words(self.language, &character.to_string());
        } else if let Some((_, words)) = &mut self.open {
            match character {
                ',' | '.' | '!' | '?' | '\'' | '，' | '。' | '！' | '？' | '、' | '；' | '：' => {
                    words.push(character)
                }
                // Read out by their names otherwise.
                '/' | '·' | ':' | ';' | '(' | ')' | '（' | '）' | '\n' | '—' => {
                    words.truncate(words.trim_end().len());
                    words.push_str(", ");
                }
                _ if words.ends_with(' ') => {}
                _ => words.push(' '),
            }
        }
    }

    /// Goes on in this language, or begins to speak it.
    fn words(&mut self, language: &'a str, words: &str) {
        match &mut self.open {
            Some((open, said)) if *open == language => said.push_str(words),
            _ => {
                self.close();
                self.open = Some((language, words.to_owned()));
            }
        }
    }

    fn spell_letters(&mut self, letters: &[char]) {
        self.close();
        let language = if self.language == CHINESE { ENGLISH } else { self.language };
        letters.iter().for_each(|letter| self.push(language, letter.to_string()));
    }

    fn spell_digits(&mut self, digits: &[char]) {
        self.close();
        digits.iter().for_each(|&digit| self.push(self.language, name_of(digit, self.language)));
    }

    /// Between the halves of a masked number.
    fn pause(&mut self) {
        self.close();
        if !self.parts.is_empty() {
            self.push(self.language, "，".to_owned());
        }
    }

    fn close(&mut self) {
        if let Some((language, words)) = self.open.take() {
            let words = words.trim_end_matches([' ', ',']);
            if words.chars().any(char::is_alphanumeric) {
                self.push(language, words.to_owned());
            }
        }
    }

    fn push(&mut self, language: &str, words: String) {
        self.parts.push(Part { language: language.to_owned(), clip: clip_key(&words), words });
    }
}

fn name_of(digit: char, language: &str) -> String {
    let names = match language {
        CHINESE => ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
        ENGLISH => ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        _ => return digit.to_string(),
    };
    digit
        .to_digit(10)
        .and_then(|value| names.get(value as usize))
        .map_or_else(|| digit.to_string(), |&name| name.to_owned())
}

fn count(characters: &[char], is: impl Fn(char) -> bool) -> usize {
    characters.iter().take_while(|&&character| is(character)).count()
}

fn text(characters: &[char]) -> String {
    characters.iter().collect()
}

fn is_latin(character: char) -> bool {
    character.is_alphabetic() && (character.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&character))
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn is_dash(character: char) -> bool {
    matches!(character, '–' | '-' | '~' | '～' | '—')
}

fn is_mask(character: char) -> bool {
    matches!(character, '*' | '＊' | '•' | '●')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, language: &str) -> String {
        let parts = parts(text, language);
        parts.iter().map(|part| format!("{}[{}]", part.words, part.language)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn digits_of_a_ticket_number_are_said_one_by_one() {
        assert_eq!(said("您的号码 A042", "zh"), "您的号码[zh] A[en] 零[zh] 四[zh] 二[zh]");
        assert_eq!(said("Your number A042", "en"), "Your number[en] A[en] zero[en] four[en] two[en]");
        assert_eq!(said("VB1203", "en"), "V[en] B[en] one[en] two[en] zero[en] three[en]");
    }

    #[test]
    fn counts_are_said_as_numbers() {
        assert_eq!(said("您前面 12 位", "zh"), "您前面 12 位[zh]");
        assert_eq!(said("12 people ahead", "en"), "12 people ahead[en]");
    }

    #[test]
    fn long_numbers_are_spelled() {
        assert_eq!(said("热线 10086", "zh"), "热线[zh] 一[zh] 零[zh] 零[zh] 八[zh] 六[zh]");
    }

    #[test]
    fn a_range_is_said_as_people_say_it() {
        assert_eq!(said("约 10–20 分钟", "zh"), "约 10到20 分钟[zh]");
        assert_eq!(said("Estimated wait 10–20 min", "en"), "Estimated wait 10 to 20 minutes[en]");
        assert_eq!(said("营业时间 09:00–18:30", "zh"), "营业时间 9点到18点30分[zh]");
        assert_eq!(said("Hours: 9:05-18:00", "en"), "Hours, 9 oh 5 to 18 o'clock[en]");
    }

    #[test]
    fn foreign_words_are_said_in_their_own_language() {
        assert_eq!(said("自助终端、中国移动 App", "zh"), "自助终端、中国移动[zh] App[en]");
        assert_eq!(said("English", "zh"), "English[en]");
        assert_eq!(said("Change language 中文", "en"), "Change language[en] 中文[zh]");
        assert_eq!(said("Zähler", "de"), "Zähler[de]");
    }

    #[test]
    fn strokes_between_words_are_pauses() {
        assert_eq!(said("补卡/换卡", "zh"), "补卡, 换卡[zh]");
        assert_eq!(said("Suspend (resume)", "en"), "Suspend, resume[en]");
    }
}
