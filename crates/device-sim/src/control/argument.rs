//! The argument of an act, read as what the act takes.

use std::path::Path;

use serde_json::Value;

use super::ActError;

#[derive(Clone, Copy)]
pub(super) struct Argument<'a> {
    pub(super) value: &'a Value,
    pub(super) wants: &'static str,
}

impl<'a> Argument<'a> {
    /// Yes or no; nothing at all is yes.
    pub(super) fn flag(self) -> Result<bool, ActError> {
        if self.value.is_null() { Ok(true) } else { self.value.as_bool().ok_or_else(|| self.wrong()) }
    }

    pub(super) fn number<N: TryFrom<u64>>(self) -> Result<N, ActError> {
        self.value.as_u64().and_then(|number| N::try_from(number).ok()).ok_or_else(|| self.wrong())
    }

    /// A number, or nothing.
    pub(super) fn optional_number<N: TryFrom<u64>>(self) -> Result<Option<N>, ActError> {
        if self.value.is_null() { Ok(None) } else { self.number().map(Some) }
    }

    pub(super) fn real(self) -> Result<f32, ActError> {
        self.value.as_f64().map(|number| number as f32).ok_or_else(|| self.wrong())
    }

    pub(super) fn text(self) -> Result<&'a str, ActError> {
        self.value.as_str().ok_or_else(|| self.wrong())
    }

    pub(super) fn path(self) -> Result<&'a Path, ActError> {
        self.text().map(Path::new)
    }

    /// Bytes in hexadecimal, with or without blanks.
    pub(super) fn bytes(self) -> Result<Vec<u8>, ActError> {
        let digits: Option<Vec<u8>> = self
            .text()?
            .chars()
            .filter(|character| !character.is_ascii_whitespace())
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| digits.len() % 2 == 0).ok_or_else(|| self.wrong())?;
        Ok(digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect())
    }

    /// A text field of an object.
    pub(super) fn field(self, name: &str) -> Result<&'a str, ActError> {
        self.value.get(name).and_then(Value::as_str).ok_or_else(|| self.wrong())
    }

    /// A text field of an object that may be left out.
    pub(super) fn optional_field(self, name: &str) -> Option<&'a str> {
        self.value.get(name).and_then(Value::as_str)
    }

    pub(super) fn wrong(self) -> ActError {
        ActError::Argument { wants: if self.wants.is_empty() { "left out" } else { self.wants } }
    }
}
