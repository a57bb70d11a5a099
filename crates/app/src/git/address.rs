//! Addresses of repositories: which may be used, and what of one a workspace is told. Pure.
//!
//! Addresses end up in arguments, in the history of runs and inside workspaces, so none may hold a secret.

/// Why a URL cannot be used.
pub(crate) fn url_problem(url: &str) -> Option<&'static str> {
    match login(url) {
        Some(("ssh", login)) if login.contains(':') => {
            return Some(
                "the URL holds a password, which would end up in logs: leave it out and log in \
                 with a key",
            );
        }
        Some(("ssh", _)) | None => {}
        Some(_) => {
            return Some(
                "what stands before the @ may be a token, which would end up in logs: leave it \
                 out and let git's credential helper give it",
            );
        }
    }
    if url.starts_with('-') || url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Some("this is no URL of a repository: it begins with a hyphen or holds a space");
    }
    names_a_program(url).then_some("a URL that names a program cannot be used")
}

/// The address as others may know it: without a login for the web, and none that means nothing to them.
pub(super) fn shareable(url: &str) -> Option<String> {
    let url = match login(url) {
        Some((scheme, login)) if scheme != "ssh" => url.replacen(&format!("{login}@"), "", 1),
        _ => url.to_owned(),
    };
    let means_something = match (scheme(&url), url.split_once(':')) {
        (Some((scheme, _)), _) => scheme != "file",
        (None, Some((host, _))) => host.len() > 1 && !host.contains(['/', '\\']),
        (None, None) => false,
    };
    (means_something && url_problem(&url).is_none()).then_some(url)
}

/// The scheme, and who logs in there.
fn login(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = scheme(url)?;
    // More slashes than two are forgiven by what reads the address in the end.
    let authority = rest.trim_start_matches('/').split('/').next()?;
    let (login, _) = authority.rsplit_once('@')?;
    (scheme != "file").then_some((scheme, login))
}

fn scheme(url: &str) -> Option<(&str, &str)> {
    url.split_once("://")
}

/// Git runs `git-remote-<name>` for `<name>::<anything>`.
fn names_a_program(url: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    url.split_once("::").is_some_and(|(name, _)| name.chars().all(is_name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{shareable, url_problem};

    #[test]
    fn an_address_holds_no_secret_and_names_no_program() {
        for url in [
            "git@host:a.git",
            "ssh://git@host:22/a",
            "ssh://git@[::1]/a",
            "[::1]:a.git",
            "https://host/a@b",
            "file:///a@b/c",
            "/srv/a.git",
        ] {
            assert_eq!(url_problem(url), None, "{url}");
        }
        for (url, word) in [
            ("https://ghp_0123456789@host/a", "token"),
            ("https:///ghp_0123456789@host/a", "token"),
            ("http://me:word@host/a", "token"),
            ("HTTPS://me@host", "token"),
            ("ssh://me:word@host/a", "password"),
            ("ext::sh", "program"),
            ("::sh", "program"),
            ("--upload-pack=id", "hyphen"),
            ("https://host/a b", "space"),
        ] {
            let problem = url_problem(url).unwrap();
            assert!(problem.contains(word), "{url}: {problem}");
        }
    }

    #[test]
    fn a_workspace_is_told_the_address_without_its_token() {
        for (url, told) in [
            ("https://ghp_0123456789@host/o/r.git", Some("https://host/o/r.git")),
            ("https://me:word@host/o/r", Some("https://host/o/r")),
            ("https://host/o/r", Some("https://host/o/r")),
            ("git@host:r.git", Some("git@host:r.git")),
            ("ssh://me:word@host/r", None),
            ("file:///srv/r", None),
            ("/srv/r", None),
            ("C:\\r", None),
        ] {
            assert_eq!(shareable(url).as_deref(), told, "{url}");
        }
    }

    proptest! {
        #[test]
        fn what_is_told_never_logs_in_to_the_web(url in "(https?:/{2,4})?[a-z@:/]{0,30}") {
            if let Some(told) = shareable(&url) {
                prop_assert_eq!(url_problem(&told), None);
                let rest = told.strip_prefix("https://").or(told.strip_prefix("http://"));
                let authority = rest.and_then(|rest| rest.trim_start_matches('/').split('/').next());
                prop_assert!(!authority.is_some_and(|authority| authority.contains('@')), "{}", told);
            }
        }

        #[test]
        fn no_address_panics(url in ".{0,60}") {
            let _ = shareable(&url);
        }
    }
}
