//! What a person typed into the form, parsed.

use std::collections::{BTreeMap, BTreeSet};

use model::{FieldProblem, FormValues};

use super::names::{is_volume_name, name_problem, name_suggestion};

/// A new workspace as wished for; where a field had a problem it holds what could be kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) ports: Vec<u16>,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) cpus: Option<u32>,
    pub(crate) memory_mib: Option<u32>,
    /// Name and path.
    pub(crate) volumes: Vec<(String, String)>,
    pub(crate) command: Vec<String>,
    pub(crate) branch: Option<String>,
    /// Said by the app, not typed: what the workspace is made from, and who signs its host key.
    pub(crate) repository: Option<String>,
    pub(crate) host_authority: Option<String>,
    pub(crate) ide_port: Option<u16>,
    pub(crate) is_started: bool,
}

/// Collects problems while fields are parsed.
struct Reader<'a> {
    values: &'a FormValues,
    problems: Vec<FieldProblem>,
}

impl Draft {
    /// Parses every field; problems are in the form's order.
    pub(crate) fn parse(values: &FormValues) -> (Self, Vec<FieldProblem>) {
        let mut reader = Reader { values, problems: Vec::new() };
        let draft = Self {
            name: reader.name(),
            image: reader.image(),
            ports: reader.ports(),
            environment: reader.environment(),
            cpus: reader.number("cpu", "CPU"),
            memory_mib: reader.number("memory", "memory"),
            volumes: reader.volumes(),
            command: reader.command(),
            branch: reader.value("branch").map(str::to_owned),
            repository: reader.value("repository").map(str::to_owned),
            host_authority: reader.value("host_authority").map(str::to_owned),
            ide_port: reader.ide_port(),
            is_started: reader.value("start") != Some("false"),
        };
        (draft, reader.problems)
    }
}

impl<'a> Reader<'a> {
    fn value(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn problem(&mut self, field: &str, message: impl Into<String>, suggestion: Option<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
            message: message.into(),
            suggestion,
        });
    }

    fn name(&mut self) -> String {
        let name = self.value("name").unwrap_or_default();
        if let Some(message) = name_problem(name) {
            self.problem("name", message, name_suggestion(name));
        }
        name.to_owned()
    }

    fn image(&mut self) -> String {
        let image = self.value("image").unwrap_or_default();
        let is_odd = image.chars().any(|c| c.is_whitespace() || c.is_control());
        if image.is_empty() {
            self.problem("image", "a workspace needs an image", None);
        } else if is_odd || image.starts_with('-') {
            self.problem("image", format!("\"{image}\" is no name of an image"), None);
        }
        image.to_owned()
    }

    fn ports(&mut self) -> Vec<u16> {
        let mut ports = Vec::new();
        let text = self.value("ports").unwrap_or_default();
        for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
            match word.parse::<u16>() {
                Ok(port) if port != 0 && ports.contains(&port) => {
                    self.problem("ports", format!("port {port} is there twice"), None);
                }
                Ok(port) if port != 0 => ports.push(port),
                Ok(_) | Err(_) => {
                    self.problem("ports", format!("\"{word}\" is no port from 1 to 65535"), None);
                }
            }
        }
        ports
    }

    fn environment(&mut self) -> BTreeMap<String, String> {
        let mut environment = BTreeMap::new();
        let text = self.value("environment").unwrap_or_default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && name.chars().next().is_some_and(|c| !c.is_ascii_digit());
            if !is_name || !line.contains('=') {
                let message = format!("\"{name}\" must be written as NAME=value");
                self.problem("environment", message, None);
            } else if environment.insert(name.to_owned(), value.to_owned()).is_some() {
                self.problem("environment", format!("{name} is there twice"), None);
            }
        }
        environment
    }

    fn number(&mut self, field: &str, label: &str) -> Option<u32> {
        let text = self.value(field)?;
        match text.parse::<u32>() {
            Ok(number) if number > 0 => Some(number),
            Ok(_) | Err(_) => {
                let message =
                    format!("\"{text}\" is no whole number; leave {label} empty for no limit");
                self.problem(field, message, None);
                None
            }
        }
    }

    fn volumes(&mut self) -> Vec<(String, String)> {
        let mut volumes: Vec<(String, String)> = Vec::new();
        let mut paths = BTreeSet::new();
        let text = self.value("volumes").unwrap_or_default();
        for word in text.split([',', '\n', ' ']).map(str::trim).filter(|word| !word.is_empty()) {
            let (name, path) = word.split_once(':').unwrap_or((word, ""));
            let is_path = path.starts_with('/')
                && path.len() > 1
                && !path.contains(':')
                && !path.split('/').any(|part| part == "..");
            if !is_volume_name(name) || !is_path {
                let message = format!("\"{word}\" must be written as name:/path");
                self.problem("volumes", message, None);
            } else if !paths.insert(path.trim_end_matches('/').to_owned()) {
                self.problem("volumes", format!("{path} is there twice"), None);
            } else {
                volumes.push((name.to_owned(), path.to_owned()));
            }
        }
        volumes
    }

    fn command(&mut self) -> Vec<String> {
        let Some(words) = split_words(self.value("command").unwrap_or_default()) else {
            self.problem("command", "a quotation mark of the command is not closed", None);
            return Vec::new();
        };
        words
    }

    fn ide_port(&mut self) -> Option<u16> {
        let text = self.value("ide_port")?;
        let port = text.parse().ok().filter(|port| *port != 0);
        if port.is_none() {
            self.problem("ide_port", format!("\"{text}\" is no port from 1 to 65535"), None);
        }
        port
    }
}

