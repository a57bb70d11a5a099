//! libpod's refusals turned into errors with a sentence that names the thing and a next step.

use backend_api::BackendError;
use serde::Deserialize;

use crate::http::Reply;

/// libpod's words for an error: `{"cause", "message", "response"}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    cause: String,
    message: String,
}

/// What was tried, for the sentence: `cannot start "atlas-api" on "forge-1": ...`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// The connection's name.
    pub(crate) server: &'a str,
    /// Verb, for example "start".
    pub(crate) verb: &'a str,
    /// The thing's name.
    pub(crate) subject: &'a str,
}

impl Attempt<'_> {
    /// Passes 2xx and 304 (already so); everything else becomes an error.
    pub(crate) fn check(&self, reply: Reply) -> Result<Reply, BackendError> {
        if reply.status.is_success() || reply.status.as_u16() == 304 {
            Ok(reply)
        } else {
            Err(self.refused(&reply))
        }
    }

    /// What an answer with an error status means.
    pub(crate) fn refused(&self, reply: &Reply) -> BackendError {
        let refusal: Refusal = serde_json::from_slice(&reply.body).unwrap_or_default();
        let words = if refusal.message.is_empty() {
            format!("HTTP status {}", reply.status.as_u16())
        } else {
            refusal.message.clone()
        };
        self.explain(reply.status.as_u16(), &refusal.cause, &words).with_detail(words)
    }

    fn explain(&self, status: u16, cause: &str, words: &str) -> BackendError {
        let Self { server, verb, subject } = *self;
        let has = |needle: &str| cause.contains(needle) || words.contains(needle);
        if has("no such container") {
            return BackendError::not_found(format!(
                "\"{subject}\" is not on \"{server}\" any more"
            ))
            .with_hint("Someone else removed it. Refresh the list.");
        }
        if has("no space left on device") || has("disk quota exceeded") {
            return BackendError::rejected(format!(
                "cannot {verb} \"{subject}\": the disk of \"{server}\" is full"
            ))
            .with_hint("Free space on the server, for example by removing images that nobody uses, and try again.");
        }
        if has("address already in use") || has("port is already allocated") {
            return self.port_taken(words);
        }
        if let Some(error) = self.about_names(has) {
            return error;
        }
        if has("container state improper") || has("volume is being used") || status == 409 {
            return BackendError::conflict(format!(
                "cannot {verb} \"{subject}\" on \"{server}\" now"
            ))
            .with_hint(
                "Something else is using it or changing it. Look at its state and try again.",
            );
        }
        self.other(words)
    }

    fn about_names(&self, has: impl Fn(&str) -> bool) -> Option<BackendError> {
        let Self { server, subject, .. } = *self;
        let taken =
            ["that name is already in use", "container already exists", "volume already exists"];
        if taken.into_iter().any(&has) {
            return Some(
                BackendError::conflict(format!("\"{server}\" already has \"{subject}\""))
                    .with_field("name")
                    .with_hint("Choose another name."),
            );
        }
        if has("image not known") || has("no such image") {
            return Some(
                BackendError::not_found(format!(
                    "\"{server}\" does not have the image of \"{subject}\""
                ))
                .with_field("image")
                .with_hint("Choose an image that is on the server."),
            );
        }
        if has("names must match") {
            return Some(
                BackendError::invalid(format!("\"{subject}\" will not do as a name"))
                    .with_field("name")
                    .with_hint("Use small letters, digits and single hyphens."),
            );
        }
        None
    }

    fn port_taken(&self, words: &str) -> BackendError {
        let Self { server, verb, subject } = *self;
        let message = match port_in(words) {
            Some(port) => format!(
                "cannot {verb} \"{subject}\": something else on \"{server}\" listens on port {port}"
            ),
            None => format!(
                "cannot {verb} \"{subject}\": something else on \"{server}\" holds one of its ports"
            ),
        };
        BackendError::conflict(message)
            .with_hint("Stop what listens there, or make a workspace with another port.")
    }

    fn other(&self, words: &str) -> BackendError {
        let Self { server, verb, subject } = *self;
        let short: String = words.chars().take(300).collect();
        BackendError::rejected(format!("cannot {verb} \"{subject}\" on \"{server}\": {short}"))
            .with_hint("These are Podman's own words. Change what they name and try again.")
    }
}

/// Finds the port in texts such as `listen tcp4 127.0.0.1:3100: bind: address already in use`.
fn port_in(words: &str) -> Option<u16> {
    words
        .split(|c: char| c.is_whitespace())
        .filter_map(|word| word.trim_end_matches(':').rsplit_once(':'))
        .find_map(|(host, port)| if host.is_empty() { None } else { port.parse().ok() })
}

#[cfg(test)]
mod tests {
    use model::{ErrorCode, Failure};

    use super::Attempt;

    fn explained(status: u16, cause: &str, message: &str) -> Failure {
        let attempt = Attempt { server: "forge-1", verb: "start", subject: "atlas-api" };
        let body = serde_json::json!({ "cause": cause, "message": message, "response": status });
        let reply = crate::http::Reply {
            status: hyper::StatusCode::from_u16(status).unwrap(),
            headers: hyper::HeaderMap::new(),
            body: bytes::Bytes::from(body.to_string()),
        };
        attempt.refused(&reply).into()
    }

    #[test]
    fn a_taken_port_is_named() {
        let failure = explained(
            500,
            "address already in use",
            "cannot listen on the TCP port: listen tcp4 127.0.0.1:3100: bind: address already in use",
        );
        assert_eq!(failure.code, ErrorCode::Conflict);
        assert_eq!(
            failure.message,
            "cannot start \"atlas-api\": something else on \"forge-1\" listens on port 3100"
        );
    }

    #[test]
    fn a_full_disk_is_a_clear_sentence() {
        let failure = explained(500, "", "mkdir /var/lib/containers/x: no space left on device");
        assert_eq!(failure.message, "cannot start \"atlas-api\": the disk of \"forge-1\" is full");
        assert!(failure.hint.is_some());
    }

    #[test]
    fn a_duplicate_name_is_a_conflict_although_podman_says_500() {
        let failure = explained(
            500,
            "that name is already in use",
            "creating container storage: the container name \"a1\" is already in use by 3ac6",
        );
        assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::Conflict, Some("name")));
    }

    #[test]
    fn an_unknown_refusal_keeps_podmans_words() {
        let failure = explained(500, "OCI runtime error", "runc: cannot start");
        assert_eq!(failure.code, ErrorCode::Rejected);
        assert!(failure.message.ends_with("runc: cannot start"), "{}", failure.message);
        assert_eq!(failure.detail.as_deref(), Some("runc: cannot start"));
    }

    #[test]
    fn a_body_that_is_no_json_names_the_status() {
        let attempt = Attempt { server: "forge-1", verb: "list", subject: "containers" };
        let reply = crate::http::Reply {
            status: hyper::StatusCode::BAD_GATEWAY,
            headers: hyper::HeaderMap::new(),
            body: bytes::Bytes::from_static(b"<html>"),
        };
        assert!(Failure::from(attempt.refused(&reply)).message.contains("HTTP status 502"));
    }
}
