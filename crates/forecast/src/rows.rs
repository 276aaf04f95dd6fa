//! The rows of a CSV text, and the place of what is wrong in them.

use std::ops::RangeInclusive;

use csv::StringRecord;

use crate::day::DayError;

/// The rows of a CSV text after its heading.
pub(crate) struct Rows<'t> {
    file: &'t str,
    text: &'t str,
    heading: &'static [&'static str],
    records: csv::StringRecordsIntoIter<&'t [u8]>,
}

/// One of them, with as many values as the heading has words.
pub(crate) struct Row<'t> {
    file: &'t str,
    heading: &'static [&'static str],
    record: StringRecord,
    text: &'t str,
}

impl<'t> Rows<'t> {
    /// Of a text that has to begin with this heading. The file is only named.
    ///
    /// # Errors
    /// It begins otherwise.
    pub(crate) fn of(file: &'t str, text: &'t str, heading: &'static [&'static str]) -> Result<Self, DayError> {
        // A byte order mark is what spreadsheets put in front.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let (line, rest) = place(text, None);
        let wrong = |line: u64, column: u64, message: String, mend: String| DayError {
            file: file.to_owned(),
            line,
            column,
            message,
            mend,
        };
        let begin = || format!("begin the file with the line {}", heading.join(","));
        let found = reader
            .headers()
            .map_err(|error| wrong(line, 1, format!("the heading cannot be read: {error}"), begin()))?;
        if found.is_empty() {
            return Err(wrong(1, 1, "the file is empty".to_owned(), begin()));
        }
        let row = first_line(rest);
        if let Some((column, message, mend)) = torn(found, row) {
            return Err(wrong(line, column, message.to_owned(), mend.to_owned()));
        }
        if let Some((at, message)) = other_heading(found, heading) {
            return Err(wrong(line, column(row, at), message, begin()));
        }
        Ok(Self { file, text, heading, records: reader.into_records() })
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Result<Row<'t>, DayError>;

    fn next(&mut self) -> Option<Self::Item> {
        let wrong = |line, column, message, mend: String| {
            Some(Err(DayError { file: self.file.to_owned(), line, column, message, mend }))
        };
        let record = match self.records.next()? {
            Ok(record) => record,
            Err(error) => {
                let (line, _) = place(self.text, error.position());
                return wrong(
                    line,
                    1,
                    format!("the line cannot be read: {error}"),
                    "save the file as UTF-8".to_owned(),
                );
            }
        };
        let (fits, goes_on) =
            (record.len() == self.heading.len(), record.iter().any(|value| value.contains(LINE_ENDS)));
        if !fits || goes_on {
            let (line, rest) = place(self.text, record.position());
            if let Some((column, message, mend)) = torn(&record, first_line(rest)) {
                return wrong(line, column, message.to_owned(), mend.to_owned());
            }
            if !fits {
                let message = format!("the line has {} values, not {}", record.len(), self.heading.len());
                return wrong(line, 1, message, format!("write {}", self.heading.join(",")));
            }
        }
        Some(Ok(Row { file: self.file, heading: self.heading, record, text: self.text }))
    }
}

impl Row<'_> {
    /// A value that is a whole number in this range.
    ///
    /// # Errors
    /// It is not.
    pub(crate) fn number(&self, field: usize, range: RangeInclusive<u32>) -> Result<u32, DayError> {
        let (from, to) = (range.start(), range.end());
        let mend = format!("write a whole number from {from} to {to}");
        match self.text(field).parse::<u32>() {
            Ok(number) if range.contains(&number) => Ok(number),
            Ok(number) => Err(self.wrong(field, format!("{} is {number}", self.heading[field]), mend)),
            Err(_) => Err(self.wrong(field, format!("{} is {:?}", self.heading[field], self.text(field)), mend)),
        }
    }

    /// The index of a word among those that are known.
    ///
    /// # Errors
    /// It is none of them.
    pub(crate) fn word(&self, field: usize, known: &[&str]) -> Result<usize, DayError> {
        known.iter().position(|word| *word == self.text(field)).ok_or_else(|| {
            let message = format!("unknown {} {:?}", self.heading[field], self.text(field));
            self.wrong(field, message, format!("the hall has {}", known.join(", ")))
        })
    }

    fn text(&self, field: usize) -> &str {
        self.record.get(field).unwrap_or_default().trim()
    }

    fn wrong(&self, field: usize, message: String, mend: String) -> DayError {
        let (line, rest) = place(self.text, self.record.position());
        DayError { file: self.file.to_owned(), line, column: column(rest, field), message, mend }
    }
}

const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// The line of a record, from 1, and the text from there on. The reader counts neither empty lines before a record nor, with
/// CRLF, the line that has just ended.
fn place<'t>(text: &'t str, position: Option<&csv::Position>) -> (u64, &'t str) {
    let from = position.map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
    let rest = text.get(from..).unwrap_or_default().trim_start_matches(['\r', '\n']);
    let before = &text[..text.len() - rest.len()];
    (before.matches('\n').count() as u64 + 1, rest)
}

fn first_line(text: &str) -> &str {
    text.split(LINE_ENDS).next().unwrap_or_default()
}

/// Where the value of a field (from 0) begins in a row of a CSV text, from 1, in characters: behind its commas, blanks and quotes.
pub fn column(row: &str, field: usize) -> u64 {
    let (mut quoted, mut commas, mut column) = (false, 0, 1);
    for letter in row.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted && commas == field => break,
            ',' if !quoted => commas += 1,
            ' ' => {}
            _ if commas == field => break,
            _ => {}
        }
        column += 1;
    }
    column
}

/// The first word of a heading that is not as it should be: its index, and what is wrong.
fn other_heading(found: &StringRecord, heading: &[&str]) -> Option<(usize, String)> {
    (0..found.len().max(heading.len())).find_map(|at| match (found.get(at).map(str::trim), heading.get(at)) {
        (Some(word), Some(wanted)) if word == *wanted => None,
        (Some(word), Some(wanted)) => Some((at, format!("the heading has {word:?} where {wanted} should be"))),
        (None, Some(wanted)) => Some((at, format!("the heading ends where {wanted} should be"))),
        (Some(word), None) => Some((at, format!("the heading goes on with {word:?}"))),
        (None, None) => None,
    })
}

/// Why a line does not fall into the values that its writer meant: the column, what stands there, and the mend.
fn torn(record: &StringRecord, line: &str) -> Option<(u64, &'static str, &'static str)> {
    if let Some(column) = open_quote(line) {
        let message = "the quote that opens here does not close on its line";
        return Some((column, message, "close it, or write the values without quotes"));
    }
    // With commas too, it is the number of values that is wrong.
    let semicolon = line.chars().zip(1..).find(|(letter, _)| *letter == ';' && record.len() == 1);
    semicolon.map(|(_, column)| (column, "semicolons stand between the values", "separate the values by commas"))
}

/// Where a quote opens that does not close on this line, from 1, in characters. Within quotes a doubled one stands for itself;
/// within a value that does not begin with one it is a letter like others.
fn open_quote(line: &str) -> Option<u64> {
    let (mut opened, mut open, mut before) = (0, false, ',');
    for (letter, column) in line.chars().zip(1..) {
        match letter {
            '"' if open => open = false,
            '"' if before == ',' => (opened, open) = (column, true),
            '"' if before == '"' && opened > 0 => open = true,
            ',' if !open => opened = 0,
            _ => {}
        }
        before = letter;
    }
    open.then_some(opened)
}
