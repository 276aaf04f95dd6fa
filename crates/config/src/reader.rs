//! Reading a TOML document key by key. Unlike a derived deserialiser, which stops at the first mistake, a [`Table`] reports
//! each one and hands out a blank in its place; nothing built from blanks survives, because a report with errors is refused.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::spans::Report;
use crate::suggest;

/// A TOML table whose keys are taken one after the other.
pub(crate) struct Table<'a> {
    report: &'a Report<'a>,
    place: String,
    span: Range<usize>,
    entries: &'a DeTable<'a>,
    known: Vec<&'static str>,
    missing: Vec<Missing>,
}

/// A key that has to be there and is not.
struct Missing {
    key: &'static str,
    message: String,
    mend: String,
}

/// A value, and how to speak of it.
pub(crate) struct Node<'a> {
    pub(crate) report: &'a Report<'a>,
    /// `limit_min in [[tier]]`
    pub(crate) name: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    /// The whole document.
    pub(crate) fn root(report: &'a Report<'a>, document: &'a Spanned<DeTable<'a>>, place: &str) -> Self {
        Self {
            report,
            place: place.to_owned(),
            span: 0..0,
            entries: document.get_ref(),
            known: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Where it stands: its header.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The file's report.
    pub(crate) fn report(&self) -> &'a Report<'a> {
        self.report
    }

    /// Whether the file has this key, right or wrong.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.get(key).is_some()
    }

    /// The value of a key that may be left out.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.known.push(key);
        let value = self.entries.get(key)?;
        Some(Node { report: self.report, name: format!("{key} in {}", self.place), value })
    }

    /// What a key that may be left out says; `None` also when it was wrong and reported.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let node = self.take(key)?;
        let span = node.span();
        read(node).map(|value| Spanned::new(span, value))
    }

    /// What a key that must be there says; `None` when it was missing or wrong, and reported at the latest by
    /// [`Table::finish`].
    pub(crate) fn needed<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        if !self.has(key) {
            let (message, mend) =
                (format!("{} has no {key}", self.place), format!("add a line such as {key} = {example}"));
            self.missing.push(Missing { key, message, mend });
        }
        self.optional(key, read)
    }

    /// As [`Table::needed`], with a blank where it was missing or wrong.
    pub(crate) fn required<T: Default>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Spanned<T> {
        self.needed(key, example, read).unwrap_or_else(|| Spanned::new(self.span(), T::default()))
    }

    /// The tables of `[[key]]`, none when it is not there.
    pub(crate) fn sections(&mut self, key: &'static str) -> Vec<Table<'a>> {
        let place = format!("[[{key}]]");
        self.take(key).map_or_else(Vec::new, |node| node.tables(&place))
    }

    /// The tables of `[[key]]`, of which there has to be one.
    pub(crate) fn needed_sections(&mut self, key: &'static str, mend: &str) -> Vec<Table<'a>> {
        let empty =
            self.entries.get(key).and_then(|value| value.get_ref().as_array()).is_some_and(|list| list.is_empty());
        if empty || !self.has(key) {
            self.missing.push(Missing { key, message: format!("there is no [[{key}]]"), mend: mend.to_owned() });
        }
        self.sections(key)
    }

    /// The table of `[key]`, which has to be there.
    pub(crate) fn needed_section(&mut self, key: &'static str, mend: &str) -> Option<Table<'a>> {
        if !self.has(key) {
            self.missing.push(Missing { key, message: format!("there is no [{key}]"), mend: mend.to_owned() });
        }
        self.section(key)
    }

    /// The table of `[key]`.
    pub(crate) fn section(&mut self, key: &'static str) -> Option<Table<'a>> {
        let node = self.take(key)?;
        if node.value.get_ref().is_array() {
            let message = format!("[[{key}]] is written with two brackets");
            self.report.error(node.span(), message, format!("there is only one: write [{key}]"));
            return None;
        }
        node.table(&format!("[{key}]"))
    }

    /// Reports the keys nobody asked for, and those that are missing and not only misspelt.
    pub(crate) fn finish(mut self) {
        for (key, _) in self.entries {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let message = format!("unknown key {name:?} in {}", self.place);
                self.report.error(key.span(), message, suggest::mend(name, &self.known));
                let meant = suggest::nearest(name, self.known.iter().copied());
                self.missing.retain(|missing| Some(missing.key) != meant);
            }
        }
        for Missing { message, mend, .. } in self.missing {
            self.report.error(self.span.clone(), message, mend);
        }
    }
}

impl<'a> Node<'a> {
    /// Its bytes.
    pub(crate) fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// The value as TOML sees it.
    pub(crate) fn raw(&self) -> &'a DeValue<'a> {
        self.value.get_ref()
    }

    /// Reports this value; always `None`, so that a reader can end with it.
    pub(crate) fn wrong<T>(&self, message: impl Into<String>, mend: impl Into<String>) -> Option<T> {
        self.report.error(self.span(), message, mend);
        None
    }

    /// Reports that the value is of the wrong type.
    pub(crate) fn not_a<T>(&self, wanted: &str, mend: &str) -> Option<T> {
        let kind = kind_of(self.raw());
        self.wrong(format!("{} is {kind}, not {wanted}", self.name), mend)
    }

    /// The table under this key.
    pub(crate) fn table(self, place: &str) -> Option<Table<'a>> {
        match self.raw() {
            DeValue::Table(entries) => Some(Table {
                report: self.report,
                place: place.to_owned(),
                span: self.span(),
                entries,
                known: Vec::new(),
                missing: Vec::new(),
            }),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => self.not_a("a table", "write it in braces: { key = value, … }"),
        }
    }

    /// The tables of a list of tables.
    pub(crate) fn tables(self, place: &str) -> Vec<Table<'a>> {
        if self.raw().is_table() {
            let message = format!("{} is one table, not a list of them", self.name);
            self.wrong::<()>(message, format!("write {place}, with two brackets, once for each"));
            return Vec::new();
        }
        let mut tables = Vec::new();
        self.list(|item| {
            tables.extend(item.table(place));
            Some(())
        });
        tables
    }

    /// Every item of a list; `None` when it is no list or one of them was wrong, and reported.
    pub(crate) fn list<T>(self, mut read: impl FnMut(Node<'a>) -> Option<T>) -> Option<Vec<Spanned<T>>> {
        let Some(items) = self.raw().as_array() else {
            return self.not_a("a list", "write it in square brackets: [ … ]");
        };
        let read: Vec<Option<Spanned<T>>> = items
            .iter()
            .map(|value| {
                let item = Node { report: self.report, name: format!("an item of {}", self.name), value };
                read(item).map(|read| Spanned::new(value.span(), read))
            })
            .collect();
        read.into_iter().collect()
    }
}

/// A value's type, as people call it.
pub(crate) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