/// Splits at spaces outside of quotation marks; none when one is not closed.
fn split_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Writes words so that `split_words` gives them back.
pub(crate) fn join_words(words: &[String]) -> String {
    let quoted = |word: &String| {
        if !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c == '\'' || c == '"')
        {
            return word.clone();
        }
        let parts = word.split_inclusive('\'').map(|part| match part.strip_suffix('\'') {
            Some(rest) => format!("'{rest}'\"'\""),
            None => format!("'{part}'"),
        });
        if word.is_empty() { "''".to_owned() } else { parts.collect() }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use model::FormValues;
    use proptest::prelude::*;

    use super::{Draft, split_words};

    fn parsed(pairs: &[(&str, &str)]) -> (Draft, Vec<(String, String)>) {
        let values: FormValues =
            pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let (draft, problems) = Draft::parse(&values);
        (draft, problems.into_iter().map(|problem| (problem.field, problem.message)).collect())
    }

    #[test]
    fn a_whole_form_parses() {
        let (draft, problems) = parsed(&[
            ("name", "atlas-api"),
            ("image", "localhost/dev:1"),
            ("ports", "8080\n5432"),
            ("environment", "A=1\nB=x=y"),
            ("cpu", "4"),
            ("memory", "8192"),
            ("volumes", "cache:/var/cache/x"),
            ("command", "sh -c 'sleep 1; exit'"),
            ("start", "false"),
        ]);
        assert_eq!(problems, []);
        assert_eq!(draft.ports, [8080, 5432]);
        assert_eq!(draft.environment["B"], "x=y");
        assert_eq!(draft.command, ["sh", "-c", "sleep 1; exit"]);
        assert_eq!(draft.volumes, [("cache".to_owned(), "/var/cache/x".to_owned())]);
        assert!(!draft.is_started);
    }

    #[test]
    fn every_bad_field_is_named() {
        let (_, problems) = parsed(&[
            ("name", "My Repo"),
            ("ports", "80 80 0 x"),
            ("environment", "1A=2\nB"),
            ("cpu", "-1"),
            ("memory", "8 GiB"),
            ("volumes", "a:b ../x:/y a:/x/../y"),
            ("command", "sh -c 'x"),
            ("ide_port", "70000"),
        ]);
        let fields: Vec<&str> = problems.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "name",
                "image",
                "ports",
                "ports",
                "ports",
                "environment",
                "environment",
                "cpu",
                "memory",
                "volumes",
                "volumes",
                "volumes",
                "command",
                "ide_port"
            ]
        );
    }

    proptest! {
        #[test]
        fn no_input_panics(text in ".{0,80}", field in "name|image|ports|environment|cpu|memory|volumes|command|ide_port") {
            let _ = parsed(&[(&field, &text)]);
        }

        #[test]
        fn plain_words_are_split_at_spaces(words in proptest::collection::vec("[a-z/-]{1,8}", 0..6)) {
            prop_assert_eq!(split_words(&words.join("  ")), Some(words));
        }
    }
}
