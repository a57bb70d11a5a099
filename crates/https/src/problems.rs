//! What can go wrong on the way to an answer, in words.

use std::error::Error;

use backend_api::BackendError;
use model::{ErrorCode, Failure};

use crate::BaseUrl;

/// Nothing answers, or the answer broke off.
pub(crate) fn broken(url: &BaseUrl, error: &(dyn Error + 'static)) -> BackendError {
    BackendError::unreachable(format!("the connection to {url} broke"))
        .with_hint("Try again; if it stays so, check that the service runs there.")
        .with_detail(chain(error))
}

/// Nothing came for too long.
pub(crate) fn silent(url: &BaseUrl, seconds: u64) -> BackendError {
    BackendError::unreachable(format!("{url} did not answer within {seconds} seconds"))
        .with_hint("Try again; if it stays so, look at the server's load.")
}

/// The answer is longer than anybody asked for.
pub(crate) fn too_long(url: &BaseUrl, most: usize) -> BackendError {
    BackendError::rejected(format!("the answer of {url} is longer than {most} bytes"))
        .with_hint("Ask for less.")
}

/// There is no TLS to be had there.
pub(crate) fn no_tls(url: &BaseUrl, error: &(dyn Error + 'static)) -> BackendError {
    let words = chain(error);
    let is_plain = words.contains("corrupt message") || words.contains("InvalidContentType");
    let hint = if is_plain {
        "It answers without TLS: write http:// in front if that is meant."
    } else {
        "Check the port, and that the service there speaks HTTPS."
    };
    BackendError::unreachable(format!("{url} does not speak TLS as expected"))
        .with_hint(hint)
        .with_detail(words)
}

/// Its certificate may not be used.
pub(crate) fn untrusted(url: &BaseUrl, is_changed: bool, reason: &str) -> BackendError {
    let (code, message) = if is_changed {
        (
            ErrorCode::CertificateChanged,
            format!("the certificate of {url} is not the one that was trusted"),
        )
    } else {
        (ErrorCode::CertificateUnknown, format!("nothing vouches for the certificate of {url}"))
    };
    let hint = "Compare its fingerprint with whoever runs the server.";
    BackendError::Trust(Failure::new(code, message).with_hint(hint).with_detail(reason))
}

/// An error with everything beneath it.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        source = inner.source();
    }
    words
}
