//! Names of labs: what every server takes, so that a name never has to be written in two ways.

use model::{ErrorCode, Failure, FieldProblem};

const SHORTEST: usize = 2;
const LONGEST: usize = 40;
/// Numbers tried for a name that is free.
const MOST: u32 = 1000;

/// Why a name will not do.
pub(super) fn problem(name: &str) -> Option<String> {
    let length = name.chars().count();
    if name.is_empty() {
        return Some("a lab needs a name".into());
    }
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Some(format!("a lab's name has {SHORTEST} to {LONGEST} characters"));
    }
    if !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Some("a lab's name begins with a letter".into());
    }
    let is_fine = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    (!name.chars().all(is_fine))
        .then(|| "a lab's name holds letters, digits and hyphens only".into())
}

/// The problem as a plan shows it, with a name that would do.
pub(super) fn check(name: &str, taken: &[String]) -> Option<FieldProblem> {
    let message = match problem(name) {
        Some(message) => message,
        None if is_taken(name, taken) => format!("there is a lab called {name} on this server"),
        None => return None,
    };
    Some(FieldProblem { field: "name".into(), message, suggestion: free(name, taken) })
}

/// The same as a failure.
pub(super) fn refuse(name: &str, taken: &[String]) -> Result<(), Failure> {
    let Some(problem) = check(name, taken) else { return Ok(()) };
    let code = if is_taken(name, taken) { ErrorCode::Conflict } else { ErrorCode::Invalid };
    let hint = problem.suggestion.map(|name| format!("{name} would work."));
    Err(Failure::new(code, problem.message)
        .with_hint(hint.unwrap_or_else(|| "Choose another name.".into()))
        .with_field("name"))
}

fn is_taken(name: &str, taken: &[String]) -> bool {
    taken.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// A name like this one that would do.
fn free(name: &str, taken: &[String]) -> Option<String> {
    let fine = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let base: String = name.trim().chars().map(fine).collect();
    let base = base.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
    let base = base.trim_end_matches('-');
    let base = if base.is_empty() { "lab" } else { base };
    let numbers =
        std::iter::once(String::new()).chain((2..MOST).map(|number| format!("-{number}")));
    numbers
        .map(|end| {
            format!("{}{end}", base.get(..base.len().min(LONGEST - end.len())).unwrap_or(base))
        })
        .find(|name| problem(name).is_none() && !is_taken(name, taken))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_names_that_every_server_takes_will_do() {
        for fine in ["r1", "ospf-areas", "A2", &"a".repeat(40)] {
            assert_eq!(problem(fine), None, "{fine}");
        }
        for bad in ["", "a", "1a", "-a", "a b", "a_b", "a.b", "ä1", "a/b", &"a".repeat(41)] {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let taken = ["ospf".to_owned(), "OSPF-2".to_owned()];
        let problem = check("Ospf", &taken).unwrap();
        assert_eq!(problem.suggestion.as_deref(), Some("Ospf-3"));
        assert_eq!(refuse("Ospf", &taken).unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(refuse("os pf", &taken).unwrap_err().code, ErrorCode::Invalid);
        assert!(refuse("bgp", &taken).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_suggested_will_do(name in "\\PC{0,60}", taken in any::<bool>()) {
            let taken = if taken { vec![name.clone(), "lab".to_owned()] } else { Vec::new() };
            if let Some(found) = check(&name, &taken).and_then(|problem| problem.suggestion) {
                prop_assert_eq!(problem(&found), None);
                prop_assert!(!is_taken(&found, &taken));
            }
        }
    }
}
