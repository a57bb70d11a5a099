//! What is pasted into a workspace.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PasteKind {
    /// PNG, JPEG, GIF, WebP or BMP; which of them is read from the bytes.
    Image,
    /// UTF-8.
    Text,
}

/// A file that was made by pasting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pasted {
    /// Inside the workspace, absolute.
    pub path: String,
    pub bytes: u64,
}
