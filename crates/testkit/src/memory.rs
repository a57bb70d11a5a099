//! A carrier whose far end is a program of this process.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, ExecOutput, RemoteExec};
use tokio::io::DuplexStream;

use crate::OpenStreams;

/// Bytes that fit between the two ends of a stream.
const CAPACITY: usize = 64 * 1024;

/// The far end: takes streams to places it knows.
pub trait Served: Send + Sync {
    /// Takes the far end of a new stream; gives it back unserved when nothing is there.
    ///
    /// # Errors
    /// The stream, when nothing answers at `target`.
    fn serve(&self, target: &DialTarget, stream: DuplexStream) -> Result<(), DuplexStream>;
}

/// Dials a far end in memory.
#[derive(Clone)]
pub struct MemoryDial {
    far: Arc<dyn Served>,
    /// Counts what it opened.
    pub open: OpenStreams,
}

impl MemoryDial {
    /// A carrier to this far end.
    #[must_use]
    pub fn new(far: Arc<dyn Served>) -> Self {
        Self { far, open: OpenStreams::default() }
    }
}

#[async_trait]
impl Dial for MemoryDial {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let (near, far) = tokio::io::duplex(CAPACITY);
        self.far
            .serve(target, far)
            .map_err(|_| BackendError::unreachable(format!("cannot reach {target}")))?;
        Ok(Box::new(self.open.counted(Box::new(near))))
    }
}

/// A machine on which no program can be run.
#[derive(Debug, Clone, Copy)]
pub struct NoExec;

#[async_trait]
impl RemoteExec for NoExec {
    async fn run(&self, _argv: &[&str]) -> Result<ExecOutput, BackendError> {
        Err(BackendError::unsupported("no programs can be run there"))
    }

    async fn spawn(&self, _argv: &[&str]) -> Result<BoxStream, BackendError> {
        Err(BackendError::unsupported("no programs can be run there"))
    }
}
