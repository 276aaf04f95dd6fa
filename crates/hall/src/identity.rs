//! Who a customer said they are. The rules only ever see the masked form: the whole number never reaches the journal.

use serde::{Deserialize, Serialize};

/// What a customer identified themselves with, masked, and what is known of them by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which kind of number it was.
    pub kind: IdentityKind,
    /// As staff may see it: `138****1234`.
    pub masked: String,
    /// Their level within their tier, in the words of the directory of customers: no number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
}

/// Kinds of identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// Mobile number.
    Phone,
    /// Club card.
    Card,
    /// Resident identity card.
    IdCard,
    /// What a two-dimensional code says, of a member's app for instance.
    Code,
}

/// Digits of a Chinese mobile number, whose country code may be left out.
const MOBILE: usize = 11;

impl IdentityKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Phone, Self::Card, Self::IdCard, Self::Code];

    /// Its word in configurations, in lists of customers and on the network.
    pub fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Card => "card",
            Self::IdCard => "id_card",
            Self::Code => "code",
        }
    }

    /// A number as it is looked up, however it was written: without blanks and hyphens, China's country code and small letters.
    /// A code is taken to the letter, but for blanks around it.
    pub fn plain(self, value: &str) -> String {
        let bare = || value.chars().filter(|c| !matches!(c, ' ' | '-'));
        match self {
            Self::Phone => {
                let number: String = bare().collect();
                let at_home = ["+86", "0086", "86"].iter().find_map(|code| number.strip_prefix(code));
                match at_home.filter(|rest| rest.len() == MOBILE && rest.starts_with('1')) {
                    Some(rest) => rest.to_owned(),
                    None => number,
                }
            }
            Self::Card | Self::IdCard => bare().map(|c| c.to_ascii_uppercase()).collect(),
            Self::Code => value.trim().to_owned(),
        }
    }

    /// What is wrong with a number of this kind, and with it what is right; the number itself is not repeated.
    pub fn fault(self, value: &str) -> Option<&'static str> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let value = self.plain(value);
        let right = match self {
            Self::Phone => (5..=20).contains(&value.len()) && digits(value.strip_prefix('+').unwrap_or(&value)),
            Self::Card => (4..=32).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Self::IdCard => {
                let (body, last) = value.split_at_checked(value.len().saturating_sub(1)).unwrap_or(("", ""));
                matches!(value.len(), 15 | 18) && digits(body) && (digits(last) || last == "X")
            }
            Self::Code => (4..=256).contains(&value.chars().count()) && !value.chars().any(char::is_control),
        };
        let wanted = match self {
            Self::Phone => "a phone number is 5 to 20 digits",
            Self::Card => "a card number is 4 to 32 letters and digits",
            Self::IdCard => "a resident identity number is 18 digits, the last may be X, or 15",
            Self::Code => "a code is 4 to 256 characters on one line",
        };
        (!right).then_some(wanted)
    }
}

impl Identity {
    /// Masks a value after the confidentiality norm (138****1234): the first three and last four characters stay when at
    /// least four are hidden between them; of a shorter value nothing stays.
    pub fn mask(kind: IdentityKind, value: &str) -> Self {
        let chars: Vec<char> = value.chars().collect();
        let (head, tail) = if chars.len() >= 11 { (3, 4) } else { (0, 0) };
        let shown = |index: usize| index < head || index >= chars.len() - tail;
        let masked = chars.iter().enumerate().map(|(index, char)| if shown(index) { *char } else { '*' }).collect();
        Self { kind, masked, level: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_keeps_three_and_four_digits() {
        assert_eq!(Identity::mask(IdentityKind::Phone, "13812341234").masked, "138****1234");
    }

    #[test]
    fn of_a_short_value_nothing_stays() {
        assert_eq!(Identity::mask(IdentityKind::Card, "1234567890").masked, "**********");
        assert_eq!(Identity::mask(IdentityKind::Card, "7").masked, "*");
        assert_eq!(Identity::mask(IdentityKind::Card, "").masked, "");
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for written in ["138 1234 1234", "138-1234-1234", "+86 13812341234", "008613812341234", "8613812341234"] {
            assert_eq!(IdentityKind::Phone.plain(written), "13812341234", "{written}");
        }
        // A fixed line that begins like the country code keeps its digits.
        assert_eq!(IdentityKind::Phone.plain("8601 2345"), "86012345");
        assert_eq!(IdentityKind::IdCard.plain("11010119900307003x"), "11010119900307003X");
        assert_eq!(IdentityKind::Card.plain("vip-0042"), "VIP0042");
        assert_eq!(IdentityKind::Code.plain(" M-0042 x "), "M-0042 x");
    }

    #[test]
    fn a_number_that_cannot_be_one_is_told_what_is_right_and_not_repeated() {
        let good = [
            (IdentityKind::Phone, "10086"),
            (IdentityKind::Phone, "+86 138 1234 1234"),
            (IdentityKind::Card, "8801"),
            (IdentityKind::IdCard, "11010119900307003x"),
            (IdentityKind::IdCard, "110101900307003"),
            (IdentityKind::Code, "会员码 0042"),
        ];
        for (kind, value) in good {
            assert_eq!(kind.fault(value), None, "{value}");
        }
        let bad = [
            (IdentityKind::Phone, "1380x", "5 to 20 digits"),
            (IdentityKind::Phone, "", "5 to 20 digits"),
            (IdentityKind::Card, "880", "4 to 32"),
            (IdentityKind::IdCard, "1101011990030700", "18 digits"),
            (IdentityKind::IdCard, "", "18 digits"),
            (IdentityKind::Code, "M-0042\nM-0043", "on one line"),
            (IdentityKind::Code, "  M  ", "4 to 256"),
        ];
        for (kind, value, wanted) in bad {
            let told = kind.fault(value).unwrap_or_else(|| panic!("{value} is taken"));
            assert!(told.contains(wanted), "{told}");
        }
    }
}
