//! Calls as lines of text that fit a display of 16-dot characters.

use wire::{Place, SignCall, SignWanted};

/// The language displays speak: their fonts hold Chinese and ASCII.
const LANGUAGE: &str = "zh";
/// Characters are 16 dots high; an ASCII one is 8 wide, a Chinese one 16.
const ROW_DOTS: u16 = 16;
const COLUMN_DOTS: u16 = 8;
/// Columns one frame of the card has room for.
const MOST_COLUMNS: usize = 400;

/// A display counted in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Board {
    columns: usize,
    rows: usize,
}

impl Board {
    pub(super) fn of_pixels(width: u16, height: u16) -> Self {
        let columns = usize::from(width / COLUMN_DOTS).clamp(1, MOST_COLUMNS);
        let rows = usize::from(height / ROW_DOTS).clamp(1, MOST_COLUMNS / columns);
        Self { columns, rows }
    }

    pub(super) fn rows(self) -> usize {
        self.rows
    }

    /// Lines in one run, each filled up to the display's edge.
    pub(super) fn filled(self, lines: &[String]) -> String {
        let fill = |line: &String| " ".repeat(self.columns.saturating_sub(width(line)));
        lines.iter().map(|line| format!("{line}{}", fill(line))).collect::<String>().trim_end().to_owned()
    }
}

/// The wanted state in lines: the newest calls, or the idle text.
pub(super) fn lines(wanted: &SignWanted, place: &Place, board: Board) -> Vec<String> {
    if wanted.calls.is_empty() {
        let idle = wanted.idle.get(LANGUAGE).map(String::as_str).unwrap_or_default();
        wrap(idle, board)
    } else {
        wanted.calls.iter().take(board.rows).map(|call| line(call, place, board.columns)).collect()
    }
}

/// A call in the longest form that fits. At a counter everybody sees which one it is.
fn line(call: &SignCall, place: &Place, columns: usize) -> String {
    let SignCall { number, counter, .. } = call;
    let number = plain(number);
    let forms = match place {
        Place::Counter(_) => vec![format!("请 {number} 号"), number.clone()],
        Place::Hall | Place::Kiosk(_) => vec![
            format!("{number} → {counter}号窗口"),
            format!("{number}→{counter}号窗口"),
            format!("{number}→{counter}号"),
            format!("{number} {counter}"),
        ],
    };
    let fits = forms.iter().find(|form| width(form) <= columns);
    fits.cloned().unwrap_or_else(|| last_columns(&number, columns))
}

/// Idle text over the rows, broken anywhere as Chinese may be; what does not fit is left out.
fn wrap(text: &str, board: Board) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for character in plain(text).chars() {
        let columns = columns_of(character);
        if used + columns > board.columns {
            if lines.len() == board.rows {
                break;
            }
            lines.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(line) = lines.last_mut() {
            line.push(character);
        }
    }
    lines
}

/// Without the sign that begins the card's commands.
fn plain(text: &str) -> String {
    text.replace('\\', "/")
}

/// Of a number too long, the end: that is where its digits are.
fn last_columns(number: &str, columns: usize) -> String {
    let skip = number.chars().count().saturating_sub(columns);
    number.chars().skip(skip).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn wanted(calls: &[(&str, u16)]) -> SignWanted {
        SignWanted {
            place: Place::Hall,
            seq: 1,
            calls: calls
                .iter()
                .map(|(number, counter)| SignCall { number: (*number).to_owned(), counter: *counter, calls: 1 })
                .collect(),
            idle: BTreeMap::from([("zh".to_owned(), "请在大厅等候叫号".to_owned())]),
            brightness: None,
        }
    }

    #[test]
    fn the_newest_calls_stand_one_a_line() {
        let wanted = wanted(&[("A032", 3), ("V001", 12), ("A031", 1)]);
        assert_eq!(lines(&wanted, &Place::Hall, Board::of_pixels(192, 32)), ["A032 → 3号窗口", "V001 → 12号窗口"]);
    }

    #[test]
    fn a_narrow_display_gets_a_shorter_form() {
        for (width, shown) in
            [(128, "A032 → 3号窗口"), (112, "A032→3号窗口"), (80, "A032→3号"), (48, "A032 3"), (24, "032")]
        {
            assert_eq!(lines(&wanted(&[("A032", 3)]), &Place::Hall, Board::of_pixels(width, 16)), [shown], "{width}");
        }
    }

    #[test]
    fn at_a_counter_the_number_alone_is_shown() {
        let sign = lines(&wanted(&[("A032", 3)]), &Place::Counter(3), Board::of_pixels(96, 16));
        assert_eq!(sign, ["请 A032 号"]);
    }

    #[test]
    fn nobody_called_shows_the_idle_text_as_far_as_it_fits() {
        assert_eq!(lines(&wanted(&[]), &Place::Hall, Board::of_pixels(64, 32)), ["请在大厅", "等候叫号"]);
        assert_eq!(lines(&wanted(&[]), &Place::Hall, Board::of_pixels(64, 16)), ["请在大厅"]);
    }

    #[test]
    fn no_text_can_give_the_card_a_command() {
        let mut idle = wanted(&[]);
        idle.idle.insert("zh".to_owned(), "\\C1".to_owned());
        assert_eq!(lines(&idle, &Place::Hall, Board::of_pixels(64, 16)), ["/C1"]);
    }
}
