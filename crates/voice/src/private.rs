//! What is not said aloud in a hall.

/// Who hears what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Everybody who stands near the loudspeaker.
    Everybody,
    /// Whoever wears the headphones.
    Customer,
}

/// So many digits in a row are a number that somebody has and not one that the hall gave: a telephone, a card, an appointment.
const SOMEBODYS: usize = 6;

/// The text without the numbers of persons. Masked ones go as well: their last digits are enough for whoever stands near.
pub(crate) fn without_numbers_of_persons(text: &str) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    for character in text.chars() {
        if belongs_to_number(character) || (is_between_groups(character) && !run.is_empty()) {
            run.push(character);
        } else {
            kept.push_str(unless_somebodys(&run));
            run.clear();
            kept.push(character);
        }
    }
    kept.push_str(unless_somebodys(&run));
    kept
}

fn unless_somebodys(run: &str) -> &str {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    if digits >= SOMEBODYS || run.contains(is_mask) { " " } else { run }
}

fn belongs_to_number(character: char) -> bool {
    character.is_ascii_digit() || is_mask(character)
}

fn is_mask(character: char) -> bool {
    matches!(character, '*' | '＊' | '•' | '●')
}

/// People group digits by threes and fours.
fn is_between_groups(character: char) -> bool {
    matches!(character, ' ' | '-' | '\u{a0}' | '\u{2009}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_are_left_out_whole() {
        for number in ["13812345678", "138 1234 5678", "138-1234-5678", "138****5678", "138****", "622202", "●●●"]
        {
            let said = without_numbers_of_persons(&format!("已识别 {number} 客户"));
            assert!(!said.contains(|c: char| c.is_ascii_digit()), "{number}: {said}");
        }
    }

    #[test]
    fn numbers_of_the_hall_stay() {
        for text in ["您的号码 A042", "前面 12 位", "约 10–20 分钟", "09:00–18:00", "客服热线 10086"]
        {
            assert_eq!(without_numbers_of_persons(text), text);
        }
    }
}
