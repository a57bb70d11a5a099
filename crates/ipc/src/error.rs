//! The one error a command replies with.

use model::{ErrorCode, Failure};
use serde::Serialize;
use ts_rs::TS;

/// Why a command failed, as the interface shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    pub code: ErrorCode,
    /// What happened, to what.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
    /// The form field at fault.
    pub field: Option<String>,
    /// Evidence for "Copy details".
    pub detail: Option<String>,
    /// The same call may work later without anything being changed.
    pub is_retryable: bool,
}

impl From<Failure> for AppError {
    fn from(failure: Failure) -> Self {
        let is_retryable = matches!(failure.code, ErrorCode::Unreachable | ErrorCode::Busy);
        Self {
            code: failure.code,
            message: failure.message,
            hint: failure.hint,
            field: failure.field,
            detail: failure.detail,
            is_retryable,
        }
    }
}
