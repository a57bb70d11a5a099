//! What went wrong, in words for a person: the same shape in lists, runs and replies.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why something failed, as far as a caller can act on it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Nothing answers there, or the link broke.
    Unreachable,
    /// The server refuses this login.
    Unauthorized,
    /// The login is fine; this action is not allowed to it.
    Forbidden,
    /// The thing is not there.
    NotFound,
    /// Something else is in the way: a name or a port that is taken.
    Conflict,
    /// The server is doing something else; the same call may work later.
    Busy,
    /// This server or build cannot do that.
    Unsupported,
    /// A person or a shutdown stopped it.
    Cancelled,
    /// What was asked for is not valid; `Failure::field` may name where.
    Invalid,
    /// The server refused with a reason of its own.
    Rejected,
    /// The server said something that makes no sense.
    Protocol,
    /// The host key is not known, or a person did not accept it.
    HostKeyUnknown,
    /// The host key is not the one that is known.
    HostKeyChanged,
    /// The host key was revoked.
    HostKeyRevoked,
    /// The server's certificate is not trusted, or a person did not accept it.
    CertificateUnknown,
    /// The server's certificate is not the one that was trusted.
    CertificateChanged,
    /// No keychain and no unlocked vault.
    SecretsLocked,
    /// The database or a file of ours cannot be used.
    Storage,
    /// A defect of ours.
    Internal,
}

/// A failure as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    pub code: ErrorCode,
    /// What happened, to what. A sentence that names the thing.
    pub message: String,
    /// The next step, as a sentence.
    pub hint: Option<String>,
    /// The form field at fault, when there is one.
    pub field: Option<String>,
    /// Evidence for "Copy details": the server's own words, never a secret.
    pub detail: Option<String>,
}

impl Failure {
    /// A failure with a code and a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, field: None, detail: None }
    }

    /// Adds the next step.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the form field at fault.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Adds evidence.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
