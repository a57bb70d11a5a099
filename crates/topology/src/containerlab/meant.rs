//! Which dollars of a topology are meant for Moorline: not those of comments, and in what a node's shell
//! reads only those with a default.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    yaml,
    yaml::{Entry, Kind, Value},
};

/// Below these, a dollar is meant for a shell in the node unless it has a default.
const SHELLS: &[&str] = &["exec", "cmd", "entrypoint", "env", "healthcheck", "startup-config"];

/// Which places of a text a person of the lab would fill in.
pub(super) struct Meant {
    /// Bytes.
    comments: Vec<Range<usize>>,
    /// Characters.
    shells: Vec<Range<usize>>,
    /// The character at each dollar's byte.
    characters: BTreeMap<usize, usize>,
}

impl Meant {
    pub(super) fn of(text: &str) -> Self {
        let characters = text
            .char_indices()
            .enumerate()
            .filter(|(_, (_, c))| *c == '$')
            .map(|(character, (byte, _))| (byte, character))
            .collect();
        let shells = yaml::read(text).map(|document| spans_below(&document.root, SHELLS));
        let mut shells = shells.unwrap_or_default();
        shells.sort_by_key(|span| span.end);
        Self { comments: comments(text), shells, characters }
    }

    pub(super) fn is_for_us(&self, byte: usize, has_default: bool) -> bool {
        let is_comment = is_within(&self.comments, byte);
        let character = self.characters.get(&byte);
        let is_shell = character.is_some_and(|character| is_within(&self.shells, *character));
        !is_comment && (has_default || !is_shell)
    }
}

/// Whether one of the spans, sorted by their ends, holds a place.
fn is_within(spans: &[Range<usize>], place: usize) -> bool {
    let first = spans.partition_point(|span| span.end <= place);
    spans.get(first).is_some_and(|span| span.contains(&place))
}

/// Where the values of these keys are, in characters.
fn spans_below(value: &Value, keys: &[&str]) -> Vec<Range<usize>> {
    match &value.kind {
        Kind::Map(entries) => entries
            .iter()
            .flat_map(|Entry { key, value, .. }| {
                if keys.contains(&key.as_str()) {
                    let (start, end) = value.span;
                    std::iter::once(start..end).collect()
                } else {
                    spans_below(value, keys)
                }
            })
            .collect(),
        Kind::List(items) => items.iter().flat_map(|item| spans_below(item, keys)).collect(),
        Kind::Null | Kind::Text(_) => Vec::new(),
    }
}

fn comments(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(at) = comment(line) {
            found.push(start + at..start + line.len());
        }
        start += line.len();
    }
    found
}

/// Where a comment begins in a line: at a `#` after a space, outside of quotes.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' && before.is_whitespace() => return Some(at),
            None if matches!(c, '"' | '\'') && " \t[{,:-".contains(before) => quote = Some(c),
            None => {}
        }
        before = c;
    }
    None
}
