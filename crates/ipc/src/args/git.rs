//! Git on both sides of a workspace.

use model::{GitDirty, WorkspaceRef};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct GitFolderArgs {
    pub folder: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct GitUrlArgs {
    pub url: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct GitTransferArgs {
    pub workspace: WorkspaceRef,
    pub dirty: GitDirty,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct GitTieArgs {
    pub workspace: WorkspaceRef,
    pub folder: String,
}
