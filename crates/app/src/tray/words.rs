//! The menu's texts in the person's language: one file a language, in `crates/app/languages`.

use serde::Deserialize;

/// Tag and text of every language file.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));
const FALLBACK: &str = "en";

/// Every text of the menu; names of the fields are the names in the files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) no_connections: String,
    pub(super) all_connected: String,
    pub(super) some_connected: String,
    pub(super) tunnels: String,
    pub(super) beside: String,
    pub(super) other: String,
    pub(super) open_ide: String,
    pub(super) open_in: String,
    pub(super) open_in_terminal: String,
    pub(super) open_terminal: String,
    pub(super) open_window: String,
    pub(super) settings: String,
    pub(super) quit: String,
    pub(super) disconnect_one_and_quit: String,
    pub(super) disconnect_and_quit: String,
    pub(super) more: String,
    pub(super) workspace: String,
    pub(super) start: String,
    pub(super) stop: String,
    pub(super) start_tunnel: String,
    pub(super) stop_tunnel: String,
    pub(super) stop_troubled_tunnel: String,
    pub(super) start_lab: String,
    pub(super) stop_lab: String,
    pub(super) lab_starting: String,
    pub(super) lab_stopping: String,
    pub(super) lab_busy: String,
    pub(super) lab_unknown: String,
    pub(super) starting: String,
    pub(super) stopping: String,
    pub(super) removing: String,
    pub(super) paused: String,
    pub(super) unknown: String,
}

impl Words {
    /// The texts of a language, of its main language ("pt" for "pt-BR"), else English.
    pub(super) fn of(language: &str) -> Self {
        let main = language.split('-').next().unwrap_or_default();
        [language, main, FALLBACK]
            .iter()
            .find_map(|tag| FILES.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)))
            .and_then(|(_, text)| toml::from_str(text).ok())
            .unwrap_or_default()
    }
}

/// The text with its braces filled in.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, next)) = after.split_once('}') else { break };
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = next;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn braces(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_has_every_text_with_the_same_values() {
        let table = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
        let english = table(FILES.iter().find(|(tag, _)| *tag == FALLBACK).unwrap().1);
        for (tag, text) in FILES {
            toml::from_str::<Words>(text).unwrap_or_else(|error| panic!("{tag}: {error}"));
            for (name, value) in table(text) {
                let (ours, theirs) = (english[&name].as_str().unwrap(), value.as_str().unwrap());
                assert!(!theirs.is_empty(), "{tag}: {name}");
                assert_eq!(braces(ours), braces(theirs), "{tag}: {name}");
            }
        }
    }

    #[test]
    fn values_are_filled_in_and_never_read_again() {
        assert_eq!(fill("{a} of {b}!", &[("a", "{b}"), ("b", "2")]), "{b} of 2!");
        assert_eq!(fill("open { brace", &[]), "open { brace");
        assert_eq!(Words::of("xx-YY"), Words::of("en"));
    }
}
