//! Sentences of both servers, as they were read or recorded.

use super::reply::{Reply, refuse};

/// The text of a command that failed, as the server of 2025 wraps it.
pub(super) fn command_failed(stderr: &str) -> String {
    format!(
        "clab command failed (triggered by user: clabuser, duration: 96.254197ms): exit status 1\nstderr: 11:30:33 INFO Containerlab started version=0.79.0\n          \n   ERROR  \n          \n  {stderr}.\n\n"
    )
}

/// What a server says about a lab when the program beside it is too new for it.
pub(super) fn does_not_fit(lab: &str) -> Reply {
    let words = command_failed(&format!("Lab '{lab}' not found - no running containers"));
    refuse(
        500,
        format!("failed to check lab '{lab}' status: failed to inspect lab '{lab}': {words}"),
    )
}

pub(super) fn exists(lab: &str, is_modern: bool) -> Reply {
    let hint = if is_modern {
        "Use 'reconfigure=true' (or legacy 'cleanup=true') to overwrite."
    } else {
        "Use 'reconfigure=true' query parameter to overwrite."
    };
    refuse(409, format!("Lab '{lab}' already exists. {hint}"))
}

/// A lab that is not there, or not the caller's: nobody is told which.
pub(super) fn not_found(lab: &str) -> Reply {
    refuse(404, format!("lab '{lab}' not found or not owned by user"))
}
