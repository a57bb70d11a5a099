//! `Cx`: what a call may use: cancellation, a log, streams, commands, a clock.

use std::sync::Arc;

use model::{LogStream, StepProgress, TimestampMs};
use tokio_util::sync::CancellationToken;

use crate::{BackendError, Dial, RemoteExec};

/// Takes lines of progress. Never blocks and never fails; floods are coalesced by the owner.
pub trait LogSink: Send + Sync {
    fn line(&self, stream: LogStream, text: &str);
}

/// A log sink that forgets.
#[derive(Debug, Clone, Copy)]
pub struct NoLog;

impl LogSink for NoLog {
    fn line(&self, _stream: LogStream, _text: &str) {}
}

/// Takes the progress of the steps of a plan; `index` counts from 0 in the plan's order.
pub trait StepSink: Send + Sync {
    /// Step `index` began; every earlier step is done.
    fn begin(&self, index: usize);
    /// Step `index` turned out not to be needed.
    fn skip(&self, index: usize);
    /// How far step `index` is. May be told often; what nobody can see is left out by the owner.
    fn progress(&self, _index: usize, _progress: StepProgress) {}
}

/// Says what time it is.
pub trait Clock: Send + Sync {
    fn now(&self) -> TimestampMs;
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> TimestampMs {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| TimestampMs::try_from(since.as_millis()).unwrap_or(TimestampMs::MAX))
    }
}

/// The context of a call. Cheap to clone; a session keeps the clone it was connected with.
#[derive(Clone)]
pub struct Cx {
    pub cancel: CancellationToken,
    pub log: Arc<dyn LogSink>,
    pub dial: Arc<dyn Dial>,
    pub exec: Arc<dyn RemoteExec>,
    pub clock: Arc<dyn Clock>,
}

impl Cx {
    /// The same context with another log and a cancellation token of its own.
    #[must_use]
    pub fn for_call(&self, cancel: CancellationToken, log: Arc<dyn LogSink>) -> Self {
        Self { cancel, log, ..self.clone() }
    }

    /// Runs `work` until it ends or this context is cancelled.
    ///
    /// # Errors
    /// `Cancelled` when the token fires first; otherwise whatever `work` returns.
    pub async fn until_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, BackendError>> + Send,
    ) -> Result<T, BackendError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(BackendError::Cancelled),
            result = work => result,
        }
    }
}
