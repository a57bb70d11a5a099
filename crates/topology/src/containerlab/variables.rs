//! Variables in a Containerlab topology, by the rules of the server: `$NAME`, `${NAME}`, and with a default
//! `${NAME:=value}`, `${NAME:-value}`, `${NAME=value}`, `${NAME-value}`; `${NAME:+value}` where it is set.
//! `$$` is one dollar, and `$1` is none of ours.

use std::{collections::BTreeMap, ops::Range};

use model::TemplateVariable;

use super::meant::Meant;
use crate::TopologyProblem;

/// More cannot be asked of anybody.
const MAX_VARIABLES: usize = 200;

/// One use of a variable.
struct Use<'a> {
    /// Bytes of the text.
    range: Range<usize>,
    name: &'a str,
    otherwise: Otherwise<'a>,
}

enum Otherwise<'a> {
    Nothing,
    /// Its default.
    Text(&'a str),
    /// Only where the variable is set.
    WhenSet(&'a str),
}

/// The variables that may be given, in the order of the text. Those of comments are none.
pub(super) fn open(text: &str) -> Vec<TemplateVariable> {
    let meant = Meant::of(text);
    let mut found: Vec<TemplateVariable> = Vec::new();
    let Ok(uses) = uses(text) else { return found };
    for used in uses {
        let default = match used.otherwise {
            Otherwise::Text(default) => Some(default.to_owned()),
            Otherwise::WhenSet(_) => Some(String::new()),
            Otherwise::Nothing => None,
        };
        if !meant.is_for_us(used.range.start, default.is_some()) {
            continue;
        }
        if found.len() >= MAX_VARIABLES {
            break;
        }
        match found.iter_mut().find(|known| known.name == used.name) {
            // One use without a default is enough to need a value.
            Some(known) if default.is_none() => known.default = None,
            Some(_) => {}
            None => found.push(TemplateVariable { name: used.name.into(), default, help: None }),
        }
    }
    found
}

/// The text with values; what has neither value nor default stays as it is.
///
/// # Errors
/// Names a value that cannot be written into the file, or a brace that is never closed.
pub(super) fn filled(
    text: &str,
    values: &BTreeMap<String, String>,
) -> Result<String, TopologyProblem> {
    let mut filled = String::with_capacity(text.len());
    let mut done = 0;
    let value = |name: &str| values.get(name).filter(|value| !value.is_empty());
    for used in uses(text)? {
        let instead = match (value(used.name), used.otherwise) {
            (Some(_), Otherwise::WhenSet(then)) => then.to_owned(),
            (Some(value), _) => written(used.name, value)?,
            (None, Otherwise::Text(default)) => {
                // A default may be another variable.
                let other = default.strip_prefix('$').and_then(value);
                other.map_or(Ok(default.to_owned()), |value| written(used.name, value))?
            }
            (None, Otherwise::WhenSet(_)) => String::new(),
            (None, Otherwise::Nothing) => continue,
        };
        filled.push_str(text.get(done..used.range.start).unwrap_or_default());
        filled.push_str(&instead);
        done = used.range.end;
    }
    filled.push_str(text.get(done..).unwrap_or_default());
    Ok(filled)
}

/// The server reads the file as a template and expands it once more: what a value holds must survive both.
fn written(name: &str, value: &str) -> Result<String, TopologyProblem> {
    if value.chars().any(char::is_control) {
        return Err(TopologyProblem::whole(
            format!("the value of {name} has more than one line"),
            "Give it a value of one line, without tabs.",
        ));
    }
    Ok(value.replace('$', "$$").replace("{{", "{{\"{{\"}}"))
}

fn uses(text: &str) -> Result<Vec<Use<'_>>, TopologyProblem> {
    let mut uses = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + found;
        if let Some(end) = end_of_action(text, at, start) {
            at = end;
            continue;
        }
        let rest = text.get(start + 1..).unwrap_or_default();
        at = start + 1;
        if rest.starts_with('$') {
            at += 1;
        } else if let Some(inner) = rest.strip_prefix('{') {
            let name = name_of(inner);
            if matches!(name, "" | "_") {
                continue;
            }
            let end = inner.find(['}', '\n', '\r']);
            let body =
                end.filter(|end| inner.get(*end..).is_some_and(|rest| rest.starts_with('}')));
            let Some(body) = body else { return Err(unclosed(text, start, name)) };
            let after = inner.get(name.len()..body).unwrap_or_default();
            at = start + 2 + body + 1;
            uses.push(Use { range: start..at, name, otherwise: otherwise(after) });
        } else {
            let name = name_of(rest);
            at += name.len();
            if !name.is_empty() && name != "_" {
                uses.push(Use { range: start..at, name, otherwise: Otherwise::Nothing });
            }
        }
    }
    Ok(uses)
}

