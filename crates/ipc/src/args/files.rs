//! Files and folders of this computer, picked by the person.

use app::PickKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct PathPickArgs {
    /// The dialog's title, for example "Key file".
    pub title: String,
    pub kind: PickKind,
}

/// What was picked.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PathPicked {
    /// None when the person cancelled.
    pub path: Option<String>,
}
