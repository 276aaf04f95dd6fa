//! Breaking text into lines of a given width in columns, the way Chinese and English readers expect.

use crate::charset::columns;

/// Columns `text` takes: one for ASCII, two for everything else.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// `text` in at most `max_lines` lines of at most `limit` columns (at least 2). English words stay whole
/// where a line can hold them, closing punctuation stays with the character before it, no character is ever
/// split, and text that does not fit ends in "…".
pub(super) fn wrap(text: &str, limit: usize, max_lines: usize) -> Vec<String> {
    let limit = limit.max(2);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text).into_iter().flat_map(|piece| cut_to(piece, limit)) {
        if width(&line) + width(piece) > limit {
            lines.push(std::mem::take(&mut line));
        }
        if !(line.is_empty() && piece == " ") {
            line.push_str(piece);
        }
    }
    lines.push(line);
    let mut lines: Vec<String> =
        lines.into_iter().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect();
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            while width(last) + width("…") > limit {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// Closing punctuation that must not begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〉”’…%％";
/// Opening punctuation that must not end a line.
const OPENING: &str = "（《「『【〈“‘";

/// The pieces a line may be broken between.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in text.char_indices() {
        if previous.is_some_and(|previous| may_break(previous, c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        previous = Some(c);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

fn may_break(before: char, after: char) -> bool {
    if before == ' ' || after == ' ' {
        return true;
    }
    if CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    !(before.is_ascii() && after.is_ascii())
}

/// A piece longer than a whole line, cut wherever the line is full.
fn cut_to(piece: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut used = 0;
    for (at, c) in piece.char_indices() {
        if used + columns(c) > limit {
            parts.push(&piece[start..at]);
            start = at;
            used = 0;
        }
        used += columns(c);
    }
    parts.push(&piece[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counts_double_and_is_never_split() {
        assert_eq!(wrap("身份证原件及复印件", 7, 9), ["身份证", "原件及", "复印件"]);
    }

    #[test]
    fn an_english_word_stays_whole() {
        assert_eq!(wrap("Bring your passport today", 12, 9), ["Bring your", "passport", "today"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_cut() {
        assert_eq!(wrap("ABCDEFGHIJ", 4, 9), ["ABCD", "EFGH", "IJ"]);
    }

    #[test]
    fn a_full_stop_does_not_begin_a_line() {
        assert_eq!(wrap("过号重取。谢谢", 8, 9), ["过号重", "取。谢谢"]);
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis() {
        assert_eq!(wrap("一二三四五六七八九", 8, 2), ["一二三四", "五六七…"]);
    }

    #[test]
    fn nothing_gives_no_line() {
        assert_eq!(wrap("   ", 8, 2), Vec::<String>::new());
    }
}
