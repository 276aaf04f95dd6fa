//! From text to a TOML document, with its mistakes told like all others.

use toml::Spanned;
use toml::de::DeTable;

use crate::spans::Report;

/// The document, or nothing when it is no TOML, and then reported.
pub(crate) fn document<'t>(report: &Report<'_>, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    // Only the first: what follows it is mostly its echo (an open list swallows the rest of the file).
    if let Some(error) = errors.first() {
        let at = error.span().unwrap_or(text.len()..text.len());
        report.error(at, format!("not TOML: {}", error.message()), mend_of(error.message()));
    }
    errors.is_empty().then_some(document)
}

fn mend_of(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "keep one of the two lines"
    } else if message.contains("string") {
        "write text between straight double quotes on one line: \"…\""
    } else {
        "write key = value on a line of its own: text in \"quotes\", numbers without, lists in [ ]"
    }
}
