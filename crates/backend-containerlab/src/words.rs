//! The server's words, read for what they mean: which error, and its one line that says why.

use backend_api::BackendError;
use http::StatusCode;
use http::header::RETRY_AFTER;
use https::Reply;
use serde::Deserialize;

/// What a server without such a path answers.
const NO_PAGE: &str = "404 page not found";
const MOST_DETAIL: usize = 8 * 1024;

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
}

/// What was asked of whom, for sentences: cannot `verb` `subject` on `server`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) server: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) subject: &'a str,
}

impl Attempt<'_> {
    /// Passes an answer of success, or says what the other one means.
    pub(crate) fn check(self, reply: Reply) -> Result<Reply, BackendError> {
        if reply.status.is_success() { Ok(reply) } else { Err(self.refused(&reply)) }
    }

    /// What an answer means that is no success.
    pub(crate) fn refused(self, reply: &Reply) -> BackendError {
        let words = words_of(reply);
        let Self { server, verb, subject } = self;
        let what = format!("cannot {verb} {subject} on \"{server}\"");
        let message = format!("{what}: {}", gist(&words));
        let error = match reply.status {
            StatusCode::UNAUTHORIZED => BackendError::unauthorized(message)
                .with_hint("Check user and password, and that the account is in the server's group for the API."),
            StatusCode::FORBIDDEN => BackendError::forbidden(message),
            StatusCode::NOT_FOUND if words.trim() == NO_PAGE => {
                BackendError::unsupported(format!("{what}: the server does not offer that"))
                    .with_hint("Update the server's API server.")
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => BackendError::not_found(message),
            StatusCode::CONFLICT if is_busy(reply) => BackendError::busy(message)
                .with_hint("Wait until the other operation on this lab has ended."),
            StatusCode::CONFLICT => BackendError::conflict(message),
            StatusCode::TOO_MANY_REQUESTS => BackendError::busy(message),
            _ => return self.failed(&words),
        };
        error.with_detail(detail(&words))
    }

    /// An operation that failed with these words.
    pub(crate) fn failed(self, words: &str) -> BackendError {
        let Self { server, verb, subject } = self;
        let message = format!("cannot {verb} {subject} on \"{server}\": {}", gist(words));
        let error = if words.contains("qdisc kind is unknown") {
            BackendError::unsupported(format!(
                "cannot {verb} {subject} on \"{server}\": its kernel has no netem"
            ))
        } else {
            BackendError::rejected(message)
        };
        let error = match hint(words) {
            Some(hint) => error.with_hint(hint),
            None => error,
        };
        error.with_detail(detail(words))
    }
}

/// True for a lab that does something else just now.
pub(crate) fn is_busy(reply: &Reply) -> bool {
    reply.status == StatusCode::CONFLICT && reply.headers.contains_key(RETRY_AFTER)
}

/// How long the server asks to wait, in seconds; at least one, at most thirty.
pub(crate) fn retry_after(reply: &Reply) -> u64 {
    let header = reply.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    header.and_then(|text| text.parse().ok()).unwrap_or(2_u64).min(30)
}

/// The text of an answer's error.
pub(crate) fn words_of(reply: &Reply) -> String {
    match serde_json::from_slice::<ErrorBody>(&reply.body) {
        Ok(body) => body.error,
        Err(_) => {
            let text = String::from_utf8_lossy(&reply.body);
            let text = text.trim();
            if text.is_empty() { format!("it answers {}", reply.status) } else { text.to_owned() }
        }
    }
}

fn hint(words: &str) -> Option<&'static str> {
    if words.contains("qdisc kind is unknown") {
        Some("Load the module on the server with `modprobe sch_netem`, and try again.")
    } else if words.contains("no running containers") {
        Some(
            "The server's API server and its containerlab program do not fit together. Update the API server.",
        )
    } else if words.contains("deadline exceeded") {
        Some(
            "The server ends an operation after ten minutes. Look what is there, and start the rest in parts.",
        )
    } else if words.contains("No such image") || words.contains("failed to pull image") {
        Some("Put the image on the server, with `docker pull` or `docker load`, and start again.")
    } else if words.contains("is not supported. Supported kinds") {
        Some("Use a kind that the server's containerlab knows, or update it.")
    } else {
        None
    }
}

/// The one line that says why: what stands below the box "ERROR", else the last line.
pub(crate) fn gist(words: &str) -> String {
    let plain = without_colours(words);
    let lines: Vec<&str> = plain.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let below = lines.iter().position(|line| *line == "ERROR").and_then(|at| lines.get(at + 1));
    let line = below.or_else(|| lines.last()).copied().unwrap_or("it does not say why");
    let line = line.split(". Supported kinds are").next().unwrap_or(line);
    let shown: String = line.chars().take(300).collect();
    shown.trim_end_matches('.').to_owned()
}

fn detail(words: &str) -> String {
    without_colours(words).chars().take(MOST_DETAIL).collect()
}

/// Takes the control sequences out that colour a terminal.
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => {
                if rest.next() == Some('[') {
                    rest.by_ref().find(|c| c.is_ascii_alphabetic());
                }
            }
            '\n' | '\t' => plain.push(c),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{gist, without_colours};

    #[test]
    fn the_line_below_the_box_says_why() {
        let recorded = "Failed to deploy lab 'x': clab command failed (triggered by user: u, duration: 96ms): exit status 1\nstderr: 11:30:33 INFO Containerlab started version=0.79.0\n          \n   ERROR  \n          \n  Lab 'x' not found - no running containers.      \n\n\nstderr:           \n   ERROR  \n";
        assert_eq!(gist(recorded), "Lab 'x' not found - no running containers");
        assert_eq!(
            gist("lab 'x' not found or not owned by user"),
            "lab 'x' not found or not owned by user"
        );
        assert_eq!(gist(""), "it does not say why");
    }

    #[test]
    fn colours_go() {
        assert_eq!(
            without_colours("\u{1b}[1m╭──\u{1b}[0m\u{1b}[38;2;0;201;255m⣿\u{1b}[0m\r\n"),
            "╭──⣿\n"
        );
    }

    proptest! {
        #[test]
        fn any_words_have_a_gist(words in "\\PC{0,200}") {
            prop_assert!(!gist(&words).is_empty() || words.contains('.'));
            let plain = without_colours(&words);
            prop_assert_eq!(plain.find(char::from(27)), None);
        }
    }
}
