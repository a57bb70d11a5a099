//! Terminals: their size, and what the dock shows of one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{TerminalId, TimestampMs, WorkspaceRef};

/// Size in character cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

/// An open or ended terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalView {
    pub id: TerminalId,
    pub workspace: WorkspaceRef,
    /// For example "atlas-api: bash".
    pub title: String,
    pub opened_at: TimestampMs,
    /// Set when the program ended: its exit code, or none when the link broke.
    pub ended: Option<TerminalEnd>,
}

/// How a terminal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalEnd {
    pub exit_code: Option<i32>,
    pub message: String,
}
