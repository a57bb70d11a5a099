//! Tests of connections, and server set-up.

use model::{Failure, KeyCopied, ServerSetup, SetupPlan};

use super::workspaces::started;
use crate::{args::*, dispatch::Call, streams::Source};

pub(crate) async fn doctor_open(call: Call<'_>, args: DoctorOpenArgs) -> Result<Done, Failure> {
    let follow = call.core.doctor(args.subject, args.asks).await?;
    call.client.open_stream(args.stream, Source::Doctor(follow)).map(|()| Done {})
}

pub(crate) async fn doctor_copy_key(
    call: Call<'_>,
    args: DoctorCopyKeyArgs,
) -> Result<KeyCopied, Failure> {
    call.core.doctor_copy_key(args.subject, args.hop, &args.line, args.agreed).await
}

pub(crate) async fn setup_offer(
    call: Call<'_>,
    args: ConnectionArgs,
) -> Result<Option<ServerSetup>, Failure> {
    call.core.setup_offer(&args.connection_id).await
}

pub(crate) async fn setup_plan(call: Call<'_>, args: SetupPlanArgs) -> Result<SetupPlan, Failure> {
    call.core.setup_plan(&args.connection_id, &args.values).await
}

pub(crate) async fn setup_run(call: Call<'_>, args: SetupRunArgs) -> Result<RunStarted, Failure> {
    call.core.setup_run(&args.connection_id, args.values, args.agreed).await.map(started)
}
