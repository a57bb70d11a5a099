//! Workspaces, their pages and forwards.

use model::{Failure, Form, Forward, Plan, RunId, WorkspaceDetail, WorkspaceView};

use crate::{args::*, dispatch::Call};

pub(super) fn started(run_id: RunId) -> RunStarted {
    RunStarted { run_id }
}

pub(crate) async fn workspaces_list(
    call: Call<'_>,
    _: NoArgs,
) -> Result<Vec<WorkspaceView>, Failure> {
    call.core.workspaces().await
}

pub(crate) async fn workspaces_refresh(call: Call<'_>, _: NoArgs) -> Result<Done, Failure> {
    call.core.workspaces_refresh().await.map(|()| Done {})
}

pub(crate) async fn workspace_inspect(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<WorkspaceDetail, Failure> {
    call.core.workspace_inspect(&args.workspace).await
}

pub(crate) async fn workspace_start(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_start(&args.workspace).await.map(started)
}

pub(crate) async fn workspace_stop(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_stop(&args.workspace).await.map(started)
}

pub(crate) async fn workspace_restart(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_restart(&args.workspace).await.map(started)
}

pub(crate) async fn workspace_rename(
    call: Call<'_>,
    args: WorkspaceRenameArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_rename(&args.workspace, &args.name).await.map(started)
}

pub(crate) async fn workspace_remove(
    call: Call<'_>,
    args: WorkspaceRemoveArgs,
) -> Result<RunStarted, Failure> {
    let WorkspaceRemoveArgs { workspace, volumes, keeps_remote } = args;
    call.core.workspace_remove(&workspace, volumes, keeps_remote).await.map(started)
}

pub(crate) async fn workspace_favourite(
    call: Call<'_>,
    args: WorkspaceFavouriteArgs,
) -> Result<Done, Failure> {
    call.core.workspace_favourite(args.workspace, args.is_favourite).await.map(|()| Done {})
}

pub(crate) async fn workspace_form(call: Call<'_>, args: ConnectionArgs) -> Result<Form, Failure> {
    call.core.workspace_form(&args.connection_id).await
}

pub(crate) async fn workspace_plan(
    call: Call<'_>,
    args: WorkspacePlanArgs,
) -> Result<Plan, Failure> {
    call.core.workspace_plan(&args.connection_id, &args.input).await
}

pub(crate) async fn workspace_create(
    call: Call<'_>,
    args: WorkspaceCreateArgs,
) -> Result<RunStarted, Failure> {
    call.core.workspace_create(&args.connection_id, args.plan).await.map(started)
}

pub(crate) async fn page_open(call: Call<'_>, args: PageOpenArgs) -> Result<PageOpened, Failure> {
    let url = call.core.page_open(args.workspace, args.port, args.open_in).await?;
    Ok(PageOpened { url })
}

pub(crate) async fn forward_open(
    call: Call<'_>,
    args: ForwardOpenArgs,
) -> Result<Forward, Failure> {
    call.core.forward_open(args.workspace, args.port).await
}

pub(crate) async fn forward_close(call: Call<'_>, args: ForwardCloseArgs) -> Result<Done, Failure> {
    call.core.forward_close(args.forward_id).await.map(|()| Done {})
}
