//! Terminals, logs, measurements: what is carried on streams.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{ErrorCode, Failure, TerminalView};

use crate::{args::*, dispatch::Call, streams::Source};

pub(crate) async fn terminals_list(
    call: Call<'_>,
    _: NoArgs,
) -> Result<Vec<TerminalView>, Failure> {
    call.core.terminals().await
}

pub(crate) async fn terminal_open(
    call: Call<'_>,
    args: TerminalOpenArgs,
) -> Result<TerminalView, Failure> {
    call.core.terminal_open(args.workspace, args.size).await
}

pub(crate) async fn terminal_attach(
    call: Call<'_>,
    args: TerminalAttachArgs,
) -> Result<Done, Failure> {
    let follow = call.core.terminal_follow(&args.terminal_id).await?;
    call.client.open_stream(args.stream, Source::Terminal(follow)).map(|()| Done {})
}

pub(crate) async fn terminal_write(
    call: Call<'_>,
    args: TerminalWriteArgs,
) -> Result<Done, Failure> {
    let bytes = STANDARD.decode(&args.data).map_err(|_| {
        Failure::new(ErrorCode::Invalid, "what was typed is not base64")
            .with_hint("Reload the window: it may be older than the app.")
            .with_field("data")
    })?;
    call.core.terminal_write(&args.terminal_id, bytes.into()).await.map(|()| Done {})
}

pub(crate) async fn terminal_resize(
    call: Call<'_>,
    args: TerminalResizeArgs,
) -> Result<Done, Failure> {
    call.core.terminal_resize(&args.terminal_id, args.size).await.map(|()| Done {})
}

pub(crate) async fn terminal_close(call: Call<'_>, args: TerminalArgs) -> Result<Done, Failure> {
    call.core.terminal_close(args.terminal_id).await.map(|()| Done {})
}

pub(crate) async fn log_open(call: Call<'_>, args: LogOpenArgs) -> Result<Done, Failure> {
    let lines = call.core.log_follow(&args.workspace, args.tail).await?;
    call.client.open_stream(args.stream, Source::Lines(lines)).map(|()| Done {})
}

pub(crate) async fn log_save(call: Call<'_>, args: LogSaveArgs) -> Result<Saved, Failure> {
    let path = call.core.log_save(&args.workspace).await?;
    Ok(Saved { path: path.map(|path| path.display().to_string()) })
}

pub(crate) async fn metrics_open(call: Call<'_>, args: MetricsOpenArgs) -> Result<Done, Failure> {
    let follow = call.core.metrics_follow();
    call.client.open_stream(args.stream, Source::Metrics(follow)).map(|()| Done {})
}

pub(crate) async fn stream_ack(call: Call<'_>, args: StreamAckArgs) -> Result<Done, Failure> {
    call.client.ack(args.stream, args.bytes);
    Ok(Done {})
}

pub(crate) async fn stream_close(call: Call<'_>, args: StreamArgs) -> Result<Done, Failure> {
    call.client.close_stream(args.stream);
    Ok(Done {})
}
