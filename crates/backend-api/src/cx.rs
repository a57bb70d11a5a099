//! `Cx`: what a call may use: cancellation, a log, streams, commands, a clock.

use std::sync::Arc;

use model::{LogStream, StepProgress, TimestampMs};
use tokio_util::sync::CancellationToken;

use crate::{Absent, BackendError, Certificates, Dial, RemoteExec, RemoteFiles};

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
    /// Streams behind the connection's SSH host.
    pub dial: Arc<dyn Dial>,
    /// Programs on that host.
    pub exec: Arc<dyn RemoteExec>,
    /// Files of that host.
    pub files: Arc<dyn RemoteFiles>,
    /// Streams straight from this computer, for servers that need no SSH host.
    pub direct: Arc<dyn Dial>,
    /// Who judges certificates that no authority vouches for.
    pub certificates: Arc<dyn Certificates>,
    pub clock: Arc<dyn Clock>,
}

impl Cx {
    /// A context with the system's clock, no log, and nothing that leads anywhere.
    #[must_use]
    pub fn new(cancel: CancellationToken) -> Self {
        Self {
            cancel,
            log: Arc::new(NoLog),
            dial: Arc::new(Absent),
            exec: Arc::new(Absent),
            files: Arc::new(Absent),
            direct: Arc::new(Absent),
            certificates: Arc::new(Absent),
            clock: Arc::new(SystemClock),
        }
    }

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
