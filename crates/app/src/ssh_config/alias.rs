//! What things are called for `ssh`. Pure.
//!
//! Every name of ours begins with `moorline-`, so that it can never stand in for a machine of the world. A
//! workspace gets a short name besides when nobody else has it.

use std::collections::BTreeSet;

use model::WorkspaceId;

/// Names longer than this are cut.
const LONGEST: usize = 60;
/// Short names that mean this computer.
const RESERVED: [&str; 4] = ["localhost", "localdomain", "broadcasthost", "ip6-localhost"];

/// Letters, digits, dashes and underscores of a name, in lower case: no dot, so that it is never a domain.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
        if slug.len() == LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

/// Gives out names, each once.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// With the names that the person's own config gives already.
    pub(super) fn new(theirs: BTreeSet<String>) -> Self {
        Self { taken: theirs.into_iter().map(|name| name.to_lowercase()).collect() }
    }

    /// The full name, with a number when it is taken.
    pub(super) fn full(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}-{number}");
        }
        name
    }

    /// The short name, when nobody has it.
    pub(super) fn short(&mut self, workspace: &str) -> Option<String> {
        let name = slug(workspace);
        let is_free = !RESERVED.contains(&name.as_str()) && self.taken.insert(name.clone());
        is_free.then_some(name)
    }
}

/// The name a workspace's host key and certificate are for. It stays the same when the workspace is renamed,
/// gets other ports or is reached by another address.
pub(crate) fn host_key_alias(id: &WorkspaceId) -> String {
    let short: String = id.as_str().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("moorline-{}", short.to_ascii_lowercase())
}

/// The names that an SSH config gives to single hosts.
pub(super) fn names_in(config: &[u8]) -> BTreeSet<String> {
    String::from_utf8_lossy(config)
        .lines()
        .filter_map(|line| {
            let mut words = line.split([' ', '\t', '=', '"']).filter(|word| !word.is_empty());
            let is_host = words.next()?.eq_ignore_ascii_case("host");
            is_host.then(|| words.map(str::to_owned).collect::<Vec<_>>())
        })
        .flatten()
        .filter(|name| !name.contains(['*', '?', '!']))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_given_once() {
        let mut names = Names::new(names_in(b"Host *\n  User me\nhost = \"Web\" db\n\tHost x*"));
        assert_eq!(names.short("web"), None, "it is the person's own");
        assert_eq!(names.short("atlas.api").as_deref(), Some("atlas-api"));
        assert_eq!(names.short("atlas-api"), None);
        assert_eq!(names.short("localhost"), None);
        assert_eq!(names.full("moorline-a"), "moorline-a");
        assert_eq!(names.full("moorline-a"), "moorline-a-2");
    }

    proptest! {
        #[test]
        fn a_slug_is_one_plain_word(name in ".{0,100}") {
            let slug = slug(&name);
            prop_assert!(!slug.is_empty() && slug.len() <= LONGEST);
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
            prop_assert!(slug.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
        }

        #[test]
        fn no_config_upsets_the_reader(config in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(names_in(&config).iter().all(|name| !name.contains(['*', ' '])));
        }
    }
}
