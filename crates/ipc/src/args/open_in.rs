//! Opening workspaces in programs of this computer.

use model::{Editor, EditorView, WorkspaceRef};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceOpenInArgs {
    pub workspace: WorkspaceRef,
    pub editor: Editor,
}

/// Every editor Moorline knows, in the order of menus.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Editors {
    pub editors: Vec<EditorView>,
}
