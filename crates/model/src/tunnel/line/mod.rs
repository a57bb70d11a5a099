//! A tunnel as one line of text: `8080:db:5432 via jump-1`, or a pasted command line of OpenSSH.
//!
//! Pure. Deliberately not here: which host the text after `via` means.

mod command;
mod fields;
mod spec;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use super::{TunnelPoint, TunnelRoute};
use crate::FieldProblem;

pub(super) use fields::escaped;
pub(super) use spec::{LOCAL_HOST, REMOTE_HOST};
pub(super) use words::quoted;

/// What a typed line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelLine {
    pub route: TunnelRoute,
    pub way: TypedWay,
}

/// Through which SSH host, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedWay {
    /// A connection's name, an alias, or user and host such as `me@lab-2:2222`.
    pub name: String,
    /// Of a pasted command: the hosts to go through, nearest to this computer first, in the same form.
    pub jumps: Vec<String>,
}

impl TunnelLine {
    /// Reads a line; None for one that is empty.
    ///
    /// `example` is the name of a host that a line could go through, for the lines that are suggested.
    ///
    /// # Errors
    /// What is wrong or missing. `suggestion` is a line that would work, where one can be made of it.
    pub fn read(line: &str, example: &str) -> Result<Option<Self>, FieldProblem> {
        let line = line.trim();
        if line.is_empty() {
            return Ok(None);
        }
        if command::is_command(line) {
            return command::read(line).map(Some);
        }
        let (what, way) = at_via(line);
        let way = way.filter(|way| !way.is_empty());
        if what.is_empty() {
            let example = format!("8080:localhost:80 via {}", way.unwrap_or(example));
            return Err(problem("target", "say what to reach before \"via\"", Some(example)));
        }
        let tail = way.unwrap_or(example);
        let route = spec::read(what).map_err(|wrong| wrong.into_problem(tail))?;
        match way {
            Some(way) => Ok(Some(Self { route, way: TypedWay::named(way) })),
            None => Err(problem(
                "through",
                "say which SSH host carries it: add \"via\" and its name",
                Some(Self { route, way: TypedWay::named(example) }.to_string()),
            )),
        }
    }
}

impl TypedWay {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), jumps: Vec::new() }
    }
}

/// The line that reads as this; jumps have no place in it.
impl fmt::Display for TunnelLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spec = written(&self.route);
        write!(f, "{spec} via {}", self.way.name)
    }
}

/// What stands before `via`.
fn written(route: &TunnelRoute) -> String {
    match route {
        TunnelRoute::Local { listen, target } => both(listen, target, LOCAL_HOST),
        TunnelRoute::Remote { listen, target } => {
            format!("remote {}", both(listen, target, REMOTE_HOST))
        }
        TunnelRoute::Dynamic { listen } => format!("socks {}", listener(listen, LOCAL_HOST)),
    }
}

/// Both ends with a colon between, as OpenSSH writes them too. `usual` is the host that goes without saying.
pub(super) fn both(listen: &TunnelPoint, target: &TunnelPoint, usual: &str) -> String {
    format!("{}:{}", listener(listen, usual), point(target))
}

/// Where something listens.
pub(super) fn listener(listen: &TunnelPoint, usual: &str) -> String {
    match listen {
        TunnelPoint::Tcp { host, port } if host == usual => port.to_string(),
        other => point(other),
    }
}

fn point(point: &TunnelPoint) -> String {
    match point {
        TunnelPoint::Tcp { host, port } => format!("{}:{port}", escaped(host)),
        TunnelPoint::Unix { path } => escaped(path),
    }
}

/// Splits at the first `via` that stands as a word of its own. Space behind a backslash ends no word.
fn at_via(line: &str) -> (&str, Option<&str>) {
    let mut word_start = Some(0);
    let mut is_escaped = false;
    let mut end_of_text = 0;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        if !c.is_whitespace() || is_escaped {
            word_start = word_start.or(Some(at));
            is_escaped = c == '\\' && !is_escaped;
            continue;
        }
        let word = word_start.take().and_then(|start| line.get(start..at)).unwrap_or_default();
        if word.eq_ignore_ascii_case("via") {
            let before = line.get(..end_of_text).unwrap_or_default();
            return (before, Some(line.get(at..).unwrap_or_default().trim()));
        }
        if !word.is_empty() {
            end_of_text = at;
        }
    }
    (line, None)
}

fn problem(field: &str, message: impl Into<String>, suggestion: Option<String>) -> FieldProblem {
    FieldProblem { field: field.to_owned(), message: message.into(), suggestion }
}
