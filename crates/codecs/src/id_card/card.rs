//! What is written in a resident identity card.

use std::fmt;

use super::is_valid_number;

/// The text of a card. Its [`fmt::Debug`] says nothing about its holder: what is printed ends up in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct IdCard {
    /// The holder's name, 15 characters at most; the first 15 of a longer one.
    pub name: String,
    /// Sex.
    pub sex: Sex,
    /// The nationality's number of GB/T 3304, two digits, such as `01` for 汉; empty where the card has none.
    pub nation: String,
    /// Date of birth.
    pub birth: Option<CardDate>,
    /// Registered residence, 35 characters at most.
    pub address: String,
    /// The citizen's number, 18 characters; its check digit is right.
    pub number: String,
    /// The authority that issued the card.
    pub issuer: String,
    /// Valid from.
    pub from: Option<CardDate>,
    /// Valid until.
    pub until: Option<Until>,
}

/// Sex, as GB/T 2261.1 numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 0, and whatever a card has that is no number of the standard.
    Unknown,
    /// 1.
    Male,
    /// 2.
    Female,
    /// 9: not said.
    NotSaid,
}

/// A day, as a card has it; nobody has looked whether the calendar has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardDate {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day, from 1.
    pub day: u8,
}

/// How long a card is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// To the end of this day.
    Day(CardDate),
    /// 长期: for life.
    Always,
}

impl IdCard {
    /// The card of `text` in UTF-16, low bytes first. `None` where it has another layout or its number is wrong.
    ///
    /// Fields in bytes: name 30, sex 2, nation 4, birth 16, address 70, number 36, issuer 30, from 16, until
    /// 16, then 28 for other cards, the kind of card at 248, and 6 to spare.
    pub(super) fn parse(text: &[u8; 256]) -> Option<Self> {
        // Foreigners' cards: before 2023 with a longer name and everything else elsewhere (I), then with a name in
        // Latin letters for an address (Y).
        if matches!(field(text, 248, 2).as_str(), "I" | "Y") {
            return None;
        }
        let number = field(text, 122, 36);
        if !is_valid_number(&number) {
            return None;
        }
        let until = field(text, 204, 16);
        Some(Self {
            name: field(text, 0, 30),
            sex: match field(text, 30, 2).as_str() {
                "1" => Sex::Male,
                "2" => Sex::Female,
                "9" => Sex::NotSaid,
                _ => Sex::Unknown,
            },
            nation: field(text, 32, 4),
            birth: date(&field(text, 36, 16)),
            address: field(text, 52, 70),
            number,
            issuer: field(text, 158, 30),
            from: date(&field(text, 188, 16)),
            until: if until == "长期" { Some(Until::Always) } else { date(&until).map(Until::Day) },
        })
    }
}

impl fmt::Debug for IdCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdCard").field("until", &self.until).finish_non_exhaustive()
    }
}

/// The characters of a field, without the spaces that fill it up.
fn field(text: &[u8; 256], from: usize, bytes: usize) -> String {
    let units = text[from..from + bytes].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.trim_matches([' ', '\0']).to_owned()
}

/// `YYYYMMDD`.
fn date(digits: &str) -> Option<CardDate> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let date =
        CardDate { year: digits[..4].parse().ok()?, month: digits[4..6].parse().ok()?, day: digits[6..].parse().ok()? };
    ((1..=12).contains(&date.month) && (1..=31).contains(&date.day)).then_some(date)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The number is GB 11643-1999's own example: a woman of Beijing's Chaoyang district, born on the last day
    /// of 1949.
    pub(in super::super) const SPECIMEN: [(&str, usize); 9] = [
        ("张三", 0),
        ("2", 30),
        ("01", 32),
        ("19491231", 36),
        ("北京市朝阳区某路 1 号", 52),
        ("11010519491231002X", 122),
        ("北京市公安局朝阳分局", 158),
        ("20150401", 188),
        ("长期", 204),
    ];

    /// A card's text: each field at its byte, the rest spaces.
    pub(in super::super) fn text(fields: &[(&str, usize)]) -> [u8; 256] {
        let mut text = [0; 256];
        text.chunks_exact_mut(2).for_each(|unit| unit.copy_from_slice(&[0x20, 0x00]));
        for (value, at) in fields {
            for (n, unit) in value.encode_utf16().enumerate() {
                text[at + 2 * n..][..2].copy_from_slice(&unit.to_le_bytes());
            }
        }
        text
    }

    #[test]
    fn every_field_is_read_from_its_place() {
        let card = IdCard::parse(&text(&SPECIMEN)).unwrap();
        assert_eq!((card.name.as_str(), card.sex, card.nation.as_str()), ("张三", Sex::Female, "01"));
        assert_eq!(card.birth, Some(CardDate { year: 1949, month: 12, day: 31 }));
        assert_eq!((card.address.as_str(), card.issuer.as_str()), ("北京市朝阳区某路 1 号", "北京市公安局朝阳分局"));
        assert_eq!(card.from, Some(CardDate { year: 2015, month: 4, day: 1 }));
        assert_eq!(card.until, Some(Until::Always));
    }

    #[test]
    fn full_fields_do_not_run_into_each_other() {
        let long = "一二三四五六七八九十甲乙丙丁戊";
        let address: String = "路".repeat(35);
        let fields = [(long, 0), ("1", 30), (address.as_str(), 52), ("440524188001010014", 122), (long, 158)];
        let card = IdCard::parse(&text(&fields)).unwrap();
        assert_eq!((card.name.as_str(), card.issuer.as_str(), card.sex), (long, long, Sex::Male));
        assert_eq!((card.address, card.number.as_str()), (address, "440524188001010014"));
    }

    #[test]
    fn a_date_that_is_none_is_left_out() {
        let fields = [("11010519491231002X", 122), ("19491331", 36), ("2015 401", 188), ("2035040é", 204)];
        let card = IdCard::parse(&text(&fields)).unwrap();
        assert_eq!((card.birth, card.from, card.until), (None, None, None));
    }

    #[test]
    fn a_day_a_card_ends_on_is_read() {
        let card = IdCard::parse(&text(&[("11010519491231002X", 122), ("20350401", 204)])).unwrap();
        assert_eq!(card.until, Some(Until::Day(CardDate { year: 2035, month: 4, day: 1 })));
    }
}
