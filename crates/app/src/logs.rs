//! Logs of workspaces: followed live, or saved whole to a file that the person picks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::LogOptions;
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use model::{Failure, LogLine, LogStream, TimestampMs, WorkspaceRef};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{Core, saving::Saving, sessions::Live};

/// Lines handed on at once during a flood.
const BATCH: usize = 512;

/// Batches of lines; ends with an error when the link breaks.
pub type Lines = BoxStream<'static, Result<Vec<LogLine>, Failure>>;

impl Core {
    /// Follows a workspace's log; `tail` limits the lines from before now.
    ///
    /// # Errors
    /// `Unreachable` when the connection is down, `Unsupported` when its server keeps no logs.
    pub async fn log_follow(
        &self,
        workspace: &WorkspaceRef,
        tail: Option<u32>,
    ) -> Result<Lines, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        lines(live, workspace, LogOptions { is_followed: true, tail, since: None }).await
    }

    /// Saves a workspace's whole log to a file that the person picks; none when they cancelled.
    ///
    /// # Errors
    /// As `log_follow`; `Unsupported` in a plain browser; `Storage` when the file cannot be written.
    pub async fn log_save(&self, workspace: &WorkspaceRef) -> Result<Option<PathBuf>, Failure> {
        let name = self.shared.name_of(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        let options = LogOptions { is_followed: false, tail: None, since: None };
        let lines = lines(live, workspace, options).await?;
        let name = format!("{name}.log");
        self.save(&name, lines).await
    }

    /// Asks where to, and writes lines there. A file that could not be written whole is removed.
    pub(crate) async fn save(&self, name: &str, lines: Lines) -> Result<Option<PathBuf>, Failure> {
        let Some(path) = self.shared.host.pick_save_path(name).await? else { return Ok(None) };
        write(&path, lines).await?;
        Ok(Some(path))
    }
}

async fn lines(
    live: Arc<Live>,
    workspace: &WorkspaceRef,
    options: LogOptions,
) -> Result<Lines, Failure> {
    let logs = live.session.logs().ok_or_else(|| live.cannot("show logs"))?;
    let found = live.call(logs.logs(&workspace.workspace_id, options, &live.cx())).await?;
    let ended = stream::once({
        let live = Arc::clone(&live);
        async move {
            live.cancel.cancelled().await;
            Err(live.lost())
        }
    });
    let batches = found.ready_chunks(BATCH).flat_map(|batch| {
        let mut lines = Vec::with_capacity(batch.len());
        let mut failure = None;
        for line in batch {
            match line {
                Ok(line) => lines.push(line),
                Err(error) => failure = Some(Failure::from(error)),
            }
        }
        let lines = (!lines.is_empty()).then_some(Ok(lines));
        stream::iter(lines.into_iter().chain(failure.map(Err)))
    });
    // Whichever ends first ends the log: its own end, or the session's.
    let marked = batches.map(Some).chain(stream::iter([None]));
    let both = stream::select(marked, ended.map(Some));
    Ok(both
        .take_while(|item| futures::future::ready(item.is_some()))
        .filter_map(futures::future::ready)
        .boxed())
}

async fn write(path: &Path, mut lines: Lines) -> Result<(), Failure> {
    let mut saving = Saving::begin(path).await?;
    while let Some(batch) = lines.next().await {
        for line in batch? {
            saving.write(text(&line).as_bytes()).await?;
        }
    }
    saving.end().await
}

/// A line as it stands in a saved file.
fn text(line: &LogLine) -> String {
    let mut text = String::new();
    if let Some(at) = line.at.and_then(time_text) {
        text.push_str(&at);
        text.push(' ');
    }
    if line.stream == LogStream::Stderr {
        text.push_str("stderr ");
    }
    text.push_str(&line.text);
    text.push('\n');
    text
}

fn time_text(at: TimestampMs) -> Option<String> {
    let nanoseconds = i128::from(at) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()?.format(&Rfc3339).ok()
}
