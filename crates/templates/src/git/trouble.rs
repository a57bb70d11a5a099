//! What git's words mean for a person who wants a template.

use model::{ErrorCode, Failure};

/// Words of git and ssh, what they mean, and what to do.
const KNOWN: &[(&[&str], ErrorCode, &str, &str)] = &[
    (
        &["Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED"],
        ErrorCode::HostKeyUnknown,
        "the host key of the server is not one that ssh trusts",
        "Connect to it once with ssh in a terminal, and compare its key.",
    ),
    (
        &[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "terminal prompts disabled",
            "Permission denied",
            "Access denied",
            "error: 401",
            "error: 403",
        ],
        ErrorCode::Unauthorized,
        "the server wants a login that git on this computer does not have",
        "Sign in once with git in a terminal: your credential helper or ssh agent then serves Moorline too.",
    ),
    (
        &[
            "does not appear to be a git repository",
            "not found",
            "does not exist",
            "No such file or directory",
        ],
        ErrorCode::NotFound,
        "there is no such repository, or this login may not see it",
        "Check the address, and whether you may read the repository.",
    ),
    (
        &[
            "Could not resolve host",
            "Connection refused",
            "Connection timed out",
            "Connection closed",
            "Connection reset",
            "Network is unreachable",
            "No route to host",
            "unable to access",
            "early EOF",
            "hung up unexpectedly",
        ],
        ErrorCode::Unreachable,
        "the server does not answer",
        "Check the network, then refresh again. What was fetched before can still be used.",
    ),
];

/// Why nothing could be read from an address.
pub(super) fn unreadable(url: &str, words: &str) -> Failure {
    let known = KNOWN.iter().find(|(said, ..)| said.iter().any(|said| words.contains(said)));
    let failure = match known {
        Some((_, code, what, hint)) => {
            Failure::new(*code, format!("nothing can be read from {url}: {what}")).with_hint(*hint)
        }
        None => Failure::new(ErrorCode::Rejected, format!("nothing can be read from {url}"))
            .with_hint("The details are git's own words."),
    };
    failure.with_detail(words)
}

/// The remote has no such branch, tag or commit.
pub(super) fn unknown_reference(url: &str, reference: &str) -> Failure {
    let message = match reference {
        "HEAD" => format!("{url} has no commit yet"),
        reference => format!("{url} has no branch, tag or commit {reference}"),
    };
    Failure::new(ErrorCode::NotFound, message)
        .with_field("reference")
        .with_hint("Choose another, or push it there first.")
}

/// The commit has no such folder.
pub(super) fn without_path(
    failure: Failure,
    url: &str,
    path: &str,
    reference: Option<&str>,
) -> Failure {
    if failure.code != ErrorCode::NotFound {
        return failure;
    }
    let at = reference.unwrap_or("its default branch");
    Failure::new(ErrorCode::NotFound, format!("{url} has no folder {path} at {at}"))
        .with_field("path")
        .with_hint("Correct the folder, or choose another branch.")
}

/// Whether a repository of ours is broken, by what git says of it: then it is made anew.
pub(super) fn is_broken(words: &str) -> bool {
    [
        ".lock': File exists",
        "bad object",
        "is corrupt",
        "loose object",
        "missing blob",
        "unable to read tree",
        "not a git repository",
        "did not send all necessary objects",
    ]
    .iter()
    .any(|said| words.contains(said))
}
