//! Notices: what the app tells a person who may be looking elsewhere. Data; the words are the interface's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ConnectionId, LabRef, NoticeId, RunId, RunStatus, TimestampMs, TunnelId};

/// Something that was told, and when. It never holds a secret: only names, states and failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    pub id: NoticeId,
    pub at: TimestampMs,
    pub is_read: bool,
    pub kind: NoticeKind,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeKind {
    /// A run failed, or a long one succeeded.
    RunEnded {
        run_id: RunId,
        verb: String,
        name: String,
        connection_name: String,
        status: RunStatus,
        /// Why it failed.
        error: Option<String>,
    },
    /// A server stopped answering, or refuses the connection.
    ConnectionLost {
        connection_id: ConnectionId,
        name: String,
        error: String,
        /// True when nothing more is tried until the person does something.
        is_final: bool,
    },
    /// A server whose loss was told answers again.
    ConnectionBack { connection_id: ConnectionId, name: String },
    /// A tunnel that was open is not, for more than a minute or until the person does something. Taken
    /// back when it is open again, stopped or removed.
    TunnelLost {
        tunnel_id: TunnelId,
        name: String,
        error: String,
        /// True when nothing more is tried until the person does something.
        is_final: bool,
    },
    /// A lab was to be stopped by itself, and nobody was there to do it: whether it is stopped now is the
    /// person's to say.
    LabOverdue { lab: LabRef, name: String, connection_name: String, due_at: TimestampMs },
    /// Something waits for an answer; `subject` is for example the connection's name.
    QuestionAsked { subject: String },
}
