//! The lines of a list of customers. What is told of them shows no number, only its masked form.

use broker::directory::{Draft, LEVEL, MOST_LEVELS, is_level};
use csv::StringRecord;
use forecast::column;
use hall::rules::Rules;
use hall::{Identity, IdentityKind};

/// What a list holds, as far as it may be shown.
pub(super) struct Customers {
    /// Everything that is wrong, in no order.
    pub(super) mistakes: Vec<Mistake>,
    /// The first numbers, masked.
    pub(super) examples: Vec<String>,
}

/// What is wrong with a line, where, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// From 1.
    pub(super) line: u64,
    /// From 1, in characters.
    pub(super) column: u64,
    /// What is wrong.
    pub(super) message: String,
    /// What to write instead.
    pub(super) mend: String,
}

/// Numbers shown as examples.
const EXAMPLES: usize = 3;
/// The columns; the last may be left out, of the heading or of a line.
const HEADING: [&str; 4] = ["kind", "value", "tier", "level"];

/// Reads every line into the draft.
pub(super) fn read(text: &str, rules: &Rules, draft: &mut Draft) -> Customers {
    let mut reading = Reading { text, at: 0, line: 1, customers: Customers { mistakes: vec![], examples: vec![] } };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut headed = false;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                reading.go_to(error.position());
                reading.wrong(
                    0,
                    format!("the line cannot be read: {error}"),
                    "save the file as CSV in UTF-8".to_owned(),
                );
                continue;
            }
        }
        reading.go_to(record.position());
        if !headed {
            headed = true;
            if reading.heading_is_wrong(&record) {
                return reading.customers;
            }
        } else if let Some(mistake) = reading.torn(&record) {
            reading.customers.mistakes.push(mistake);
        } else if let Err((field, message, mend)) = customer(&record, rules).and_then(|one| reading.take(one, draft)) {
            reading.wrong(field, message, mend);
        }
    }
    if !headed {
        reading.wrong(0, "the file is empty".to_owned(), begin());
    }
    reading.customers
}

/// A mistake in a field: its index, what is wrong, the mend.
type Fault = (usize, String, String);

struct Customer<'r> {
    kind: IdentityKind,
    value: &'r str,
    tier: usize,
    tier_id: &'r str,
    level: &'r str,
}

fn customer<'r>(record: &'r StringRecord, rules: &'r Rules) -> Result<Customer<'r>, Fault> {
    let field = |at: usize| record.get(at).unwrap_or_default().trim();
    if !(3..=4).contains(&record.len()) {
        let message = format!("the line has {} values, not 3 or 4", record.len());
        return Err((0, message, format!("write {}", HEADING.join(","))));
    }
    let Some(kind) = IdentityKind::ALL.into_iter().find(|kind| kind.word() == field(0)) else {
        let words = IdentityKind::ALL.map(IdentityKind::word).join(", ");
        return Err((0, format!("unknown kind {}", shown(field(0))), format!("write one of {words}")));
    };
    let value = field(1);
    if let Some(wanted) = kind.fault(value) {
        // A column of numbers becomes 1.38E+10 where a spreadsheet takes it for a quantity.
        let rounded = value.contains(['E', 'e']) && value.contains('.') && kind != IdentityKind::Code;
        let mend = if rounded {
            "format the column as text in the spreadsheet, so that it does not round the numbers".to_owned()
        } else {
            wanted.to_owned()
        };
        return Err((1, format!("value is {}", shown(value)), mend));
    }
    let Some((tier, rule)) = rules.tiers.iter().enumerate().find(|(_, tier)| tier.id.as_str() == field(2)) else {
        let known: Vec<_> = rules.tiers.iter().map(|tier| tier.id.as_str()).collect();
        return Err((2, format!("unknown tier {}", shown(field(2))), format!("the hall has {}", known.join(", "))));
    };
    let level = field(3);
    if !is_level(level) {
        let mend = format!("write a word or two of at most {LEVEL} characters, and no number");
        return Err((3, format!("level is {}", shown(level)), mend));
    }
    Ok(Customer { kind, value, tier, tier_id: rule.id.as_str(), level })
}

