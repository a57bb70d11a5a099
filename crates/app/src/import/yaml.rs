//! As much of YAML as configuration of servers needs: maps of words, as a tree that cannot surprise.
//!
//! References to other parts of the file and deep nesting are refused: both can make a small file huge.

use saphyr_parser::{Event, Parser};

const MAX_DEPTH: usize = 16;

/// A value. Sequences are kept as empty: no setting we read is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Yaml {
    Text(String),
    Map(Vec<(String, Yaml)>),
    List,
}

impl Yaml {
    /// The value of a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The word of a key, unless it is empty or says that there is none.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        let Some(Self::Text(text)) = self.get(key) else { return None };
        Some(text.trim()).filter(|text| !matches!(*text, "" | "~" | "null"))
    }

    /// The entries of a map below a key.
    pub(super) fn map(&self, key: &str) -> Option<&[(String, Self)]> {
        match self.get(key) {
            Some(Self::Map(entries)) => Some(entries),
            _ => None,
        }
    }
}

/// Something that is being read.
enum Open {
    Map { entries: Vec<(String, Yaml)>, key: Option<String> },
    List,
}

/// Reads the first document; none when it is empty.
///
/// # Errors
/// In words, when it is not YAML or does what is refused.
pub(super) fn read(text: &str) -> Result<Option<Yaml>, String> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        let done = match event {
            Event::Alias(_) => return Err("it refers to other parts of itself".into()),
            Event::MappingStart(..) => {
                open.push(Open::Map { entries: Vec::new(), key: None });
                None
            }
            Event::SequenceStart(..) => {
                open.push(Open::List);
                None
            }
            Event::Scalar(text, ..) => Some(Yaml::Text(text.into_owned())),
            Event::MappingEnd | Event::SequenceEnd => match open.pop() {
                Some(Open::Map { entries, .. }) => Some(Yaml::Map(entries)),
                Some(Open::List) | None => Some(Yaml::List),
            },
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            return Err("it is nested too deeply".into());
        }
        let Some(value) = done else { continue };
        match open.last_mut() {
            None => return Ok(Some(value)),
            Some(Open::List) => {}
            Some(Open::Map { entries, key }) => match (key.take(), value) {
                (Some(key), value) => entries.push((key, value)),
                (None, Yaml::Text(text)) => *key = Some(text),
                (None, _) => return Err("a key is not a word".into()),
            },
        }
    }
    Ok(None)
}
