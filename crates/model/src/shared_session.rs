//! Shared sessions: programs in a workspace that go on without anybody, and that several people attach to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::TimestampMs;

/// The program that keeps a shared session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionProgram {
    Tmux,
    Dtach,
}

/// Somebody who looks at a shared session now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Who it is, where they came through Moorline; none for others, for example over plain `ssh`.
    pub who: Option<String>,
    /// The person of this computer.
    pub is_own: bool,
    pub since: Option<TimestampMs>,
}

/// One shared session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharedSession {
    pub name: String,
    pub program: SessionProgram,
    pub created_at: Option<TimestampMs>,
    /// What runs in it now, for example "vim".
    pub shows: Option<String>,
    pub attached: Vec<Attachment>,
}

/// The shared sessions of a workspace, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharedSessions {
    /// What a new one is kept by; none when the workspace has neither program.
    pub program: Option<SessionProgram>,
    pub sessions: Vec<SharedSession>,
    /// What installs a program that can keep them, where there is none.
    pub install_command: Option<String>,
}
