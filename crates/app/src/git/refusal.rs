//! What git's refusals of a push, a fetch and a merge mean for a person.

use model::{ErrorCode, Failure, GitFile};

use super::{
    porcelain::push_refusal,
    program::{Printed, refused},
    tunnel::login_refused,
};

/// Files that are named in a sentence.
const NAMED: usize = 5;

pub(super) fn push(printed: &Printed, branch: &str, name: &str) -> Failure {
    let reason = push_refusal(&String::from_utf8_lossy(&printed.stdout)).unwrap_or_default();
    let all = format!("{reason}\n{}", printed.words);
    let has = |needles: &[&str]| needles.iter().any(|needle| all.contains(needle));
    if has(&["fetch first", "non-fast-forward"]) {
        return Failure::new(
            ErrorCode::Conflict,
            format!("{name} has commits on {branch} that are not on this computer"),
        )
        .with_hint("Pull first, then push again. Nothing was changed.")
        .with_detail(all);
    }
    if has(&["unstaged changes", "staged changes", "update working tree", "Untracked working tree"])
    {
        return Failure::new(
            ErrorCode::Conflict,
            format!("{name} has changes that are not committed, and the push would touch them"),
        )
        .with_hint("Commit them there, put them aside, or put them on a branch, then push again.")
        .with_detail(all);
    }
    transport(&all, name).unwrap_or_else(|| refused(&["push"], &all))
}

pub(super) fn fetch(printed: &Printed, name: &str) -> Failure {
    transport(&printed.words, name).unwrap_or_else(|| refused(&["fetch"], &printed.words))
}

/// A merge that does not fit: both sides have commits, or changes here are in the way.
pub(super) fn merge(printed: &Printed, onto: &str, from: &str) -> Failure {
    let words = &printed.words;
    if words.contains("would be overwritten") {
        return Failure::new(
            ErrorCode::Conflict,
            "changes on this computer that are not committed are in the way",
        )
        .with_hint("Commit or stash them here, then pull again. Nothing was changed.")
        .with_detail(words.clone());
    }
    if words.contains("fast-forward") || words.contains("diverg") {
        return Failure::new(ErrorCode::Conflict, format!("both sides have commits on {onto}"))
            .with_hint(format!(
                "The workspace's are fetched: merge or rebase them here with git merge {from} or git rebase {from}, then push."
            ))
            .with_detail(words.clone());
    }
    refused(&["merge"], words)
}

/// Files in the workspace are in the way of a push.
pub(super) fn dirty(name: &str, files: &[GitFile]) -> Failure {
    let named: Vec<&str> = files.iter().take(NAMED).map(|file| file.path.as_str()).collect();
    let more = files.len().saturating_sub(named.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message = format!("{name} has changes that are not committed: {}{more}", named.join(", "));
    Failure::new(ErrorCode::Conflict, message).with_hint(
        "Commit them there, put them aside, or put them on a branch: the Git tab asks which.",
    )
}

fn transport(words: &str, name: &str) -> Option<Failure> {
    let signs = [
        "Host key verification failed",
        "Permission denied",
        "Connection refused",
        "Connection closed",
        "kex_exchange_identification",
    ];
    signs.iter().any(|sign| words.contains(sign)).then(|| login_refused(name, words))
}

#[cfg(test)]
mod tests {
    use model::{ErrorCode, GitChange, GitFile};

    use super::{Printed, dirty, merge, push};

    fn printed(stdout: &str, words: &str) -> Printed {
        Printed { stdout: stdout.into(), words: words.into(), is_success: false }
    }

    #[test]
    fn refusals_say_what_to_do() {
        let line =
            |reason: &str| format!("!\trefs/heads/main:refs/heads/main\t[rejected] ({reason})\n");
        let behind = push(&printed(&line("fetch first"), ""), "main", "atlas");
        assert_eq!(behind.code, ErrorCode::Conflict);
        assert!(behind.hint.unwrap().starts_with("Pull first"));
        let dirty =
            push(&printed(&line("Working directory has unstaged changes"), ""), "main", "atlas");
        assert!(dirty.message.contains("not committed"), "{}", dirty.message);
        let key = push(
            &printed("", "Host key verification failed.\nfatal: Could not read"),
            "main",
            "atlas",
        );
        assert_eq!(key.code, ErrorCode::HostKeyChanged);
        let odd = push(&printed("", "fatal: the moon is wrong"), "main", "atlas");
        assert_eq!(
            (odd.code, odd.message.as_str()),
            (ErrorCode::Rejected, "git push: fatal: the moon is wrong")
        );
        let both =
            merge(&printed("", "fatal: Not possible to fast-forward, aborting."), "main", "r/main");
        assert!(both.hint.unwrap().contains("git merge r/main"));
    }

    #[test]
    fn files_are_named() {
        let file =
            |path: &str| GitFile { path: path.into(), from: None, change: GitChange::Modified };
        let files: Vec<GitFile> = (0..7).map(|number| file(&format!("f{number}"))).collect();
        let failure = dirty("atlas", &files);
        assert!(failure.message.ends_with("f0, f1, f2, f3, f4 and 2 more"), "{}", failure.message);
    }
}
