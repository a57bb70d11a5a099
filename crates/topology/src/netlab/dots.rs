//! `defaults.device: frr` means a `device` below `defaults`, at any level.

use std::collections::HashMap;

use crate::yaml::{Entry, Kind, Value};

/// More parts than that are no path of settings.
const MAX_PARTS: usize = 12;

/// The same tree with its dotted keys taken apart.
pub(super) fn undotted(value: Value) -> Value {
    let Value { line, span, kind } = value;
    let kind = match kind {
        Kind::List(items) => Kind::List(items.into_iter().map(undotted).collect()),
        Kind::Map(entries) => Kind::Map(joined(entries)),
        Kind::Null | Kind::Text(_) => kind,
    };
    Value { line, span, kind }
}

fn joined(entries: Vec<Entry>) -> Vec<Entry> {
    let entries = entries.into_iter().map(|Entry { key, line, value }| {
        let value = undotted(value);
        if is_path(&key) { deepened(&key, line, value) } else { Entry { key, line, value } }
    });
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<Entry> = Vec::new();
    for entry in entries {
        match places.get(&entry.key).and_then(|place| all.get_mut(*place)) {
            Some(there) => merge(&mut there.value, entry.value),
            None => {
                places.insert(entry.key.clone(), all.len());
                all.push(entry);
            }
        }
    }
    all
}

fn is_path(key: &str) -> bool {
    key.contains('.')
        && key.split('.').count() <= MAX_PARTS
        && key.split('.').all(|part| !part.is_empty() && !part.contains([' ', '/']))
}

fn deepened(key: &str, line: u32, value: Value) -> Entry {
    let span = value.span;
    let mut parts: Vec<&str> = key.split('.').collect();
    let first = parts.remove(0);
    let value = parts.into_iter().rev().fold(value, |value, key| {
        let entry = Entry { key: key.to_owned(), line, value };
        Value { line, span, kind: Kind::Map(vec![entry]) }
    });
    Entry { key: first.to_owned(), line, value }
}

/// What comes later counts, as in netlab.
fn merge(there: &mut Value, more: Value) {
    match (&mut there.kind, more.kind) {
        (Kind::Map(entries), Kind::Map(others)) => {
            let mut all = std::mem::take(entries);
            all.extend(others);
            *entries = joined(all);
        }
        (_, Kind::Null) => {}
        (kind, other) => *kind = other,
    }
}
