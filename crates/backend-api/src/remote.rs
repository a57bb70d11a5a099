//! What carries a backend's bytes: `Dial` for streams, `RemoteExec` for commands, `RemoteFiles` for files, all
//! implemented in `ssh`; and `Certificates`, who judges what no authority vouches for.

use std::net::IpAddr;

use async_trait::async_trait;
use model::{CertificateQuestion, TerminalSize};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{BackendError, Terminal};

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

    /// The addresses behind a name. None: names are looked up at the far end, by whoever dials there.
    ///
    /// Errors: `Unreachable` when nobody knows the name.
    async fn look_up(&self, host: &str) -> Result<Option<Vec<IpAddr>>, BackendError> {
        let _ = host;
        Ok(None)
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

    /// Starts a program on a terminal of the far machine, for a person. Dropping both ends of it ends it.
    async fn terminal(&self, argv: &[&str], size: TerminalSize) -> Result<Terminal, BackendError> {
        let _ = (argv, size);
        Err(BackendError::unsupported("this connection opens no terminals on its SSH host"))
    }
}

/// A file or a folder of the far machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteEntry {
    /// The last part of its path.
    pub name: String,
    pub is_folder: bool,
    /// A symbolic link, whatever it leads to.
    pub is_link: bool,
    /// Bytes.
    pub size: u64,
    /// Seconds since 1970.
    pub modified_at: Option<u32>,
}

/// Files on the far machine, by absolute paths or relative to the login's home folder.
#[async_trait]
pub trait RemoteFiles: Send + Sync {
    /// Opens a session, which may be used by many calls at once.
    ///
    /// Errors: `Unsupported` when the far machine does not transfer files or there is none.
    async fn open(&self) -> Result<Box<dyn FileSession>, BackendError>;
}

/// Files on the far machine while they are worked with. Dropping it ends it; dropping a future leaves what was done.
/// Errors of all: `NotFound`, `Forbidden`, `Unreachable` when the link broke, `Rejected` with the server's words.
#[async_trait]
pub trait FileSession: Send + Sync {
    /// The absolute path of the login's home folder.
    async fn home(&self) -> Result<String, BackendError>;
    /// A whole file; `Rejected` when it is longer than `most` bytes.
    async fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, BackendError>;
    /// Writes a whole file, in the place of one that may be there; its folder must exist.
    async fn write(&self, path: &str, data: &[u8], mode: u32) -> Result<(), BackendError>;
    /// The entries of a folder, without itself and its parent, in no order.
    async fn list(&self, path: &str) -> Result<Vec<RemoteEntry>, BackendError>;
    /// What is at each of the paths, links not followed; none where there is nothing. All are asked at once, so that
    /// thousands take little more than one round trip.
    async fn stat(&self, paths: &[String]) -> Result<Vec<Option<RemoteEntry>>, BackendError>;
    /// Makes a folder and those above it; fine when it is there.
    async fn make_folder(&self, path: &str, mode: u32) -> Result<(), BackendError>;
    /// Renames a file in the place of one that may be there.
    async fn rename(&self, from: &str, to: &str) -> Result<(), BackendError>;
    /// Removes a file or a link, never what it leads to; fine when it is not there.
    async fn remove(&self, path: &str) -> Result<(), BackendError>;
    /// Removes an empty folder; fine when it is not there.
    async fn remove_folder(&self, path: &str) -> Result<(), BackendError>;
}

/// Judges a server's certificate that no authority of this computer vouches for.
#[async_trait]
pub trait Certificates: Send + Sync {
    /// Waits for a person where one has to decide. Fine: it may be used, and its fingerprint is in the connection's
    /// field `tls_fingerprint` from the next connect on.
    ///
    /// Errors: `Trust` when it may not be used; `Cancelled` when nobody answered.
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError>;
}

/// Stands for whatever a connection does not have: every call fails and says so.
#[derive(Debug, Clone, Copy)]
pub struct Absent;

fn absent() -> BackendError {
    BackendError::unsupported("this connection has no SSH host")
        .with_hint("Edit the connection and name the server it is reached by.")
}

#[async_trait]
impl Dial for Absent {
    async fn dial(&self, _target: &DialTarget) -> Result<BoxStream, BackendError> {
        Err(absent())
    }
}

#[async_trait]
impl RemoteExec for Absent {
    async fn run(&self, _argv: &[&str]) -> Result<ExecOutput, BackendError> {
        Err(absent())
    }

    async fn spawn(&self, _argv: &[&str]) -> Result<BoxStream, BackendError> {
        Err(absent())
    }
}

#[async_trait]
impl RemoteFiles for Absent {
    async fn open(&self) -> Result<Box<dyn FileSession>, BackendError> {
        Err(absent())
    }
}

#[async_trait]
impl Certificates for Absent {
    async fn judge(&self, question: CertificateQuestion) -> Result<(), BackendError> {
        let failure = model::Failure::new(
            model::ErrorCode::CertificateUnknown,
            format!("no authority vouches for the certificate of {}", question.server),
        );
        Err(BackendError::Trust(failure.with_detail(question.reason)))
    }
}
