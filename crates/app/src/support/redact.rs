//! Takes names, addresses and secrets out of text. What is known by name gets a stand-in that is the same
//! everywhere, so that a log stays readable; what only looks like an address or a secret goes whatever it is.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Captures, Regex};

/// Shorter words would take half of every sentence along.
const SHORTEST: usize = 2;

/// Things that look like secrets or addresses, and what stands in for them. `$1` is kept.
const PATTERNS: &[(&str, &str)] = &[
    (r"(?s)-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|$)", "<key>"),
    (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}", "$1 <secret>"),
    (r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", "<token>"),
    (r"\b(?:gh[pousr]|github_pat|glpat|xox[bap]|sk|AKIA)[_-]?[A-Za-z0-9_-]{16,}", "<token>"),
    (
        r#"(?i)\b((?:pass(?:word|phrase|wd)?|secret|token|api[_-]?key|authorization|cookie)["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;}&]+)"#,
        "$1<secret>",
    ),
    (r"(://)[^/\s:@]*:[^/\s@]*@", "$1<secret>@"),
    (r"\b[A-Za-z0-9_.-]+@[A-Za-z0-9][A-Za-z0-9.-]*", "<user>@<host>"),
    (r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "<address>"),
    (r"(?i)(?:\b|\[)[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}(?:%[a-z0-9]+)?\]?", "<address>"),
    (r"(?i)::[0-9a-f]{1,4}(?::[0-9a-f]{1,4})+", "<address>"),
    (
        r"(?i)\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|edu|gov|local|lan|internal|home|corp|cloud|de|uk|eu|fr|ch|at|nl|us|jp|cn|ru|info|biz|test|example|invalid)\b",
        "<host>",
    ),
];

/// What is taken out, and how often.
pub(super) struct Redactor {
    /// Stand-ins by lower-case word.
    names: BTreeMap<String, String>,
    known: Option<Regex>,
    patterns: Vec<(Regex, &'static str)>,
    counts: BTreeMap<&'static str, usize>,
    pub(super) replaced: u32,
}

impl Redactor {
    pub(super) fn new() -> Self {
        let patterns = PATTERNS
            .iter()
            .filter_map(|(pattern, stand_in)| Some((Regex::new(pattern).ok()?, *stand_in)))
            .collect();
        Self { names: BTreeMap::new(), known: None, patterns, counts: BTreeMap::new(), replaced: 0 }
    }

    /// Learns words of a sort ("host", "user"): each gets a number.
    pub(super) fn learn(&mut self, sort: &'static str, words: impl IntoIterator<Item = String>) {
        let words: BTreeSet<String> = words.into_iter().map(|word| word.to_lowercase()).collect();
        for word in words {
            let is_word = word.len() >= SHORTEST && word.chars().any(char::is_alphanumeric);
            if !is_word || self.names.contains_key(&word) {
                continue;
            }
            let count = self.counts.entry(sort).or_default();
            *count += 1;
            self.names.insert(word, format!("<{sort}-{count}>"));
        }
        self.known = self.matcher();
    }

    fn matcher(&self) -> Option<Regex> {
        let mut words: Vec<&String> = self.names.keys().collect();
        // The longest first: "forge-1.example.org" before "forge-1".
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let any: Vec<String> = words.into_iter().map(|word| regex::escape(word)).collect();
        if any.is_empty() {
            return None;
        }
        regex::RegexBuilder::new(&any.join("|"))
            .case_insensitive(true)
            .size_limit(64 * 1024 * 1024)
            .build()
            .ok()
    }

    /// The text without them.
    pub(super) fn clean(&mut self, text: &str) -> String {
        let mut replaced = 0;
        let mut text = text.to_owned();
        for (pattern, stand_in) in &self.patterns {
            let next = pattern.replace_all(&text, |captures: &Captures<'_>| {
                replaced += 1;
                let mut out = String::new();
                captures.expand(stand_in, &mut out);
                out
            });
            text = next.into_owned();
        }
        if let Some(known) = &self.known {
            let names = &self.names;
            let source = text.clone();
            let next = known.replace_all(&text, |captures: &Captures<'_>| {
                let whole = captures.get(0);
                let found = whole.map_or("", |found| found.as_str());
                let is_inside = whole.is_some_and(|found| is_inside(&source, found.range()));
                match names.get(&found.to_lowercase()) {
                    Some(stand_in) if !is_inside => {
                        replaced += 1;
                        stand_in.clone()
                    }
                    _ => found.to_owned(),
                }
            });
            text = next.into_owned();
        }
        self.replaced += replaced;
        text
    }
}

/// Part of a longer word, such as "al" in "also", or of a stand-in.
fn is_inside(text: &str, range: std::ops::Range<usize>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    is_letter(before) || is_letter(after) || (before == Some('<') && after == Some('>'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(text: &str) -> String {
        let mut redactor = Redactor::new();
        redactor.learn("host", ["forge-1.example.org".into(), "forge-1".into()]);
        redactor.learn("user", ["alice".into(), "al".into()]);
        redactor.clean(text)
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(Redactor::new().patterns.len(), PATTERNS.len());
    }

    #[test]
    fn known_names_get_the_same_stand_in_everywhere() {
        let text = clean("ALICE also reached Forge-1 and forge-1, not forge-11; al waited");
        assert_eq!(
            text,
            "<user-2> also reached <host-1> and <host-1>, not forge-11; <user-1> waited"
        );
    }

    #[test]
    fn what_looks_like_a_secret_or_an_address_goes() {
        for (text, canary) in [
            ("password=canary1 next", "canary1"),
            ("{\"passphrase\": \"canary 2\"}", "canary"),
            ("Authorization: Bearer canary3canary", "canary3"),
            ("https://bob:canary4@git.example.com/x", "canary4"),
            (
                "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary5\n-----END OPENSSH PRIVATE KEY-----",
                "canary5",
            ),
            ("-----BEGIN OPENSSH PRIVATE KEY----- canary6 cut off", "canary6"),
            ("token: ghp_canary7canary7canary7", "canary7"),
            ("eyJcanary8.eyJcanary8.canary8", "canary8"),
            ("ssh canary9@canary9-host failed", "canary9"),
            ("dial 10.23.45.67:22", "10.23.45.67"),
            ("dial [2001:db8::1]:22", "2001:db8"),
            ("lost build7.lab.internal again", "build7"),
        ] {
            let text = clean(text);
            assert!(!text.contains(canary), "{text}");
        }
    }

    #[test]
    fn ordinary_words_stay() {
        let text = "12:04:19 INFO app::sessions connected in 23 ms, 5 of 7, libpod 4.3.1";
        assert_eq!(clean(text), text);
    }

    proptest! {
        #[test]
        fn no_known_name_survives_as_a_word(before in "[ .,:/()\"=]", after in "[ .,:/()\"=]", name in "[a-z][a-z0-9-]{2,12}[a-z0-9]") {
            let mut redactor = Redactor::new();
            redactor.learn("host", [name.clone()]);
            let text = redactor.clean(&format!("x{before}{name}{after}y"));
            prop_assert!(!text.contains(&name), "{}", text);
        }

        #[test]
        fn any_text_can_be_cleaned(text in "\\PC*") {
            let mut redactor = Redactor::new();
            redactor.learn("host", ["forge".into()]);
            redactor.clean(&text);
        }
    }
}
