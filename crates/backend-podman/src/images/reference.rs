//! Names of images: what a person writes, and the full name that it means.

use backend_api::NameOf;
use model::FieldProblem;

/// Where names without a registry are looked for, and the folder of its own images.
const PUBLIC: &str = "docker.io";
const PUBLIC_OWN: &str = "library";
const LOCAL: &str = "localhost";
const MAX_TAG: usize = 128;
/// Longer names are refused by registries.
const MAX_NAME: usize = 255;

/// The full name with registry and tag or digest.
pub(super) fn full_name(text: &str, of: NameOf) -> Result<String, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(problem("an image needs a name, for example debian:12", None));
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if let Some(digest) = digest {
        check_digest(text, digest)?;
    }
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (rest, None),
    };
    if let Some(tag) = tag.filter(|tag| !is_tag(tag)) {
        let message = format!("\"{tag}\" will not do as a tag: letters, digits, dots, - and _ do");
        return Err(problem(message, None));
    }
    let path = with_registry(text, path, of)?;
    let ending = match (tag, digest) {
        (None, None) => ":latest".to_owned(),
        (tag, digest) => {
            let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
            let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
            format!("{tag}{digest}")
        }
    };
    Ok(format!("{path}{ending}"))
}

/// The registry of a full name.
pub(super) fn registry_of(full: &str) -> &str {
    full.split('/').next().unwrap_or(full)
}

fn with_registry(text: &str, path: &str, of: NameOf) -> Result<String, FieldProblem> {
    let (registry, rest) = match path.split_once('/') {
        Some((first, rest)) if is_registry(first) => (Some(first), rest),
        _ => (None, path),
    };
    if rest.is_empty() || path.len() > MAX_NAME || !rest.split('/').all(is_part) {
        let lower = text.to_lowercase();
        let is_case = lower != text && full_name(&lower, of).is_ok();
        let message = if is_case {
            format!("\"{text}\" has capital letters; names of images have none")
        } else {
            format!(
                "\"{text}\" is no name of an image; one is written like docker.io/library/debian:12"
            )
        };
        return Err(problem(message, is_case.then_some(lower)));
    }
    Ok(match (registry, of) {
        (Some(registry), _) => format!("{registry}/{rest}"),
        (None, NameOf::Local) => format!("{LOCAL}/{rest}"),
        (None, NameOf::Remote) if rest.contains('/') => format!("{PUBLIC}/{rest}"),
        (None, NameOf::Remote) => format!("{PUBLIC}/{PUBLIC_OWN}/{rest}"),
    })
}

fn is_registry(part: &str) -> bool {
    let (host, port) = part.rsplit_once(':').unwrap_or((part, "443"));
    let is_host = !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        && !host.starts_with(['.', '-'])
        && !host.ends_with(['.', '-']);
    (part.contains(['.', ':']) || part == LOCAL) && is_host && port.parse::<u16>().is_ok()
}

/// Small letters and digits, separated by one dot, one or two underscores, or hyphens.
fn is_part(part: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators: Vec<&str> =
        part.split(is_letter).filter(|between| !between.is_empty()).collect();
    part.starts_with(is_letter)
        && part.ends_with(is_letter)
        && separators
            .iter()
            .all(|one| matches!(*one, "." | "_" | "__") || one.chars().all(|c| c == '-'))
}

fn is_tag(tag: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= MAX_TAG
        && tag.starts_with(is_word)
        && tag.chars().all(|c| is_word(c) || c == '.' || c == '-')
}

fn check_digest(text: &str, digest: &str) -> Result<(), FieldProblem> {
    let is_good = digest.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
    });
    if is_good {
        return Ok(());
    }
    let message = format!("\"{text}\" has a digest that is not sha256: and 64 digits");
    Err(problem(message, None))
}

fn problem(message: impl Into<String>, suggestion: Option<String>) -> FieldProblem {
    FieldProblem { field: "name".into(), message: message.into(), suggestion }
}

#[cfg(test)]
mod tests {
    use backend_api::NameOf;
    use proptest::prelude::*;

    use super::{full_name, registry_of};

    fn remote(text: &str) -> String {
        full_name(text, NameOf::Remote).unwrap()
    }

    #[test]
    fn short_names_become_full() {
        assert_eq!(remote("debian"), "docker.io/library/debian:latest");
        assert_eq!(remote(" alice/dev:1 "), "docker.io/alice/dev:1");
        assert_eq!(remote("quay.io/a/b"), "quay.io/a/b:latest");
        assert_eq!(remote("localhost:5000/a"), "localhost:5000/a:latest");
        assert_eq!(full_name("dev:2", NameOf::Local).unwrap(), "localhost/dev:2");
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(
            remote(&format!("debian@{digest}")),
            format!("docker.io/library/debian@{digest}")
        );
        assert_eq!(registry_of("quay.io/a/b:1"), "quay.io");
    }

    #[test]
    fn capital_letters_come_with_the_name_that_works() {
        let problem = full_name("localhost/Dev:1", NameOf::Local).unwrap_err();
        assert_eq!(problem.suggestion.as_deref(), Some("localhost/dev:1"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            " ",
            "a b",
            "-a",
            "a:",
            "a:-1",
            "a//b",
            "a/",
            "/a",
            "a@sha256:1",
            "a..b",
            "ü",
            "a___b",
        ] {
            assert!(full_name(text, NameOf::Remote).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_full_name_stays_as_it_is(
            host in "[a-z]{1,8}\\.[a-z]{2,3}(:[1-9][0-9]{0,3})?",
            path in proptest::collection::vec("[a-z0-9]{1,8}((\\.|_|__|-{1,3})[a-z0-9]{1,4})?", 1..4),
            tag in "[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}",
        ) {
            let name = format!("{host}/{}:{tag}", path.join("/"));
            for of in [NameOf::Remote, NameOf::Local] {
                prop_assert_eq!(full_name(&name, of).unwrap(), name.clone());
            }
            prop_assert_eq!(registry_of(&name), host);
        }

        #[test]
        fn no_text_panics_and_what_passes_is_stable(text in "\\PC{0,60}") {
            if let Ok(full) = full_name(&text, NameOf::Remote) {
                prop_assert_eq!(full_name(&full, NameOf::Local).unwrap(), full);
            }
        }

        #[test]
        fn a_suggestion_works(text in "[A-Za-z:/.]{1,20}") {
            if let Err(problem) = full_name(&text, NameOf::Local)
                && let Some(better) = problem.suggestion
            {
                prop_assert!(full_name(&better, NameOf::Local).is_ok(), "{}", better);
            }
        }
    }
}
