//! Readers of single values: texts, names, numbers, words from a list.

use std::ops::RangeInclusive;

use hall::rules::Names;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;
use toml::Spanned;
use toml::de::DeValue;

use crate::fault::Fault;
use crate::reader::Node;
use crate::suggest;

/// Longest text of one value, in characters: more does not fit on a ticket, a sign or a page.
const MAX_TEXT: usize = 80;
/// Longest id, in characters.
const MAX_ID: usize = 32;

/// A text that is not empty and holds nothing that would move a printer's head.
pub(crate) fn text(node: Node<'_>) -> Option<String> {
    let Some(text) = node.raw().as_str() else {
        return node.not_a("text", "write it in quotes");
    };
    let length = text.chars().count();
    if text.trim().is_empty() {
        node.wrong(format!("{} is empty", node.name), "write something between the quotes, or leave the line out")
    } else if text.chars().any(char::is_control) {
        node.wrong(format!("{} holds a control character", node.name), "write it on one line without escapes")
    } else if length > MAX_TEXT {
        node.wrong(format!("{} has {length} characters", node.name), format!("shorten it to {MAX_TEXT}"))
    } else {
        Some(text.to_owned())
    }
}

/// An id: lower-case letters, digits, `_` and `-`, beginning with a letter. Ids stand in addresses and file names.
pub(crate) fn id(node: Node<'_>) -> Option<String> {
    let (name, span, report) = (node.name.clone(), node.span(), node.report);
    let id = text(node)?;
    let good = id.len() <= MAX_ID
        && id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if !good {
        let mend = format!("use a–z, 0–9, _ and -, a letter first, at most {MAX_ID} characters");
        report.error(span, format!("{name} is {id:?}"), mend);
        return None;
    }
    Some(id)
}

/// A work number: letters and digits, at most 12.
pub(crate) fn work_number(node: Node<'_>) -> Option<String> {
    if node.raw().is_integer() {
        return node.not_a("text", "write the work number in quotes, so that zeros in front are kept: \"1001\"");
    }
    let (name, span, report) = (node.name.clone(), node.span(), node.report);
    let number = text(node)?;
    if number.len() > 12 || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        report.error(span, format!("{name} is {number:?}"), "use letters and digits, at most 12");
        return None;
    }
    Some(number)
}

/// A prefix of numbers.
pub(crate) fn prefix(node: Node<'_>) -> Option<String> {
    let Some(prefix) = node.raw().as_str() else {
        return node.not_a("text", "write one or two letters A–Z in quotes");
    };
    if (1..=2).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Some(prefix.to_owned())
    } else {
        let message = format!("{} is {prefix:?}", node.name);
        node.wrong(message, "use one or two capital letters A–Z, so that letters and digits never run together")
    }
}

/// A name by language: `{ zh = "缴费", en = "Payment" }`, English may be missing.
pub(crate) fn names(node: Node<'_>) -> Option<Names> {
    if node.raw().is_str() {
        return node.not_a("a name by language", "write { zh = \"…\", en = \"…\" }");
    }
    let place = node.name.clone();
    let mut table = node.table(&place)?;
    let zh = table.needed("zh", "\"缴费\"", text);
    let en = table.optional("en", text);
    table.finish();
    Some(Names { zh: zh?.into_inner(), en: en.map(|en| en.into_inner()).unwrap_or_default() })
}

/// True or false.
pub(crate) fn boolean(node: Node<'_>) -> Option<bool> {
    node.raw().as_bool().or_else(|| node.not_a("true or false", "write true or false, without quotes"))
}

/// A whole number within a range.
pub(crate) fn whole<T: TryFrom<i64>>(range: RangeInclusive<i64>, unit: &str) -> impl Fn(Node<'_>) -> Option<T> {
    move |node| {
        let (from, to) = (range.start(), range.end());
        let mend = format!("write a whole number{unit} from {from} to {to}, without quotes");
        let Some(integer) = node.raw().as_integer() else {
            return node.not_a("a whole number", &mend);
        };
        // What does not fit 64 bits is out of every range.
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        match number.filter(|number| range.contains(number)).and_then(|number| T::try_from(number).ok()) {
            Some(number) => Some(number),
            None => node.wrong(format!("{} is {integer}, outside {from} to {to}", node.name), mend),
        }
    }
}

/// Minutes, with or without a point, as whole seconds.
pub(crate) fn minutes(range: RangeInclusive<u16>) -> impl Fn(Node<'_>) -> Option<u32> {
    move |node| {
        let (from, to) = (range.start(), range.end());
        let mend = format!("write minutes from {from} to {to}, without quotes");
        let (written, number) = match node.raw() {
            DeValue::Integer(integer) => {
                // Beyond 32 bits is out of every range.
                let number = i32::from_str_radix(integer.as_str(), integer.radix()).unwrap_or(i32::MAX);
                (integer.to_string(), f64::from(number))
            }
            DeValue::Float(float) => (float.to_string(), float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::String(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return node.not_a("a number", &mend);
            }
        };
        if (f64::from(*from)..=f64::from(*to)).contains(&number) {
            Some((number * 60.0).round() as u32)
        } else {
            node.wrong(format!("{} is {written}, outside {from} to {to}", node.name), mend)
        }
    }
}

/// A list of the same kind of value.
pub(crate) fn each<T>(node: Node<'_>, read: impl Fn(Node<'_>) -> Option<T>) -> Option<Vec<T>> {
    let items = node.list(read)?;
    Some(items.into_iter().map(Spanned::into_inner).collect())
}

/// One word of a list.
pub(crate) fn word<T: Copy>(choices: &[(&str, T)]) -> impl Fn(Node<'_>) -> Option<T> {
    move |node| {
        let allowed: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let Some(written) = node.raw().as_str() else {
            return node.not_a("a word", &format!("allowed: {}", suggest::quoted(&allowed)));
        };
        let found = choices.iter().find(|(word, _)| *word == written).map(|(_, value)| *value);
        found.or_else(|| node.wrong(unknown(written, &node.name), suggest::mend(written, &allowed)))
    }
}

/// One word of an enum; the words are those of its own serialised form, so that a list here cannot fall behind it.
pub(crate) fn enum_word<T: for<'de> Deserialize<'de>>(node: Node<'_>) -> Option<T> {
    let Some(written) = node.raw().as_str() else {
        return node.not_a("a word", "write one word in quotes");
    };
    let deserializer: StrDeserializer<'_, Fault> = written.into_deserializer();
    match T::deserialize(deserializer) {
        Ok(value) => Some(value),
        Err(fault) => node.wrong(unknown(written, &node.name), fault.mend()),
    }
}

fn unknown(written: &str, name: &str) -> String {
    format!("unknown value {written:?} for {name}")
}
