//! From byte ranges of a text to lines and columns, and the list of what was found wrong there.

use std::cell::RefCell;
use std::ops::Range;

use crate::error::ConfigError;

/// A file under inspection and the mistakes found in it so far. Everything that reads the file reports here and goes on, so
/// that all mistakes are told at once.
pub(crate) struct Report<'t> {
    file: &'t str,
    text: &'t str,
    errors: RefCell<Vec<ConfigError>>,
}

impl<'t> Report<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, errors: RefCell::default() }
    }

    /// Reports a mistake at the start of these bytes.
    pub(crate) fn error(&self, at: Range<usize>, message: impl Into<String>, mend: impl Into<String>) {
        let (line, column) = position(self.text, at.start);
        let (message, mend) = (message.into(), mend.into());
        self.errors.borrow_mut().push(ConfigError { file: self.file.to_owned(), line, column, message, mend });
    }

    /// Takes over what was found in another file, once.
    pub(crate) fn adopt(&self, errors: Vec<ConfigError>) {
        let mut own = self.errors.borrow_mut();
        for error in errors {
            if !own.contains(&error) {
                own.push(error);
            }
        }
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, at: &Range<usize>) -> usize {
        position(self.text, at.start).0
    }

    /// The mistakes in the order in which a reader meets them: this file's from top to bottom, then other files'.
    pub(crate) fn into_errors(self) -> Vec<ConfigError> {
        let mut errors = self.errors.into_inner();
        let key = |error: &ConfigError| (error.file != self.file, error.file.clone(), error.line, error.column);
        errors.sort_by_key(key);
        errors
    }
}

/// Line and column of a byte, both from 1; the column counts characters. A byte-order mark is no character of the text.
pub(crate) fn position(text: &str, byte: usize) -> (usize, usize) {
    let byte = byte.min(text.len());
    let mut before = &text.as_bytes()[..byte];
    if let Some(rest) = before.strip_prefix("\u{feff}".as_bytes()) {
        before = rest;
    }
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    // Bytes that continue a UTF-8 character look like 10xxxxxx.
    let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn columns_count_characters_and_lines_end_with_a_newline() {
        let text = "名 = \"营\"\r\nb = 1";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, text.find('"').unwrap()), (1, 5));
        assert_eq!(position(text, text.find('b').unwrap()), (2, 1));
        assert_eq!(position(text, 9999), (2, 6));
    }

    #[test]
    fn a_byte_order_mark_moves_no_column() {
        assert_eq!(position("\u{feff}a = 1", 3), (1, 1));
    }
}
