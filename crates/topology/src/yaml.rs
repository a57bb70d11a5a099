//! YAML as a tree of words that knows its lines. Files come from anywhere, so size, depth and references
//! to other parts of the file are limited. Deliberately not here: numbers, dates, tags.

mod reader;

use saphyr_parser::Parser;

use crate::TopologyProblem;
use reader::Reader;

/// Bytes of a file.
const MAX_TEXT: usize = 1024 * 1024;

/// A value and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    /// Counted from 1.
    pub(crate) line: u32,
    /// Characters of the text that it covers.
    pub(crate) span: (usize, usize),
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Text(String),
    List(Vec<Value>),
    Map(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    /// Where the key is.
    pub(crate) line: u32,
    pub(crate) value: Value,
}

impl Value {
    pub(crate) fn entries(&self) -> &[Entry] {
        if let Kind::Map(entries) = &self.kind { entries } else { &[] }
    }

    pub(crate) fn items(&self) -> &[Self] {
        if let Kind::List(items) = &self.kind { items } else { &[] }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value below keys, one after the other.
    pub(crate) fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Its word; none for anything else, and for one that is empty.
    pub(crate) fn word(&self) -> Option<&str> {
        let Kind::Text(text) = &self.kind else { return None };
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    /// The word of a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.word()
    }

    /// Its words, also where there is just one and no list.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.items().iter().filter_map(Self::word).chain(self.word()).collect()
    }

    /// Whether it is one of YAML's ways to say yes.
    pub(crate) fn is_true(&self) -> bool {
        self.word().is_some_and(|word| {
            ["true", "yes", "on"].iter().any(|yes| word.eq_ignore_ascii_case(yes))
        })
    }
}

/// A text that was read.
pub(crate) struct Document {
    /// Null where the text is empty.
    pub(crate) root: Value,
    /// Where `<<` takes in another map for the first time. Not every server knows that.
    pub(crate) merge: Option<u32>,
}

/// Reads the one document of a text.
pub(crate) fn read(text: &str) -> Result<Document, TopologyProblem> {
    if text.len() > MAX_TEXT {
        return Err(TopologyProblem::whole(
            "the file is larger than 1 MiB",
            "Move what is no topology into files of its own.",
        ));
    }
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, span) = event.map_err(|error| unreadable(&error))?;
        reader.take(event, span)?;
    }
    let empty = Value { line: 1, span: (0, 0), kind: Kind::Null };
    Ok(Document { root: reader.document.unwrap_or(empty), merge: reader.merge })
}

fn unreadable(error: &saphyr_parser::ScanError) -> TopologyProblem {
    let said = error.info().to_owned();
    let hint = if said.contains("tab") {
        "Use spaces at the beginning of lines."
    } else {
        "Check the spaces at the beginning of this line and the one before, quotes and brackets."
    };
    TopologyProblem::at(number(error.marker().line()), format!("this is no YAML: {said}"), hint)
}

pub(crate) fn into_entries(value: Value) -> Vec<Entry> {
    if let Kind::Map(entries) = value.kind { entries } else { Vec::new() }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}
