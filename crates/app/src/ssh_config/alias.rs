//! What things are called for `ssh`. Pure.
//!
//! Every name of ours begins with `moorline-`, so that it can never stand in for a machine of the world. A
//! workspace gets a short name besides when nobody else has it.

use std::{collections::BTreeSet, path::Path};

use model::WorkspaceId;
use ssh::SshConfig;

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
pub(super) struct Names<'a> {
    given: BTreeSet<String>,
    theirs: &'a SshConfig,
    /// What is below this folder is ours.
    ours: &'a Path,
}

impl<'a> Names<'a> {
    /// Beside the names that the person's own config gives already.
    pub(super) fn new(theirs: &'a SshConfig, ours: &'a Path) -> Self {
        Self { given: BTreeSet::new(), theirs, ours }
    }

    /// The full name, with a number when it is taken. The person's patterns may be meant for it.
    pub(super) fn full(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 1;
        while self.is_their_host(&name) || !self.given.insert(name.clone()) {
            number += 1;
            name = format!("{wanted}-{number}");
        }
        name
    }

    /// The short name, when nobody has it and no line of the person's means it.
    pub(super) fn short(&mut self, workspace: &str) -> Option<String> {
        let name = slug(workspace);
        let is_free = !RESERVED.contains(&name.as_str())
            && !self.theirs.claims(&name, self.ours)
            && self.given.insert(name.clone());
        is_free.then_some(name)
    }

    fn is_their_host(&self, name: &str) -> bool {
        let mut theirs =
            self.theirs.hosts().iter().filter(|host| !host.file.starts_with(self.ours));
        theirs.any(|host| host.alias.eq_ignore_ascii_case(name))
    }
}

/// The name a workspace's host key and certificate are for. It stays the same when the workspace is renamed,
/// gets other ports or is reached by another address.
pub(crate) fn host_key_alias(id: &WorkspaceId) -> String {
    let short: String = id.as_str().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("moorline-{}", short.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct One(&'static str);

    impl ssh::ConfigFiles for One {
        fn read(&self, _path: &Path) -> std::io::Result<String> {
            Ok(self.0.to_owned())
        }

        fn list(&self, _folder: &Path) -> Vec<std::path::PathBuf> {
            Vec::new()
        }

        fn is_file(&self, _path: &Path) -> bool {
            true
        }
    }

    #[test]
    fn names_are_given_once_and_none_of_the_persons_is_taken() {
        let text = "Host *\n User me\nhost = \"Web\" db moorline-b\nHost *-prod moorline-*\n";
        let home = Path::new("/home/alice");
        let config = SshConfig::read(&One(text), &home.join(".ssh/config"), home);
        let mut names = Names::new(&config, Path::new("/data/ssh"));
        assert_eq!(names.short("web"), None, "it is the person's own");
        assert_eq!(names.short("api-prod"), None, "a pattern of theirs means it");
        assert_eq!(names.short("atlas.api").as_deref(), Some("atlas-api"));
        assert_eq!(names.short("atlas-api"), None);
        assert_eq!(names.short("localhost"), None);
        assert_eq!(names.full("moorline-a"), "moorline-a");
        assert_eq!(names.full("moorline-a"), "moorline-a-2");
        assert_eq!(names.full("moorline-b"), "moorline-b-2");
    }

    proptest! {
        #[test]
        fn a_slug_is_one_plain_word(name in ".{0,100}") {
            let slug = slug(&name);
            prop_assert!(!slug.is_empty() && slug.len() <= LONGEST);
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
            prop_assert!(slug.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
        }
    }
}
