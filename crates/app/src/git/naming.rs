//! Names by l8s's rule: a workspace is `<prefix>-<repository>-<hash6>`, its remote the same without prefix.

use sha2::{Digest as _, Sha256};

/// l8s's default prefix.
const PREFIX: &str = "dev";
/// Longest name of a workspace.
const MAX_NAME: usize = 63;
/// Of the SHA-256 of the place.
const HASH_LENGTH: usize = 6;

/// The repository's name: the last part of its `origin` without `.git`, else that of its place.
pub(super) fn repository_name(origin: Option<&str>, place: &str) -> String {
    let last = |text: &str| {
        let text = text.trim().trim_end_matches(['/', '\\']);
        let text = text.strip_suffix(".git").unwrap_or(text).trim_end_matches(['/', '\\']);
        text.rsplit(['/', '\\', ':']).next().unwrap_or_default().to_owned()
    };
    let named = origin.map(last).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| last(place))
}

/// The workspace's name. `place` is the absolute path of the work tree, or the URL where there is none.
pub(super) fn workspace_name(repository: &str, place: &str) -> String {
    let hash = hash6(place);
    let room = MAX_NAME - PREFIX.len() - 2 - HASH_LENGTH;
    let words = repository.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let plain: String = words.collect::<Vec<_>>().join("-").chars().take(room).collect();
    match plain.trim_end_matches('-') {
        "" => format!("{PREFIX}-{hash}"),
        plain => format!("{PREFIX}-{plain}-{hash}"),
    }
}

/// The remote's name in the local repository.
pub(super) fn remote_name(workspace: &str) -> String {
    let prefix = format!("{PREFIX}-");
    workspace.strip_prefix(&prefix).filter(|rest| !rest.is_empty()).unwrap_or(workspace).to_owned()
}

/// The first free name of `name`, `name-2`, ...
pub(super) fn free_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..1000).map(|number| format!("{name}-{number}"));
    let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
    candidates.find(|candidate| !is_taken(candidate)).unwrap_or_else(|| name.to_owned())
}

fn hash6(place: &str) -> String {
    let digest = Sha256::digest(place.as_bytes());
    let hex: String =
        digest.iter().take(HASH_LENGTH / 2).map(|byte| format!("{byte:02x}")).collect();
    hex
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{free_name, remote_name, repository_name, workspace_name};

    #[test]
    fn the_rule_is_l8ss() {
        // printf %s /home/ada/src/atlas | sha256sum
        assert_eq!(workspace_name("atlas", "/home/ada/src/atlas"), "dev-atlas-c3eb2d");
        assert_eq!(remote_name("dev-atlas-c3eb2d"), "atlas-c3eb2d");
        assert_eq!(remote_name("atlas"), "atlas");
    }

    #[test]
    fn a_repository_is_called_as_its_origin() {
        for (origin, name) in [
            ("git@example.org:team/atlas.git", "atlas"),
            ("https://example.org/team/atlas.git/", "atlas"),
            ("ssh://git@example.org/team/atlas", "atlas"),
            ("host:atlas.git", "atlas"),
            ("C:\\src\\atlas", "atlas"),
        ] {
            assert_eq!(repository_name(Some(origin), "/x/other"), name);
        }
        assert_eq!(repository_name(None, "/home/ada/src/My Repo"), "My Repo");
        assert_eq!(repository_name(Some(""), "/home/ada/src/atlas"), "atlas");
    }

    #[test]
    fn a_taken_remote_gets_a_number() {
        assert_eq!(free_name("atlas", |name| name == "atlas" || name == "atlas-2"), "atlas-3");
    }

    proptest! {
        #[test]
        fn every_repository_gets_a_name_that_will_do(repository in ".{0,90}", place in ".{0,60}") {
            let name = workspace_name(&repository, &place);
            prop_assert!(name.len() <= 63 && !name.contains("--"), "{}", name);
            prop_assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(name.starts_with("dev-") && !name.ends_with('-'));
            prop_assert_eq!(workspace_name(&repository, &place), name);
        }

        #[test]
        fn other_places_get_other_names(one in "/[a-z/]{1,40}", other in "/[a-z/]{1,40}") {
            prop_assume!(one != other);
            prop_assert_ne!(workspace_name("atlas", &one), workspace_name("atlas", &other));
        }

        #[test]
        fn no_url_panics(origin in ".{0,80}") {
            let _ = repository_name(Some(&origin), &origin);
        }
    }
}
