//! Images of servers.

use model::{Failure, Plan, PruneList, ServerImages};

use super::workspaces::started;
use crate::{args::*, dispatch::Call};

pub(crate) async fn images_list(call: Call<'_>, _: NoArgs) -> Result<Vec<ServerImages>, Failure> {
    call.core.images().await
}

pub(crate) async fn image_pull(call: Call<'_>, args: ImagePullArgs) -> Result<RunStarted, Failure> {
    call.core.image_pull(&args.connection_id, args.name).await.map(started)
}

pub(crate) async fn image_build_plan(
    call: Call<'_>,
    args: ImageBuildArgs,
) -> Result<Plan, Failure> {
    call.core.image_build_plan(&args.connection_id, args.input).await
}

pub(crate) async fn image_build(
    call: Call<'_>,
    args: ImageBuildArgs,
) -> Result<RunStarted, Failure> {
    call.core.image_build(&args.connection_id, args.input).await.map(started)
}

pub(crate) async fn image_tag(call: Call<'_>, args: ImageTagArgs) -> Result<RunStarted, Failure> {
    call.core.image_tag(&args.connection_id, args.image_id, args.name).await.map(started)
}

pub(crate) async fn image_remove(
    call: Call<'_>,
    args: ImageRemoveArgs,
) -> Result<RunStarted, Failure> {
    call.core.image_remove(&args.connection_id, args.image_id, args.label).await.map(started)
}

pub(crate) async fn images_prune_list(
    call: Call<'_>,
    args: ImagesPruneListArgs,
) -> Result<PruneList, Failure> {
    call.core.images_prune_list(&args.connection_id, args.scope, &args.kept).await
}

pub(crate) async fn images_prune(
    call: Call<'_>,
    args: ImagesPruneArgs,
) -> Result<RunStarted, Failure> {
    call.core.images_prune(&args.connection_id, args.images).await.map(started)
}
