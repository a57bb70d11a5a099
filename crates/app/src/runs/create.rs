//! Making a workspace: its container, and what comes behind it; taken back when that fails.

use std::sync::Arc;

use backend_api::Cx;
use model::{Failure, LogStream, Plan, RemoveVolumes, WorkspaceId};

use super::LiveRun;
use crate::{git, sessions::Live};

/// Makes a workspace; when what comes after its container fails, the container is taken away again.
pub(super) async fn create(
    live: &Live,
    run: &Arc<LiveRun>,
    plan: &Plan,
    git: Option<&git::Making>,
    cx: &Cx,
) -> Result<(), Failure> {
    let apply = live.session.apply().ok_or_else(|| live.cannot("make workspaces"))?;
    let maker = Arc::clone(run);
    let made = move |id: WorkspaceId| maker.made(id);
    let applied = apply.apply(plan, run.as_ref(), &made, cx).await?;
    run.made(applied.workspace_id.clone());
    let Some(making) = git else { return Ok(()) };
    let (id, first) = (&applied.workspace_id, plan.steps.len());
    let Err(failure) = making.carry_out(live, run.as_ref(), id, &plan.subject, first, cx).await
    else {
        return Ok(());
    };
    let volumes = if applied.has_older_data { RemoveVolumes::Keep } else { RemoveVolumes::Delete };
    take_back(live, id, volumes, cx).await;
    Err(failure)
}

/// Not cancelled: what was made is taken away although, or because, the run was cancelled.
async fn take_back(live: &Live, id: &WorkspaceId, volumes: RemoveVolumes, cx: &Cx) {
    let Some(lifecycle) = live.session.lifecycle() else { return };
    let cx = cx.for_call(live.cancel.child_token(), Arc::clone(&cx.log));
    match lifecycle.remove(id, volumes, &cx).await {
        Ok(()) => cx.log.line(LogStream::Note, "what was made is taken back"),
        Err(error) => {
            let words = Failure::from(error).message;
            cx.log.line(LogStream::Note, &format!("left behind on the server: {words}"));
        }
    }
}
