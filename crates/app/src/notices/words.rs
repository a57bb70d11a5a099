//! Notices in words, for the system's own display: a title and one line. The window has words of its own.

use model::{NoticeKind, RunStatus};

/// Title and body.
pub(super) fn of(kind: &NoticeKind) -> (String, String) {
    match kind {
        NoticeKind::RunEnded { verb, name, connection_name, status, error, .. } => {
            let verb = verb.strip_prefix("lab_").unwrap_or(verb);
            let title = match status {
                RunStatus::Succeeded => format!("{name}: {verb} is done"),
                RunStatus::Interrupted => format!("{name}: {verb} was interrupted"),
                RunStatus::Running | RunStatus::Failed | RunStatus::Cancelled => {
                    format!("{name}: {verb} failed")
                }
            };
            (title, error.clone().unwrap_or_else(|| format!("on {connection_name}")))
        }
        NoticeKind::ConnectionLost { name, error, is_final: true, .. } => {
            (format!("{name} is not connected"), error.clone())
        }
        NoticeKind::ConnectionLost { name, error, is_final: false, .. } => {
            (format!("{name} does not answer"), error.clone())
        }
        NoticeKind::ConnectionBack { name, .. } => {
            (format!("{name} answers again"), "Its ports and terminals work again.".into())
        }
        NoticeKind::TunnelLost { name, error, is_final: true, .. } => {
            (format!("The tunnel {name} is closed"), error.clone())
        }
        NoticeKind::TunnelLost { name, error, is_final: false, .. } => {
            (format!("The tunnel {name} is down"), error.clone())
        }
        NoticeKind::LabOverdue { name, connection_name, .. } => (
            format!("The lab {name} still runs"),
            format!("It was to be stopped on {connection_name} while Moorline was away."),
        ),
        NoticeKind::QuestionAsked { subject } => {
            (format!("{subject} needs your answer"), "Moorline waits for it.".into())
        }
    }
}
