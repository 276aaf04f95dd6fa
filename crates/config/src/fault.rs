//! Deserialising into the wire's own types from a parsed table, without losing what serde knows about a mistake: which field
//! or word was unknown, which were expected, and where it stood.

use std::fmt;
use std::ops::Range;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::reader::kind_of;
use crate::suggest;

/// Why a value was refused.
#[derive(Debug)]
pub(crate) struct Fault {
    /// What was wrong.
    pub(crate) what: What,
    /// Where, when it is not the whole table.
    pub(crate) span: Option<Range<usize>>,
    /// Under which key.
    key: Option<String>,
}

/// Kinds of refusals.
#[derive(Debug)]
pub(crate) enum What {
    /// A key nobody knows.
    UnknownField { field: String, expected: &'static [&'static str] },
    /// A word nobody knows.
    UnknownWord { word: String, expected: &'static [&'static str] },
    /// A key that has to be there.
    MissingField(&'static str),
    /// Anything else: what it is, and how to mend it.
    Wrong { is: String, mend: String },
}

impl Fault {
    /// How to mend it.
    pub(crate) fn mend(&self) -> String {
        match &self.what {
            What::UnknownField { field, expected } => suggest::mend(field, expected),
            What::UnknownWord { word, expected } => suggest::mend(word, expected),
            What::MissingField(field) => format!("add a line {field} = …"),
            What::Wrong { mend, .. } => mend.clone(),
        }
    }

    fn new(what: What) -> Self {
        Self { what, span: None, key: None }
    }

    fn wrong(is: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::new(What::Wrong { is: is.into(), mend: mend.into() })
    }

    fn not_a(wanted: &str, value: &DeValue<'_>, mend: &str) -> Self {
        Self::wrong(format!("is {}, not {wanted}", kind_of(value)), mend)
    }

    fn at(mut self, span: Range<usize>) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_deref().unwrap_or("a value");
        match &self.what {
            What::UnknownField { field, .. } => write!(f, "unknown key {field:?} in the profile"),
            What::UnknownWord { word, .. } => write!(f, "unknown value {word:?} for {key} in the profile"),
            What::MissingField(field) => write!(f, "the profile has no {field}"),
            What::Wrong { is, .. } => write!(f, "{key} in the profile {is}"),
        }
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::wrong(format!("is wrong: {message}"), "write it like the profile files that come with the product")
    }

    fn unknown_variant(word: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::UnknownWord { word: word.to_owned(), expected })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::UnknownField { field: field.to_owned(), expected })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(What::MissingField(field))
    }
}

/// A flat table of plain values, some of whose keys are to be passed over.
pub(crate) struct Flat<'a> {
    pub(crate) entries: &'a DeTable<'a>,
    pub(crate) skip: Vec<String>,
}

impl<'de> Deserializer<'de> for Flat<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let skip = self.skip;
        let entries = self.entries.iter().filter(move |(key, _)| !skip.iter().any(|skipped| skipped == key.get_ref()));
        visitor.visit_map(Entries { entries: Box::new(entries), key: "", value: None })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

type Entry<'de> = (&'de Spanned<toml::de::DeString<'de>>, &'de Spanned<DeValue<'de>>);

struct Entries<'de> {
    entries: Box<dyn Iterator<Item = Entry<'de>> + 'de>,
    key: &'de str,
    value: Option<&'de Spanned<DeValue<'de>>>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: &str = key.get_ref();
        self.key = name;
        let deserializer: StrDeserializer<'_, Fault> = name.into_deserializer();
        seed.deserialize(deserializer).map(Some).map_err(|fault| fault.at(key.span()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some(value) = self.value.take() else {
            return Err(Fault::custom("a value was asked for before its key"));
        };
        let key = Some(self.key.to_owned());
        seed.deserialize(Plain(value.get_ref())).map_err(|fault| Fault { key, ..fault.at(value.span()) })
    }
}

/// A value, by itself or in a list or a table.
struct Plain<'de>(&'de DeValue<'de>);

/// The values of a list.
struct Items<'de>(std::slice::Iter<'de, Spanned<DeValue<'de>>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(item) = self.0.next() else { return Ok(None) };
        seed.deserialize(Plain(item.get_ref())).map(Some).map_err(|fault| fault.at(item.span()))
    }
}

macro_rules! whole_numbers {
    ($($method:ident, $visit:ident, $type:ty;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let mend = format!("write a whole number from 0 to {}, without quotes", <$type>::MAX);
            let DeValue::Integer(integer) = self.0 else {
                return Err(Fault::not_a("a whole number", self.0, &mend));
            };
            match <$type>::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(number) => visitor.$visit(number),
                Err(_) => Err(Fault::wrong(format!("is {integer}, outside 0 to {}", <$type>::MAX), mend)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Plain<'de> {
    type Error = Fault;

    whole_numbers! {
        deserialize_u8, visit_u8, u8;
        deserialize_u16, visit_u16, u16;
        deserialize_u32, visit_u32, u32;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            DeValue::String(text) => visitor.visit_str(text),
            DeValue::Boolean(value) => visitor.visit_bool(*value),
            DeValue::Integer(_) => self.deserialize_u32(visitor),
            DeValue::Array(items) => visitor.visit_seq(Items(items.iter())),
            DeValue::Table(entries) => Flat { entries, skip: Vec::new() }.deserialize_any(visitor),
            DeValue::Float(_) | DeValue::Datetime(_) => {
                Err(Fault::not_a("a plain value", self.0, "write a text, a whole number, true or false"))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_array() {
            return self.deserialize_any(visitor);
        }
        Err(Fault::not_a("a list", self.0, "write a list: [ … ]"))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.0.is_table() {
            return self.deserialize_any(visitor);
        }
        Err(Fault::not_a("a table", self.0, "write a table: { … = … }"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Some(word) = self.0.as_str() else {
            return Err(Fault::not_a("a word", self.0, &format!("allowed: {}", suggest::quoted(variants))));
        };
        let deserializer: StrDeserializer<'_, Fault> = word.into_deserializer();
        deserializer.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct struct identifier ignored_any
    }
}
