//! What git prints for programs: `status --porcelain=v2 --branch --show-stash -z`, `push --porcelain`.
//!
//! Pure. Paths come as bytes between zeros, so that no name has to be quoted.

use model::{GitChange, GitFile, GitHead};

/// A status, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) head: GitHead,
    pub(super) files: Vec<GitFile>,
    pub(super) stash_count: u32,
}

/// Reads a status; none when it is none.
pub(super) fn status(bytes: &[u8]) -> Option<Status> {
    let mut head = None;
    let mut oid = None;
    let mut files = Vec::new();
    let mut stash_count = 0;
    let mut records = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    while let Some(record) = records.next() {
        if let Some(header) = record.strip_prefix("# ") {
            match header.split_once(' ') {
                Some(("branch.oid", id)) => oid = Some(id.to_owned()),
                Some(("branch.head", name)) => head = Some(name.to_owned()),
                Some(("stash", count)) => stash_count = count.parse().unwrap_or(0),
                _ => {}
            }
            continue;
        }
        let Some((kind, rest)) = record.split_once(' ') else { continue };
        // Fields before the path: 1 XY sub mH mI mW hH hI path; 2 adds a score and the old path; u XY ...
        let (fields, is_renamed) = match kind {
            "1" => (8, false),
            "2" => (9, true),
            "u" => (10, false),
            "?" => (1, false),
            _ => continue,
        };
        let Some(path) = rest.splitn(fields, ' ').nth(fields - 1) else { continue };
        let from = if is_renamed { records.next().map(|old| old.into_owned()) } else { None };
        let change = change(kind, rest.get(..2).unwrap_or_default());
        files.push(GitFile { path: path.to_owned(), from, change });
    }
    Some(Status { head: head_of(head?, oid?), files, stash_count })
}

fn head_of(name: String, oid: String) -> GitHead {
    match (name.as_str(), oid.as_str()) {
        ("(detached)", _) => GitHead::Detached { commit: oid },
        (_, "(initial)") => GitHead::Unborn { name },
        _ => GitHead::Branch { name, commit: oid },
    }
}

fn change(kind: &str, states: &str) -> GitChange {
    match kind {
        "?" => GitChange::Untracked,
        "u" => GitChange::Conflicted,
        "2" => GitChange::Renamed,
        _ if states.contains('D') => GitChange::Deleted,
        _ if states.contains('A') => GitChange::Added,
        _ => GitChange::Modified,
    }
}

/// Why a ref was not pushed, in git's words: the text in brackets at the end of a line with `!`.
pub(super) fn push_refusal(stdout: &str) -> Option<String> {
    let line = stdout.lines().find(|line| line.starts_with("!\t"))?;
    let summary = line.splitn(3, '\t').nth(2)?;
    let reason = summary.split_once('(').map_or(summary, |(_, reason)| reason);
    Some(reason.trim_end_matches(')').to_owned())
}

/// `ahead<TAB>behind` of `rev-list --left-right --count`.
pub(super) fn counts(stdout: &str) -> Option<(u32, u32)> {
    let (left, right) = stdout.trim().split_once('\t')?;
    Some((left.parse().ok()?, right.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use model::{GitChange, GitFile, GitHead};
    use proptest::prelude::*;

    use super::{counts, push_refusal, status};

    const OID: &str = "3fa9c1d2e3f4a5b6c7d8e9f00102030405060708";

    fn entry(kind: &str, path: &str) -> String {
        match kind {
            "?" => format!("? {path}\0"),
            "u" => format!("u UU N... 100644 100644 100644 100644 {OID} {OID} {OID} {path}\0"),
            "2" => format!("2 R. N... 100644 100644 100644 {OID} {OID} R100 {path}\0old {path}\0"),
            states => format!("1 {states} N... 100644 100644 100644 {OID} {OID} {path}\0"),
        }
    }

    #[test]
    fn every_kind_of_entry_is_read() {
        let text = format!(
            "# branch.oid {OID}\0# branch.head feat/x\0# branch.upstream o/x\0# stash 2\0{}{}{}{}{}{}",
            entry(".M", "a b.txt"),
            entry("A.", "\"quoted\".txt"),
            entry(".D", "gone"),
            entry("2", "new\nline"),
            entry("u", "both"),
            entry("?", "tab\there"),
        );
        let found = status(text.as_bytes()).unwrap();
        assert_eq!(found.head, GitHead::Branch { name: "feat/x".into(), commit: OID.into() });
        assert_eq!(found.stash_count, 2);
        let changes: Vec<_> =
            found.files.iter().map(|file| (file.path.as_str(), file.change)).collect();
        assert_eq!(
            changes,
            [
                ("a b.txt", GitChange::Modified),
                ("\"quoted\".txt", GitChange::Added),
                ("gone", GitChange::Deleted),
                ("new\nline", GitChange::Renamed),
                ("both", GitChange::Conflicted),
                ("tab\there", GitChange::Untracked),
            ]
        );
        assert_eq!(found.files[3].from.as_deref(), Some("old new\nline"));
    }

    #[test]
    fn heads_without_a_branch_or_a_commit() {
        let detached = format!("# branch.oid {OID}\0# branch.head (detached)\0");
        let detached = status(detached.as_bytes()).unwrap().head;
        assert_eq!(detached, GitHead::Detached { commit: OID.into() });
        let unborn = status(b"# branch.oid (initial)\0# branch.head main\0").unwrap().head;
        assert_eq!(unborn, GitHead::Unborn { name: "main".into() });
        assert_eq!(status(b"fatal: not a git repository"), None);
    }

    #[test]
    fn a_refusal_is_found() {
        let text = "To moorline-3fa9c1:/workspace/project\n!\trefs/heads/main:refs/heads/main\t[remote rejected] (Working directory has unstaged changes)\nDone\n";
        assert_eq!(push_refusal(text).as_deref(), Some("Working directory has unstaged changes"));
        assert_eq!(push_refusal("To x\n \ta:b\tc..d\nDone\n"), None);
        assert_eq!(counts("3\t12\n"), Some((3, 12)));
    }

    proptest! {
        #[test]
        fn any_paths_come_back(paths in proptest::collection::vec("[^\\x00]{1,20}", 0..8)) {
            let kinds = [".M", "A.", "2", "u", "?"];
            let mut text = format!("# branch.oid {OID}\0# branch.head main\0");
            for (path, kind) in paths.iter().zip(kinds.iter().cycle()) {
                text.push_str(&entry(kind, path));
            }
            let found: Vec<GitFile> = status(text.as_bytes()).unwrap().files;
            prop_assert_eq!(found.into_iter().map(|file| file.path).collect::<Vec<_>>(), paths);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = status(&bytes);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let _ = (push_refusal(&text), counts(&text));
        }
    }
}