/// Where an action of the server's templates ends that begins before the dollar: its variables are none.
fn end_of_action(text: &str, from: usize, dollar: usize) -> Option<usize> {
    let begin = from + text.get(from..dollar)?.find("{{")?;
    // One that never ends is for the server to complain about.
    Some(text.get(begin..)?.find("}}").map_or(text.len(), |end| begin + end + 2))
}

/// Letters, digits and underscores; none when it begins with a digit.
fn name_of(text: &str) -> &str {
    if text.starts_with(char::is_numeric) {
        return "";
    }
    let end = text.find(|c: char| c != '_' && !c.is_alphabetic() && !c.is_numeric());
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

fn otherwise(after: &str) -> Otherwise<'_> {
    for sign in [":=", ":-", "=", "-"] {
        if let Some(default) = after.strip_prefix(sign) {
            return Otherwise::Text(default);
        }
    }
    let when_set = after.strip_prefix(":+").or_else(|| after.strip_prefix('+'));
    when_set.map_or(Otherwise::Nothing, Otherwise::WhenSet)
}

fn unclosed(text: &str, at: usize, name: &str) -> TopologyProblem {
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    TopologyProblem::at(
        u32::try_from(line).unwrap_or(u32::MAX),
        format!("the brace of ${{{name} is not closed on its line"),
        "Add the closing brace, or write $$ for a dollar.",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{filled, open};

    fn offered(text: &str) -> Vec<(String, Option<String>)> {
        open(text).into_iter().map(|open| (open.name, open.default)).collect()
    }

    #[test]
    fn a_default_may_be_anything_up_to_the_brace() {
        let text = "image: ${IMG:=ghcr.io/a/b:1.2-3}\nkind: ${KIND:-linux}\nname: ${A-b}${C=d}\n";
        assert_eq!(
            offered(text),
            [("IMG", "ghcr.io/a/b:1.2-3"), ("KIND", "linux"), ("A", "b"), ("C", "d")]
                .map(|(name, default)| (name.to_owned(), Some(default.to_owned())))
        );
        let plain = filled(text, &BTreeMap::new()).unwrap();
        assert_eq!(plain, "image: ghcr.io/a/b:1.2-3\nkind: linux\nname: bd\n");
    }

    #[test]
    fn dollars_that_are_none_of_ours() {
        let text = "# $HOME and ${NOT_ME}\na: 'x' # $NOR_ME\nprice: $5 $$ $$NAME ${1} $_ ${_} ${} $\n\
                    nodes:\n  r1:\n    exec:\n      - echo $HOSTNAME\n      - ping ${PEER:=r2}\n";
        assert_eq!(offered(text), [("PEER".to_owned(), Some("r2".to_owned()))]);
        let plain = filled(text, &BTreeMap::new()).unwrap();
        assert_eq!(plain, text.replace("${PEER:=r2}", "r2"));
    }

    #[test]
    fn a_value_is_not_read_again_by_the_server() {
        let values = BTreeMap::from([("A".to_owned(), "p$s {{x}}".to_owned())]);
        assert_eq!(filled("$A ${A:=b}", &values).unwrap(), "p$$s {{\"{{\"}}x}} p$$s {{\"{{\"}}x}}");
        let two_lines = BTreeMap::from([("A".to_owned(), "b\nc: d".to_owned())]);
        assert!(filled("$A", &two_lines).unwrap_err().message.contains("one line"));
    }

    #[test]
    fn an_open_brace_names_its_line() {
        assert_eq!(filled("a: 1\nb: ${NAME\n}", &BTreeMap::new()).unwrap_err().line, Some(2));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "([$]|[{]|[}]|:|=|-|[+]|#|'|\n| |A|1|ä){0,60}", value in ".{0,8}") {
            let values = BTreeMap::from([("A".to_owned(), value)]);
            let _ = (open(&text), filled(&text, &values));
        }

        #[test]
        fn text_without_dollars_stays(text in "[^$]{0,60}") {
            prop_assert_eq!(filled(&text, &BTreeMap::new()).unwrap(), text);
        }
    }
}
