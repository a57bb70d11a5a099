//! Keeps the password of the API out of everything that is shown, logged or fetched.
//!
//! netlab writes its environment into the files it makes, and with it the password it was started with.

use model::Secret;
use serde_json::Value;

const INSTEAD: &str = "••••••";
/// Shorter ones stand in every text by chance.
const SHORTEST: usize = 4;

/// Knows what must not be seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redactor {
    password: Option<Secret<String>>,
}

impl Redactor {
    pub(crate) fn new(password: Option<Secret<String>>) -> Self {
        let long_enough = |password: &Secret<String>| password.expose().len() >= SHORTEST;
        Self { password: password.filter(long_enough) }
    }

    /// The text without the password.
    pub(crate) fn text(&self, text: &str) -> String {
        match &self.password {
            Some(password) => text.replace(password.expose().as_str(), INSTEAD),
            None => text.to_owned(),
        }
    }

    /// A file without the password; in netlab's own description of a lab also without its defaults, where the
    /// environment of the server is. None when it is such a file and cannot be read.
    pub(crate) fn file(&self, path: &str, content: &[u8]) -> Option<Vec<u8>> {
        if !path.ends_with("netlab.topology.json") {
            return Some(self.bytes(content));
        }
        let mut topology: Value = serde_json::from_slice(content).ok()?;
        topology.as_object_mut()?.remove("defaults");
        let text = serde_json::to_string_pretty(&topology).ok()?;
        Some(self.text(&text).into_bytes())
    }

    fn bytes(&self, content: &[u8]) -> Vec<u8> {
        match (std::str::from_utf8(content), &self.password) {
            (Ok(text), Some(_)) => self.text(text).into_bytes(),
            _ => content.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Secret;

    use super::Redactor;

    #[test]
    fn the_password_is_nowhere() {
        let redactor = Redactor::new(Some(Secret::new("correct-horse".into())));
        assert_eq!(redactor.text("password: correct-horse"), "password: ••••••");
        let topology = br#"{"defaults": {"api": {"password": "x"}}, "nodes": {"r1": {"note": "correct-horse"}}}"#;
        let clean = String::from_utf8(redactor.file("netlab.topology.json", topology).unwrap());
        let clean = clean.unwrap();
        assert!(!clean.contains("defaults") && !clean.contains("correct-horse"), "{clean}");
        assert!(clean.contains("r1"));
        assert_eq!(redactor.file("netlab.topology.json", b"not json"), None);
        assert_eq!(redactor.file("r1.cfg", b"\xff\xfe"), Some(b"\xff\xfe".to_vec()));
    }

    #[test]
    fn a_password_that_is_a_common_word_part_breaks_no_text() {
        let redactor = Redactor::new(Some(Secret::new("a".into())));
        assert_eq!(redactor.text("bananas"), "bananas");
    }
}
