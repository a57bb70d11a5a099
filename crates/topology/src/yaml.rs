//! YAML as a tree of words that knows its lines. Files come from anywhere, so size, depth and references
//! to other parts of the file are limited. Deliberately not here: numbers, dates, tags.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::TopologyProblem;

/// Bytes of a file.
const MAX_TEXT: usize = 1024 * 1024;
const MAX_DEPTH: usize = 48;
/// The key that takes in other maps.
const MERGE: &str = "<<";
/// Values of a file once its references are followed.
const MAX_VALUES: usize = 200_000;

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

/// Something that is being read.
struct Open {
    line: u32,
    start: usize,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map { entries: Vec<Entry>, key: Option<(String, u32)> },
}

/// What an anchor stands for, and how much that is.
struct Known {
    value: Value,
    values: usize,
    depth: usize,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: HashMap<usize, Known>,
    values: usize,
    document: Option<Value>,
    merge: Option<u32>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), TopologyProblem> {
        let line = number(span.start.line());
        let begun = |anchor, content| Open { line, start: span.start.index(), anchor, content };
        match event {
            Event::DocumentStart(_) if self.document.is_some() => Err(TopologyProblem::at(
                line,
                "a second document begins here",
                "Keep one document in the file: remove this \"---\" and what follows.",
            )),
            Event::MappingStart(anchor, _) => {
                self.begin(begun(anchor, Content::Map { entries: Vec::new(), key: None }))
            }
            Event::SequenceStart(anchor, _) => self.begin(begun(anchor, Content::List(Vec::new()))),
            Event::Scalar(text, style, anchor, _) => {
                let kind = scalar(&text, style);
                let value = Value { line, span: (span.start.index(), span.end.index()), kind };
                self.done(value, anchor)
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(span),
            Event::Alias(anchor) => self.follow(anchor, line),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), TopologyProblem> {
        self.open.push(open);
        self.ensure_depth(0)
    }

    fn ensure_depth(&self, more: usize) -> Result<(), TopologyProblem> {
        if self.open.len() + more <= MAX_DEPTH {
            return Ok(());
        }
        let line = self.open.last().map_or(1, |open| open.line);
        Err(TopologyProblem::at(
            line,
            format!("this is nested more than {MAX_DEPTH} levels deep"),
            "No topology needs that: write it flatter.",
        ))
    }

    fn count(&mut self, more: usize, line: u32) -> Result<(), TopologyProblem> {
        self.values = self.values.saturating_add(more);
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        Err(TopologyProblem::at(
            line,
            format!("the file holds more than {MAX_VALUES} values once its aliases are followed"),
            "Use fewer aliases, or split the topology.",
        ))
    }

    fn end(&mut self, span: Span) -> Result<(), TopologyProblem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let kind = match open.content {
            Content::List(items) => Kind::List(items),
            Content::Map { entries, .. } => {
                let merge = entries.iter().find(|entry| entry.key == MERGE);
                self.merge = self.merge.or(merge.map(|entry| entry.line));
                Kind::Map(merged(entries)?)
            }
        };
        let value = Value { line: open.line, span: (open.start, span.end.index()), kind };
        self.done(value, open.anchor)
    }

    /// An alias may stand for much; what it stands for counts again.
    fn follow(&mut self, anchor: usize, line: u32) -> Result<(), TopologyProblem> {
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(TopologyProblem::at(
                line,
                "this alias is part of what it stands for",
                "Write out what is meant.",
            ));
        };
        let (values, depth) = (known.values, known.depth);
        self.ensure_depth(depth)?;
        self.count(values, line)?;
        let Some(known) = self.anchors.get(&anchor) else { return Ok(()) };
        let value = Value { line, ..known.value.clone() };
        self.place(value)
    }

    fn done(&mut self, value: Value, anchor: usize) -> Result<(), TopologyProblem> {
        self.count(1, value.line)?;
        if anchor > 0 {
            let (values, depth) = measure(&value);
            // What is kept for aliases is a copy, and so it counts.
            self.count(values, value.line)?;
            self.anchors.insert(anchor, Known { value: value.clone(), values, depth });
        }
        self.place(value)
    }

    fn place(&mut self, value: Value) -> Result<(), TopologyProblem> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.document = Some(value),
            Some(Content::List(items)) => items.push(value),
            Some(Content::Map { entries, key }) => match key.take() {
                Some((key, line)) => entries.push(Entry { key, line, value }),
                None => *key = Some(key_of(value)?),
            },
        }
        Ok(())
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Kind {
    let is_plain = matches!(style, ScalarStyle::Plain);
    if is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Kind::Null;
    }
    Kind::Text(text.to_owned())
}

fn key_of(value: Value) -> Result<(String, u32), TopologyProblem> {
    match value.kind {
        Kind::Text(text) => Ok((text, value.line)),
        Kind::Null => Ok((String::new(), value.line)),
        Kind::List(_) | Kind::Map(_) => Err(TopologyProblem::at(
            value.line,
            "a key is no word",
            "Use a name before the colon; quote text that begins with a bracket or a brace.",
        )),
    }
}

/// How many values, and how deep.
fn measure(value: &Value) -> (usize, usize) {
    let inside: Vec<&Value> = match &value.kind {
        Kind::Null | Kind::Text(_) => return (1, 0),
        Kind::List(items) => items.iter().collect(),
        Kind::Map(entries) => entries.iter().map(|entry| &entry.value).collect(),
    };
    inside
        .into_iter()
        .map(measure)
        .fold((1, 1), |(values, depth), (more, deep)| (values + more, depth.max(deep + 1)))
}

/// Refuses keys that are there twice, and takes in what `<<` names.
fn merged(entries: Vec<Entry>) -> Result<Vec<Entry>, TopologyProblem> {
    let mut seen = HashSet::new();
    for entry in &entries {
        if !seen.insert(entry.key.as_str()) {
            return Err(TopologyProblem::at(
                entry.line,
                format!("\"{}\" is here for the second time", entry.key),
                "Keep one of them: the servers refuse both.",
            ));
        }
    }
    if !seen.contains(MERGE) {
        return Ok(entries);
    }
    let mut seen: HashSet<String> = seen.into_iter().map(str::to_owned).collect();
    let (merges, mut all): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| entry.key == MERGE);
    for merge in merges.into_iter().map(|entry| entry.value) {
        let maps = if let Kind::List(maps) = merge.kind { maps } else { vec![merge] };
        for entry in maps.into_iter().flat_map(into_entries) {
            if seen.insert(entry.key.clone()) {
                all.push(entry);
            }
        }
    }
    Ok(all)
}

pub(crate) fn into_entries(value: Value) -> Vec<Entry> {
    if let Kind::Map(entries) = value.kind { entries } else { Vec::new() }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX).max(1)
}