/// Where in the text the reader is.
struct Reading<'t> {
    text: &'t str,
    /// Byte of the present record.
    at: usize,
    line: u64,
    customers: Customers,
}

impl<'t> Reading<'t> {
    /// Goes on to a record. The reader counts neither empty lines before it nor, with CRLF, the line that has just ended.
    fn go_to(&mut self, position: Option<&csv::Position>) {
        let from = position.map_or(self.at, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let rest = self.text.get(from..).unwrap_or_default().trim_start_matches(['\r', '\n']);
        let at = (self.text.len() - rest.len()).max(self.at);
        self.line += self.text.as_bytes()[self.at..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = at;
    }

    fn row(&self) -> &'t str {
        self.text[self.at..].split(['\n', '\r']).next().unwrap_or_default()
    }

    fn wrong(&mut self, field: usize, message: String, mend: String) {
        let column = column(self.row(), field);
        self.customers.mistakes.push(Mistake { line: self.line, column, message, mend });
    }

    fn take(&mut self, one: Customer<'_>, draft: &mut Draft) -> Result<(), Fault> {
        let tier = u8::try_from(one.tier).unwrap_or(u8::MAX);
        let line = u32::try_from(self.line).unwrap_or(u32::MAX);
        if !draft.add(line, one.kind, one.value, tier, one.level) {
            let message = format!("this is level number {}", MOST_LEVELS + 1);
            return Err((3, message, format!("use at most {MOST_LEVELS} different levels")));
        }
        if self.customers.examples.len() < EXAMPLES {
            let masked = Identity::mask(one.kind, &one.kind.plain(one.value)).masked;
            let example = format!("{} {masked} → {} {}", one.kind.word(), one.tier_id, one.level);
            self.customers.examples.push(example.trim_end().to_owned());
        }
        Ok(())
    }

    fn heading_is_wrong(&mut self, found: &StringRecord) -> bool {
        if let Some(mistake) = self.torn(found) {
            self.customers.mistakes.push(mistake);
            return true;
        }
        let other = (0..found.len().max(3)).find(|at| found.get(*at).map(str::trim) != HEADING.get(*at).copied());
        let Some(at) = other else { return false };
        let message = match (found.get(at), HEADING.get(at)) {
            (Some(word), Some(wanted)) => format!("the heading has {} where {wanted} should be", shown(word.trim())),
            (None, Some(wanted)) => format!("the heading ends where {wanted} should be"),
            (Some(word), None) => format!("the heading goes on with {}", shown(word.trim())),
            (None, None) => "the heading is another one".to_owned(),
        };
        self.wrong(at, message, begin());
        true
    }

    /// Why a line does not fall into the values that its writer meant.
    fn torn(&self, record: &StringRecord) -> Option<Mistake> {
        let mistake = |column: u64, message: &str, mend: &str| {
            Some(Mistake { line: self.line, column, message: message.to_owned(), mend: mend.to_owned() })
        };
        let row = self.row();
        if record.iter().any(|value| value.contains(['\n', '\r'])) {
            let quote =
                row.chars().zip(1..).filter(|(letter, _)| *letter == '"').last().map_or(1, |(_, column)| column);
            let message = "the quote that opens here does not close on its line";
            return mistake(quote, message, "close it, or write the values without quotes");
        }
        let other = row.chars().zip(1..).find(|(letter, _)| matches!(letter, ';' | '\t' | '，') && record.len() == 1);
        let (_, column) = other?;
        mistake(column, "the values are not separated by commas", "separate them by the comma , of ASCII")
    }
}

fn begin() -> String {
    format!("begin the file with the line {} or {}", HEADING[..3].join(","), HEADING.join(","))
}

/// A word of the file, quoted; one that may be somebody's number only masked.
fn shown(word: &str) -> String {
    let digits = word.chars().filter(|letter| letter.is_numeric()).count();
    if word.is_empty() {
        "empty".to_owned()
    } else if digits >= 4 || word.chars().count() > 20 {
        let masked = Identity::mask(IdentityKind::Card, word).masked;
        masked.chars().take(40).collect()
    } else {
        format!("{word:?}")
    }
}

#[cfg(test)]
mod tests;
