//! The managed SSH config, and opening workspaces in programs of this computer.

use model::{Failure, SshConfigView, WorkspaceSsh};

use crate::{args::*, dispatch::Call};

pub(crate) async fn editors_list(call: Call<'_>, _: NoArgs) -> Result<Editors, Failure> {
    Ok(Editors { editors: call.core.editors().await })
}

pub(crate) async fn workspace_open_in(
    call: Call<'_>,
    args: WorkspaceOpenInArgs,
) -> Result<Done, Failure> {
    call.core.workspace_open_in(&args.workspace, args.editor).await.map(|()| Done {})
}

pub(crate) async fn workspace_ssh(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<WorkspaceSsh, Failure> {
    call.core.workspace_ssh(&args.workspace).await
}

pub(crate) async fn ssh_config_get(call: Call<'_>, _: NoArgs) -> Result<SshConfigView, Failure> {
    call.core.ssh_config().await
}

pub(crate) async fn ssh_config_include(
    call: Call<'_>,
    _: NoArgs,
) -> Result<SshConfigView, Failure> {
    call.core.ssh_config_include().await
}

pub(crate) async fn ssh_config_exclude(
    call: Call<'_>,
    _: NoArgs,
) -> Result<SshConfigView, Failure> {
    call.core.ssh_config_exclude().await
}
