//! Rebuilding a workspace: what would change, beside the plan's steps.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Plan;

/// The end of the name of what a rebuild puts aside until the new one works. No name that a person may
/// choose contains a full stop.
pub const ASIDE_SUFFIX: &str = ".before-rebuild";

/// One property of a workspace, as it is and as it would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanChange {
    /// What it is about, for example "Image".
    pub what: String,
    pub before: String,
    /// The same as `before` when it is kept.
    pub after: String,
}

/// What a rebuild would do. Made by reading only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RebuildPlan {
    pub plan: Plan,
    /// Kept and changed properties, in the order people look for them.
    pub changes: Vec<PlanChange>,
}
