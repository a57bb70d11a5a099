//! Runs, past and present.

use model::{Failure, Run};

use super::workspaces::started;
use crate::{args::*, dispatch::Call, streams::Source};

pub(crate) async fn runs_list(call: Call<'_>, args: RunsListArgs) -> Result<Vec<Run>, Failure> {
    call.core.runs(&args.search, args.status, args.limit).await
}

pub(crate) async fn run_get(call: Call<'_>, args: RunArgs) -> Result<Run, Failure> {
    call.core.run(&args.run_id).await
}

pub(crate) async fn run_log_open(call: Call<'_>, args: RunLogOpenArgs) -> Result<Done, Failure> {
    let lines = call.core.run_log_follow(&args.run_id).await?;
    call.client.open_stream(args.stream, Source::Lines(lines)).map(|()| Done {})
}

pub(crate) async fn run_log_save(call: Call<'_>, args: RunArgs) -> Result<Saved, Failure> {
    let path = call.core.run_log_save(&args.run_id).await?;
    Ok(Saved { path: path.map(|path| path.display().to_string()) })
}

pub(crate) async fn run_cancel(call: Call<'_>, args: RunArgs) -> Result<Done, Failure> {
    call.core.run_cancel(&args.run_id).await.map(|()| Done {})
}

pub(crate) async fn run_retry(call: Call<'_>, args: RunArgs) -> Result<RunStarted, Failure> {
    call.core.run_retry(&args.run_id).await.map(started)
}

pub(crate) async fn run_remove_leftover(
    call: Call<'_>,
    args: RunArgs,
) -> Result<RunStarted, Failure> {
    call.core.run_remove_leftover(&args.run_id).await.map(started)
}
