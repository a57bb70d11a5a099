//! Moving in: what other programs know of servers, taking it, and adopting what they made.

use model::{AdoptionOffer, Failure, ImportFound, ImportTaken};

use crate::{args::*, dispatch::Call};

pub(crate) async fn import_look(call: Call<'_>, _: NoArgs) -> Result<Vec<ImportFound>, Failure> {
    call.core.import_look().await
}

pub(crate) async fn import_take(
    call: Call<'_>,
    args: ImportTakeArgs,
) -> Result<Vec<ImportTaken>, Failure> {
    call.core.import_take(args.picks).await
}

pub(crate) async fn workspace_adoption(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<AdoptionOffer, Failure> {
    call.core.workspace_adoption(&args.workspace).await
}

pub(crate) async fn workspace_adopt(
    call: Call<'_>,
    args: WorkspaceAdoptArgs,
) -> Result<Done, Failure> {
    call.core.workspace_adopt(args.workspace, args.user).await.map(|()| Done {})
}

pub(crate) async fn workspace_release(
    call: Call<'_>,
    args: WorkspaceArgs,
) -> Result<Done, Failure> {
    call.core.workspace_release(args.workspace).await.map(|()| Done {})
}
