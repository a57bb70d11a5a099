//! Programs on this computer that a workspace can be opened in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A program that reaches a workspace by SSH.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Editor {
    #[default]
    VsCode,
    Cursor,
    Windsurf,
    Zed,
    JetbrainsGateway,
    /// The terminal program of this desktop.
    Terminal,
}

/// An editor as menus offer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditorView {
    pub editor: Editor,
    /// As its maker writes it.
    pub name: String,
    /// The program that was found; none when it is not installed.
    pub program: Option<String>,
    /// A full sentence: what to do when it is not there, or what else it needs.
    pub how_to_get: String,
    /// Where it is to be had.
    pub page: String,
}
