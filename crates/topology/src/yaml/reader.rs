//! The parser's events as values: within limits, with aliases followed and merges taken in.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, ScalarStyle, Span};

use super::{Entry, Kind, Value, into_entries, number};
use crate::TopologyProblem;

const MAX_DEPTH: usize = 48;
/// The key that takes in other maps.
const MERGE: &str = "<<";
/// Values of a file once its references are followed.
const MAX_VALUES: usize = 200_000;

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

/// Builds the one document of a text.
#[derive(Default)]
pub(super) struct Reader {
    open: Vec<Open>,
    anchors: HashMap<usize, Known>,
    values: usize,
    pub(super) document: Option<Value>,
    /// Where the first merge is.
    pub(super) merge: Option<u32>,
}

impl Reader {
    pub(super) fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), TopologyProblem> {
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
