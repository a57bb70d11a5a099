//! Names of containers and volumes, by l8s's rule.

/// Longest name: it becomes the host name, a DNS label.
const MAX_NAME: usize = 63;

/// What is wrong with a container's name, and what would do.
pub(crate) fn name_problem(name: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let message = if name.is_empty() {
        "a workspace needs a name, such as atlas-api".to_owned()
    } else if name.len() > MAX_NAME {
        format!("a name has at most {MAX_NAME} characters; this one has {}", name.chars().count())
    } else if name.len() < 2 {
        "a name has at least two characters".to_owned()
    } else if !name.chars().all(fits) {
        "a name has only small letters, digits and hyphens".to_owned()
    } else if name.starts_with('-') || name.ends_with('-') {
        "a name begins and ends with a letter or a digit".to_owned()
    } else if name.contains("--") {
        "a name has no two hyphens in a row".to_owned()
    } else {
        return None;
    };
    Some(message)
}

/// The nearest name that would do; none when nothing of it can be kept.
pub(crate) fn name_suggestion(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    let short: String = joined.chars().take(MAX_NAME).collect();
    let short = short.trim_end_matches('-').to_owned();
    (short != name && name_problem(&short).is_none()).then_some(short)
}

/// The first free name of `name-2`, `name-3`, ...
pub(crate) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    (2..1000).find_map(|number| {
        let suffix = format!("-{number}");
        let room = MAX_NAME.saturating_sub(suffix.len());
        let stem: String = name.chars().take(room).collect();
        let candidate = format!("{}{suffix}", stem.trim_end_matches('-'));
        (!is_taken(&candidate)).then_some(candidate)
    })
}

/// Whether a volume may have this name.
pub(crate) fn is_volume_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
        && name.len() <= 255
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{free_name, name_problem, name_suggestion};

    #[test]
    fn l8s_names_will_do_and_others_will_not() {
        for name in ["dev-api-3fa9c1", "a1", "0x", &"a".repeat(63)] {
            assert_eq!(name_problem(name), None, "{name}");
        }
        for name in ["", "a", "-a", "a-", "a--b", "A1", "a_b", "a.b", "ä1", &"a".repeat(64)] {
            assert!(name_problem(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_people_type_gets_a_suggestion() {
        assert_eq!(name_suggestion("My_Repo").as_deref(), Some("my-repo"));
        assert_eq!(name_suggestion("foo.js").as_deref(), Some("foo-js"));
        assert_eq!(name_suggestion("!!!"), None);
    }

    proptest! {
        #[test]
        fn suggestions_always_will_do(name in ".{0,90}") {
            if let Some(suggestion) = name_suggestion(&name) {
                prop_assert_eq!(name_problem(&suggestion), None);
            }
        }

        #[test]
        fn the_rule_is_l8ss(name in "[a-zA-Z0-9_-]{0,66}") {
            let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            let expected = name.len() >= 2 && name.len() <= 63 && name.chars().all(inner)
                && edge(name.chars().next()) && edge(name.chars().last()) && !name.contains("--");
            prop_assert_eq!(name_problem(&name).is_none(), expected);
        }

        #[test]
        fn a_free_name_is_free_and_will_do(name in "[a-z][a-z0-9]{1,62}", taken in 0u32..20) {
            let is_taken = |candidate: &str| {
                candidate.rsplit('-').next().and_then(|n| n.parse::<u32>().ok()).is_some_and(|n| n <= taken)
            };
            let free = free_name(&name, is_taken).unwrap();
            prop_assert!(!is_taken(&free));
            prop_assert_eq!(name_problem(&free), None);
        }
    }
}
