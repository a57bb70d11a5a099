//! Repositories to make workspaces from, and git on both sides of one.

use model::{Failure, GitLink, GitSource, GitState};

use super::workspaces::started;
use crate::{args::*, dispatch::Call};

pub(crate) async fn git_look_folder(
    call: Call<'_>,
    args: GitFolderArgs,
) -> Result<GitSource, Failure> {
    call.core.git_look_folder(&args.folder).await
}

pub(crate) async fn git_look_url(call: Call<'_>, args: GitUrlArgs) -> Result<GitSource, Failure> {
    call.core.git_look_url(&args.url).await
}

pub(crate) async fn git_link(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<Option<GitLink>, Failure> {
    call.core.git_link(&args.workspace).await
}

pub(crate) async fn git_state(call: Call<'_>, args: WorkspaceArgs) -> Result<GitState, Failure> {
    call.core.git_state(&args.workspace).await
}

pub(crate) async fn git_push(call: Call<'_>, args: GitTransferArgs) -> Result<RunStarted, Failure> {
    call.core.git_push(&args.workspace, args.dirty).await.map(started)
}

pub(crate) async fn git_pull(call: Call<'_>, args: GitTransferArgs) -> Result<RunStarted, Failure> {
    call.core.git_pull(&args.workspace, args.dirty).await.map(started)
}

pub(crate) async fn git_fetch(call: Call<'_>, args: WorkspaceArgs) -> Result<RunStarted, Failure> {
    call.core.git_fetch(&args.workspace).await.map(started)
}

pub(crate) async fn git_tie(call: Call<'_>, args: GitTieArgs) -> Result<RunStarted, Failure> {
    call.core.git_tie(&args.workspace, args.folder).await.map(started)
}
