//! Moving in from other programs, and adopting what they made.

use model::{ImportPick, WorkspaceRef};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportTakeArgs {
    /// In the order in which connections are to be made.
    pub picks: Vec<ImportPick>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceAdoptArgs {
    pub workspace: WorkspaceRef,
    /// Whom terminals run as; none leaves the choice to the server.
    pub user: Option<String>,
}
