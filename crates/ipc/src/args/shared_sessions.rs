//! Shared sessions of workspaces, and what is pasted into them.

use model::{PasteKind, SessionProgram, TerminalSize, WorkspaceRef};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SharedSessionOpenArgs {
    pub workspace: WorkspaceRef,
    pub name: String,
    /// The program that keeps it; none begins a new one.
    pub program: Option<SessionProgram>,
    pub size: TerminalSize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SharedSessionArgs {
    pub workspace: WorkspaceRef,
    pub name: String,
    pub program: SessionProgram,
}

#[derive(Clone, Deserialize, TS)]
pub struct WorkspacePasteArgs {
    pub workspace: WorkspaceRef,
    pub kind: PasteKind,
    /// Base64.
    pub data: String,
}
