//! What carries a backend's bytes: `Dial` for streams, `RemoteExec` for commands. Implemented in `ssh`.

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::BackendError;

/// A two-way byte stream.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// A two-way byte stream of whatever kind.
pub type BoxStream = Box<dyn ByteStream>;

/// Where a stream goes, as seen from the far end of whatever carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialTarget {
    /// A TCP port; the name is resolved at the far end.
    Tcp { host: String, port: u16 },
    /// The absolute path of a unix socket.
    Unix { path: String },
}

impl std::fmt::Display for DialTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix { path } => f.write_str(path),
        }
    }
}

/// Gives byte streams to places behind a connection. Cheap to call; every call is one stream.
///
/// Dropping the future cancels the attempt; dropping the stream closes it.
/// Errors: `Unreachable` when nothing answers there, `Forbidden` when the carrier refuses this kind of
/// stream altogether (an SSH server without stream-local forwarding), `Unsupported` when it has no such kind.
#[async_trait]
pub trait Dial: Send + Sync {
    /// Opens a stream for short requests and live control traffic. A reader that falls many megabytes
    /// behind loses the stream, because control traffic may never wait for one of its own.
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError>;

    /// Opens a stream that may carry a lot or be read slowly: terminals, logs, pages, files. It does not
    /// slow the control traffic down, and a slow reader holds the sender back without loss.
    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.dial(target).await
    }
}

/// What a command printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecOutput {
    /// None when a signal ended it.
    pub exit_code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Runs programs on the far machine. Arguments are quoted by the implementation, never by the caller.
#[async_trait]
pub trait RemoteExec: Send + Sync {
    /// Runs a program to its end; output beyond 1 MiB is an error. Dropping the future closes the channel.
    async fn run(&self, argv: &[&str]) -> Result<ExecOutput, BackendError>;

    /// Starts a program and gives its standard input and output as one stream. What it says on standard
    /// error is kept and becomes part of the error when the stream ends before its first byte.
    async fn spawn(&self, argv: &[&str]) -> Result<BoxStream, BackendError>;

    /// As `spawn`, for a stream that may carry a lot or be read slowly.
    async fn spawn_bulk(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        self.spawn(argv).await
    }
}
