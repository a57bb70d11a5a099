//! Shared sessions of workspaces, and what is pasted into them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{ErrorCode, Failure, Pasted, SharedSessions, TerminalView};

use crate::{args::*, dispatch::Call};

pub(crate) async fn shared_sessions_list(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<SharedSessions, Failure> {
    call.core.shared_sessions(&args.workspace).await
}

pub(crate) async fn shared_session_open(
    call: Call<'_>,
    args: SharedSessionOpenArgs,
) -> Result<TerminalView, Failure> {
    call.core.shared_session_open(args.workspace, &args.name, args.program, args.size).await
}

pub(crate) async fn shared_session_end(
    call: Call<'_>,
    args: SharedSessionArgs,
) -> Result<Done, Failure> {
    call.core.shared_session_end(&args.workspace, &args.name, args.program).await.map(|()| Done {})
}

pub(crate) async fn workspace_paste(
    call: Call<'_>,
    args: WorkspacePasteArgs,
) -> Result<Pasted, Failure> {
    let bytes = STANDARD.decode(&args.data).map_err(|_| {
        Failure::new(ErrorCode::Invalid, "what was pasted is not base64")
            .with_hint("Reload the window: it may be older than the app.")
            .with_field("data")
    })?;
    call.core.workspace_paste(&args.workspace, args.kind, bytes.into()).await
}
