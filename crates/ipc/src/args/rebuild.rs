//! Arguments of rebuilds.

use model::{FormValues, Plan, WorkspaceRef};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct RebuildPlanArgs {
    pub workspace: WorkspaceRef,
    /// Fields that are left out keep what the workspace has.
    pub input: FormValues,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkspaceRebuildArgs {
    pub workspace: WorkspaceRef,
    /// A plan as `rebuild_plan` gave it.
    pub plan: Plan,
}
