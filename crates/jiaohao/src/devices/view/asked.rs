//! Answers that acts ask for, typed in one line.

use serde_json::{Value, json};

use super::words::{Words, words};

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A whole number.
    Number,
    /// A whole number, or nothing.
    PerhapsNumber,
    Millimetres,
    Text,
    /// Bytes in hexadecimal.
    Bytes,
    /// A file's path.
    Path,
    /// Name and number of an identity card.
    IdCard,
    /// Number and expiry (`YYMM`) of a card.
    TrackCard,
}

impl Shape {
    /// What the act of that name takes; text where this view does not know it.
    pub(super) fn of(act: &str) -> Self {
        match act {
            "drop_next" | "tap" | "hold" | "release" | "press" | "rate" => Self::Number,
            "refuse" | "answer_ratings" => Self::PerhapsNumber,
            "out_of_paper_after" | "load_roll" => Self::Millimetres,
            "record" | "picture" => Self::Path,
            "scan_bytes" | "scan_half" => Self::Bytes,
            "lay_on" => Self::IdCard,
            "swipe" | "swipe_misread" => Self::TrackCard,
            _ => Self::Text,
        }
    }

    /// What to type.
    pub(super) fn words(self) -> Words {
        match self {
            Self::Number => words("数字", "number"),
            Self::PerhapsNumber => words("数字，可空", "number or nothing"),
            Self::Millimetres => words("毫米", "mm"),
            Self::Text => words("文字", "text"),
            Self::Bytes => words("十六进制字节", "bytes in hexadecimal"),
            Self::Path => words("文件", "file"),
            Self::IdCard => words("姓名 号码", "name number"),
            Self::TrackCard => words("卡号 有效期年月", "number YYMM"),
        }
    }

    /// Answers that are offered, the first already typed. `path` is a file beside the device's port. Nobody has these cards; the first
    /// two of [`Shape::TrackCard`] are of the tiers of the sample hall.
    pub(super) fn usual(self, path: &str) -> Vec<String> {
        let offered: &[&str] = match self {
            Self::Number => &["1", "3", "5"],
            Self::PerhapsNumber => &["1", ""],
            Self::Millimetres => &["50", "200", "3000"],
            Self::Text => &["13800001234", "https://example.com/ticket", "老张 A001"],
            Self::Bytes => &["41 30 30 31", "D5 C5"],
            Self::Path => return vec![path.to_owned()],
            Self::IdCard => &["张三 110101199003070011", "李小梅 31010119850712002X", "王建国 44010319781120003X"],
            Self::TrackCard => &["8801000000000001 3012", "8810000000000002 3012", "6222020000000003 3012"],
        };
        offered.iter().map(|text| (*text).to_owned()).collect()
    }

    /// What was typed as the act takes it; `None` when it is not of this shape.
    pub(super) fn read(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self {
            Self::Number => text.parse::<u64>().ok().map(|number| json!(number)),
            Self::PerhapsNumber if text.is_empty() => Some(Value::Null),
            Self::PerhapsNumber => text.parse::<u64>().ok().map(|number| json!(number)),
            Self::Millimetres => {
                let whole = || text.parse::<u64>().ok().map(|mm| json!(mm));
                let broken = || text.parse::<f64>().ok().filter(|mm| mm.is_finite() && *mm >= 0.0).map(|mm| json!(mm));
                whole().or_else(broken)
            }
            Self::Text | Self::Path => (!text.is_empty()).then(|| json!(text)),
            Self::Bytes => {
                let digits = text.chars().filter(|character| !character.is_ascii_whitespace());
                let all = digits.clone().all(|digit| digit.is_ascii_hexdigit());
                (all && digits.clone().count() > 0 && digits.count() % 2 == 0).then(|| json!(text))
            }
            Self::IdCard => {
                let (name, number) = text.rsplit_once(char::is_whitespace)?;
                Some(json!({ "name": name.trim(), "number": number }))
            }
            Self::TrackCard => {
                let (pan, expiry) = text.split_once(char::is_whitespace)?;
                let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let expiry = expiry.trim();
                (digits(pan) && digits(expiry) && expiry.len() == 4).then(|| json!({ "pan": pan, "expiry": expiry }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_of_the_shape_is_not_taken() {
        let wrong = [
            (Shape::Number, "one"),
            (Shape::Number, ""),
            (Shape::PerhapsNumber, "-1"),
            (Shape::Millimetres, "inf"),
            (Shape::Millimetres, "-3"),
            (Shape::Text, " "),
            (Shape::Bytes, "4"),
            (Shape::Bytes, "4G"),
            (Shape::Bytes, ""),
            (Shape::IdCard, "110101199003070011"),
            (Shape::TrackCard, "8801 2026-12"),
            (Shape::TrackCard, "8801"),
        ];
        for (shape, text) in wrong {
            assert_eq!(shape.read(text), None, "{shape:?} {text:?}");
        }
    }

    #[test]
    fn millimetres_may_be_broken() {
        assert_eq!(Shape::Millimetres.read("50"), Some(json!(50)));
        assert_eq!(Shape::Millimetres.read(" 2.5"), Some(json!(2.5)));
    }

    #[test]
    fn a_name_may_have_blanks() {
        let card = Shape::IdCard.read("阿依古丽 买买提 650102199003070016");
        assert_eq!(card, Some(json!({ "name": "阿依古丽 买买提", "number": "650102199003070016" })));
    }

    #[test]
    fn nothing_typed_is_an_answer_where_a_number_may_be_left_out() {
        assert_eq!(Shape::PerhapsNumber.read(""), Some(Value::Null));
    }
}
