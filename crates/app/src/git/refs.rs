//! Names of branches, and what `ls-remote` tells of them. Pure.

use model::GitHead;

/// Whether git would take this as the name of a branch.
pub(super) fn is_branch(name: &str) -> bool {
    let is_odd =
        |c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    !name.starts_with('-')
        && name != "@"
        && name != "HEAD"
        && !name.chars().any(is_odd)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && name.split('/').all(is_part)
}

/// The branches of a repository that is elsewhere.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Remote {
    pub(super) head: Option<GitHead>,
    pub(super) branches: Vec<String>,
}

/// Reads `ls-remote --symref URL HEAD refs/heads/*`.
pub(super) fn remote(text: &str) -> Remote {
    let mut found = Remote::default();
    let mut head_name = None;
    for (value, name) in text.lines().filter_map(|line| line.split_once('\t')) {
        if let (Some(target), "HEAD") = (value.strip_prefix("ref: refs/heads/"), name) {
            head_name = Some(target.to_owned());
        } else if let Some(branch) = name.strip_prefix("refs/heads/") {
            found.branches.push(branch.to_owned());
        } else if name == "HEAD" {
            let commit = value.to_owned();
            found.head = Some(match head_name.take() {
                Some(name) => GitHead::Branch { name, commit },
                None => GitHead::Detached { commit },
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use model::GitHead;
    use proptest::prelude::*;

    use super::{is_branch, remote};

    #[test]
    fn branches_of_a_url() {
        let found = remote(
            "ref: refs/heads/main\tHEAD\nabc\tHEAD\nabc\trefs/heads/main\ndef\trefs/heads/feat/x\n",
        );
        assert_eq!(found.head, Some(GitHead::Branch { name: "main".into(), commit: "abc".into() }));
        assert_eq!(found.branches, ["main", "feat/x"]);
        assert_eq!(remote("").head, None);
    }

    #[test]
    fn names_of_branches() {
        for name in ["main", "feat/x", "fix-ü", "a.b", "\"quoted\"", "a'b"] {
            assert!(is_branch(name), "{name}");
        }
        for name in [
            "", "-x", "a b", "a..b", "a/", "/a", ".a", "a.lock", "a~1", "a:b", "@", "HEAD", "a@{1}",
        ] {
            assert!(!is_branch(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,200}") {
            let _ = (remote(&text), is_branch(&text));
        }
    }
}
