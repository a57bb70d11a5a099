//! Looking at runs, past and present: lists, one run, its log.

use std::{path::PathBuf, sync::Arc};

use futures::{StreamExt as _, stream};
use model::{ErrorCode, Failure, LogLine, Run, RunId, RunStatus};
use tokio::sync::watch;

use super::live::Written;
use crate::{Core, logs::Lines, shared::Shared};

/// The longest list.
const MOST: u32 = 1000;

impl Core {
    /// Runs, newest first. `search` looks for words in names, verbs and errors.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn runs(
        &self,
        search: &str,
        status: Option<RunStatus>,
        limit: u32,
    ) -> Result<Vec<Run>, Failure> {
        let mut runs = self.shared.store.runs(search, status, limit.clamp(1, MOST)).await?;
        let live = self.shared.owner.with(|state| state.runs.clone()).await?;
        for run in &mut runs {
            // The store is a moment behind.
            if let Some(live) = live.get(&run.id) {
                *run = live.snapshot();
            }
        }
        Ok(runs)
    }

    /// One run.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn run(&self, id: &RunId) -> Result<Run, Failure> {
        if let Some(live) = self.live_run(id).await? {
            return Ok(live.snapshot());
        }
        self.shared.store.get_run(id).await?.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, "there is no such run")
                .with_hint("Reload the list of runs.")
        })
    }

    /// A run's log from its beginning; ends when the run ends.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn run_log_follow(&self, id: &RunId) -> Result<Lines, Failure> {
        // Looked for first: a run that ends in between is then in the store.
        let live = self.live_run(id).await?;
        if live.is_none() {
            self.run(id).await?;
        }
        let reader = Reader {
            shared: Arc::clone(&self.shared),
            id: id.clone(),
            after_chunk: 0,
            written: live.map(|run| run.written.subscribe()),
        };
        Ok(stream::unfold(Some(reader), Reader::next).boxed())
    }

    /// Saves a run's log to a file that the person picks; none when they cancelled.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser; `Storage` when the file cannot be written.
    pub async fn run_log_save(&self, id: &RunId) -> Result<Option<PathBuf>, Failure> {
        let run = self.run(id).await?;
        let reader = Reader {
            shared: Arc::clone(&self.shared),
            id: id.clone(),
            after_chunk: 0,
            written: None,
        };
        let name = format!("{}-{}.log", run.verb, run.subject.name);
        self.save(&name, stream::unfold(Some(reader), Reader::next).boxed()).await
    }
}

/// Reads a log from the store, which is where all of it is; waits while the run goes on.
struct Reader {
    shared: Arc<Shared>,
    id: RunId,
    after_chunk: u64,
    written: Option<watch::Receiver<Written>>,
}

type Step = Option<(Result<Vec<LogLine>, Failure>, Option<Reader>)>;

impl Reader {
    async fn next(reader: Option<Self>) -> Step {
        let mut reader = reader?;
        loop {
            // Looked at before reading: lines that come later are read in the next turn.
            let is_over = match &mut reader.written {
                Some(written) => written.borrow_and_update().is_over,
                None => true,
            };
            let chunks = match reader.shared.store.read_log(&reader.id, reader.after_chunk).await {
                Ok(chunks) => chunks,
                Err(error) => return Some((Err(error.into()), None)),
            };
            if let Some((last, _)) = chunks.last() {
                reader.after_chunk = *last;
                let lines = chunks.into_iter().flat_map(|(_, lines)| lines).collect();
                return Some((Ok(lines), Some(reader)));
            }
            if is_over {
                return None;
            }
            let written = reader.written.as_mut()?;
            // The run's record going away means that it is over: everything is stored then.
            if written.changed().await.is_err() {
                reader.written = None;
            }
        }
    }
}
