//! What a support bundle holds, before it is saved.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One file of a bundle, as it will be saved: names and addresses are replaced already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SupportFile {
    pub name: String,
    /// What it is for, in one sentence.
    pub about: String,
    pub text: String,
}

/// A bundle as it will be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SupportBundle {
    pub files: Vec<SupportFile>,
    /// Names, addresses and secrets that were replaced.
    pub replaced: u32,
}
