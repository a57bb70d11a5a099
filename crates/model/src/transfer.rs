//! Carrying settings and connections from one computer to another: what a file would change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What an item of the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    Settings,
    SshHost,
    Connection,
    Favourite,
    Tunnel,
    Template,
}

/// What taking an item over would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum TransferChange {
    /// Not here yet: it is added.
    New,
    /// Here as in the file.
    Same,
    /// Here, but different in these points: what is here stays unless it is chosen.
    Differs { points: Vec<String> },
    /// Cannot be taken over, and why.
    Refused { reason: String },
}

/// One thing in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferItem {
    /// Names the item when it is chosen.
    pub key: String,
    pub kind: TransferKind,
    /// What a person knows it by.
    pub name: String,
    pub change: TransferChange,
    /// Passwords and passphrases that will be asked for, because the file holds none.
    pub asks_for_secrets: bool,
}

/// What importing a file would do. Nothing was changed to find out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferPreview {
    /// The version that wrote the file.
    pub made_by: String,
    pub items: Vec<TransferItem>,
}

/// What importing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TransferDone {
    /// Items added and replaced.
    pub added: u32,
    pub replaced: u32,
    /// A file with everything as it was before.
    pub backup: String,
}
