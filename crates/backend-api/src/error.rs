//! The one error of the contract. Variants say what a caller can do; words say what happened.

use model::{ErrorCode, Failure};

/// Why a backend could not do something. Every variant becomes one `Failure`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BackendError {
    /// Nothing answers there, or the link broke. Worth trying again.
    #[error("{0}")]
    Unreachable(Failure),
    #[error("{0}")]
    Unauthorized(Failure),
    #[error("{0}")]
    Forbidden(Failure),
    #[error("{0}")]
    NotFound(Failure),
    #[error("{0}")]
    Conflict(Failure),
    #[error("{0}")]
    Busy(Failure),
    #[error("{0}")]
    Unsupported(Failure),
    #[error("cancelled")]
    Cancelled,
    /// The input will not do; `Failure::field` names where.
    #[error("{0}")]
    Invalid(Failure),
    /// The server refused in words of its own.
    #[error("{0}")]
    Rejected(Failure),
    /// The server said something that makes no sense.
    #[error("{0}")]
    Protocol(Failure),
    /// A host key or credential problem that the carrier found; its code is kept.
    #[error("{0}")]
    Trust(Failure),
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $variant:ident, $code:ident;)*) => {
        impl BackendError {
            $(
                $(#[$doc])*
                pub fn $name(message: impl Into<String>) -> Self {
                    Self::$variant(Failure::new(ErrorCode::$code, message))
                }
            )*
        }
    };
}

constructors! {
    /// `Unreachable` with a sentence.
    unreachable => Unreachable, Unreachable;
    /// `Unauthorized` with a sentence.
    unauthorized => Unauthorized, Unauthorized;
    /// `Forbidden` with a sentence.
    forbidden => Forbidden, Forbidden;
    /// `NotFound` with a sentence.
    not_found => NotFound, NotFound;
    /// `Conflict` with a sentence.
    conflict => Conflict, Conflict;
    /// `Busy` with a sentence.
    busy => Busy, Busy;
    /// `Unsupported` with a sentence.
    unsupported => Unsupported, Unsupported;
    /// `Invalid` with a sentence.
    invalid => Invalid, Invalid;
    /// `Rejected` with a sentence.
    rejected => Rejected, Rejected;
    /// `Protocol` with a sentence.
    protocol => Protocol, Protocol;
}

impl BackendError {
    /// Applies `change` to the failure inside, where there is one.
    #[must_use]
    pub fn map_failure(self, change: impl FnOnce(Failure) -> Failure) -> Self {
        match self {
            Self::Unreachable(failure) => Self::Unreachable(change(failure)),
            Self::Unauthorized(failure) => Self::Unauthorized(change(failure)),
            Self::Forbidden(failure) => Self::Forbidden(change(failure)),
            Self::NotFound(failure) => Self::NotFound(change(failure)),
            Self::Conflict(failure) => Self::Conflict(change(failure)),
            Self::Busy(failure) => Self::Busy(change(failure)),
            Self::Unsupported(failure) => Self::Unsupported(change(failure)),
            Self::Cancelled => Self::Cancelled,
            Self::Invalid(failure) => Self::Invalid(change(failure)),
            Self::Rejected(failure) => Self::Rejected(change(failure)),
            Self::Protocol(failure) => Self::Protocol(change(failure)),
            Self::Trust(failure) => Self::Trust(change(failure)),
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        self.map_failure(|failure| failure.with_hint(hint))
    }

    /// Adds evidence.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        self.map_failure(|failure| failure.with_detail(detail))
    }

    /// Names the form field at fault.
    #[must_use]
    pub fn with_field(self, field: impl Into<String>) -> Self {
        self.map_failure(|failure| failure.with_field(field))
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Unreachable(failure)
            | BackendError::Unauthorized(failure)
            | BackendError::Forbidden(failure)
            | BackendError::NotFound(failure)
            | BackendError::Conflict(failure)
            | BackendError::Busy(failure)
            | BackendError::Unsupported(failure)
            | BackendError::Invalid(failure)
            | BackendError::Rejected(failure)
            | BackendError::Protocol(failure)
            | BackendError::Trust(failure) => failure,
            BackendError::Cancelled => Self::new(ErrorCode::Cancelled, "cancelled"),
        }
    }
}
