//! What a template means in a repository, and what `ls-remote` says of it. Pure.

/// A branch, tag or commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The branch that is checked out there.
    Default,
    /// A branch, else a tag, else a commit if it can be one.
    Named(String),
}

/// What can be asked of the remote to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Offered {
    /// A full name, or the commit itself.
    pub(super) name: String,
    pub(super) commit: String,
}

impl Wanted {
    /// None for what git would not take.
    pub(super) fn parse(reference: Option<&str>) -> Option<Self> {
        let Some(name) = reference.map(str::trim).filter(|name| !name.is_empty()) else {
            return Some(Self::Default);
        };
        let is_odd =
            |c: char| c.is_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\');
        let is_part =
            |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
        let is_good = !name.starts_with('-')
            && name.len() <= 250
            && !name.chars().any(is_odd)
            && !name.contains("..")
            && !name.contains("@{")
            && !name.ends_with('.')
            && name.split('/').all(is_part);
        is_good.then(|| Self::Named(name.to_owned()))
    }

    /// What `ls-remote` is asked for.
    pub(super) fn patterns(&self) -> Vec<String> {
        match self {
            Self::Default => vec!["HEAD".into()],
            Self::Named(name) => {
                let mut patterns: Vec<String> =
                    self.names().iter().map(|(full, _)| full.clone()).collect();
                patterns.push(format!("refs/tags/{name}^{{}}"));
                patterns
            }
        }
    }

    /// What the remote has of it.
    pub(super) fn offered(&self, listed: &str) -> Option<Offered> {
        let lines: Vec<(&str, &str)> =
            listed.lines().filter_map(|line| line.split_once('\t')).collect();
        let find = |wanted: &str| {
            lines.iter().filter(|(_, name)| *name == wanted).find_map(|(id, _)| commit(id))
        };
        match self {
            Self::Default => {
                Some(Offered { name: "HEAD".into(), commit: find("HEAD")?.to_owned() })
            }
            Self::Named(_) => self.names().into_iter().find_map(|(name, is_tag)| {
                // A tag with a message is a thing of its own; what it points to is the commit.
                let commit = is_tag.then(|| find(&format!("{name}^{{}}"))).flatten();
                let commit = commit.or_else(|| find(&name))?.to_owned();
                Some(Offered { name, commit })
            }),
        }
    }

    /// The commit that is meant, where it can only be one: all its digits.
    pub(super) fn whole_commit(&self) -> Option<&str> {
        let Self::Named(name) = self else { return None };
        commit(name)
    }

    /// Whether it can be the beginning of a commit.
    pub(super) fn may_be_commit(&self) -> bool {
        let Self::Named(name) = self else { return false };
        (7..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Default => "HEAD",
            Self::Named(name) => name,
        }
    }

    /// Full names, the likeliest first, and whether each is a tag.
    fn names(&self) -> Vec<(String, bool)> {
        match self {
            Self::Default => Vec::new(),
            Self::Named(name) if name.starts_with("refs/") => {
                vec![(name.clone(), name.starts_with("refs/tags/"))]
            }
            Self::Named(name) => {
                vec![(format!("refs/heads/{name}"), false), (format!("refs/tags/{name}"), true)]
            }
        }
    }
}

/// Takes only the whole name of a commit.
pub(super) fn commit(text: &str) -> Option<&str> {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (matches!(text.len(), 40 | 64) && is_hex).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Offered, Wanted};

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn offered(reference: Option<&str>, listed: &str) -> Option<Offered> {
        Wanted::parse(reference).unwrap().offered(listed)
    }

    #[test]
    fn a_branch_comes_before_a_tag_and_a_tag_is_its_commit() {
        let listed = format!(
            "ref: refs/heads/main\tHEAD\n{A}\tHEAD\n{A}\trefs/heads/main\n{B}\trefs/tags/v1\n\
             {A}\trefs/tags/v1^{{}}\n{B}\trefs/tags/main\n"
        );
        let told = |reference| offered(reference, &listed).map(|o| (o.name, o.commit));
        assert_eq!(told(None), Some(("HEAD".into(), A.into())));
        assert_eq!(told(Some(" main ")), Some(("refs/heads/main".into(), A.into())));
        assert_eq!(told(Some("v1")), Some(("refs/tags/v1".into(), A.into())));
        assert_eq!(told(Some("refs/tags/main")), Some(("refs/tags/main".into(), B.into())));
        assert_eq!(told(Some("v2")), None);
    }

    #[test]
    fn what_git_would_not_take() {
        for name in ["--upload-pack=id", "a b", "a..b", "a:b", "*", "a^", "x/", "@{1}", "a\nb"] {
            assert_eq!(Wanted::parse(Some(name)), None, "{name}");
        }
        assert!(Wanted::parse(Some("1a2b3c4")).unwrap().may_be_commit());
        assert!(!Wanted::parse(Some("feature")).unwrap().may_be_commit());
        assert_eq!(Wanted::parse(Some(A)).unwrap().whole_commit(), Some(A));
    }

    proptest! {
        #[test]
        fn no_answer_breaks_it(name in ".{0,30}", listed in ".{0,200}|[a-f\t/^{}\n ]{0,200}") {
            if let Some(wanted) = Wanted::parse(Some(&name)) {
                prop_assert!(!wanted.as_str().starts_with('-'));
                let _ = (wanted.patterns(), wanted.offered(&listed));
            }
        }
    }
}
