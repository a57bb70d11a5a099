//! Moving in from other programs.

use model::ImportPick;
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportTakeArgs {
    /// In the order in which connections are to be made.
    pub picks: Vec<ImportPick>,
}
