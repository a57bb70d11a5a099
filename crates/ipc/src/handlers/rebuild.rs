//! Rebuilds, and bringing back what they put aside.

use model::{Failure, Form, RebuildPlan};

use super::workspaces::started;
use crate::{args::*, dispatch::Call};

pub(crate) async fn rebuild_form(call: Call<'_>, args: WorkspaceArgs) -> Result<Form, Failure> {
    call.core.rebuild_form(&args.workspace).await
}

pub(crate) async fn rebuild_plan(
    call: Call<'_>,
    args: RebuildPlanArgs,
) -> Result<RebuildPlan, Failure> {
    call.core.rebuild_plan(&args.workspace, &args.input).await
}

pub(crate) async fn workspace_rebuild(
    call: Call<'_>,
    args: WorkspaceRebuildArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_rebuild(&args.workspace, args.plan).await.map(started)
}

pub(crate) async fn run_restore(call: Call<'_>, args: RunArgs) -> Result<RunStarted, Failure> {
    call.core.run_restore(&args.run_id).await.map(started)
}
