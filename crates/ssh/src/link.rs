//! `Link`: one SSH host, reached. Owns its connections and everything that runs on them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, ExecOutput, RemoteExec};
use model::{ErrorCode, Failure};
use tokio_util::sync::CancellationToken;

use crate::{Asker, LinkOptions, Sftp};

/// What the two sides agreed on, in the names of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Negotiated {
    /// Key exchange, for example "curve25519-sha256".
    pub kex: String,
    /// For example "aes256-gcm@openssh.com".
    pub cipher: String,
    /// For example "ssh-ed25519".
    pub host_key: String,
}

/// One SSH host, reached. Dropping it ends its connections.
pub struct Link {}

impl Link {
    /// Connects through every hop, judges every host key and logs in everywhere.
    ///
    /// # Errors
    /// `Unreachable`, `Unauthorized`, `Trust` (host keys), `Invalid` (a key file that will not do),
    /// `Cancelled` when `cancel` fires or a person declines to answer.
    pub async fn connect(
        options: LinkOptions,
        asker: Arc<dyn Asker>,
        cancel: CancellationToken,
    ) -> Result<Self, BackendError> {
        let _ = (options, asker, cancel);
        Err(BackendError::unsupported("not yet"))
    }

    /// Resolves when the link is lost or closed, and says why.
    pub async fn closed(&self) -> Failure {
        Failure::new(ErrorCode::Unreachable, "not connected")
    }

    /// True once the link is lost or closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        true
    }

    /// The time one question to the server and its answer take.
    ///
    /// # Errors
    /// `Unreachable` when the link broke or nothing comes back in time.
    pub async fn round_trip(&self) -> Result<Duration, BackendError> {
        Err(BackendError::unsupported("not yet"))
    }

    /// Opens a file-transfer session.
    ///
    /// # Errors
    /// `Unsupported` when the server has none, `Unreachable` when the link broke.
    pub async fn sftp(&self) -> Result<Sftp, BackendError> {
        Err(BackendError::unsupported("not yet"))
    }

    /// What the control connection agreed on with the target.
    #[must_use]
    pub fn algorithms(&self) -> Negotiated {
        Negotiated { kex: String::new(), cipher: String::new(), host_key: String::new() }
    }

    /// Says goodbye to the servers and ends the connections. Streams still open end with an error.
    pub async fn close(&self) {}
}

#[async_trait]
impl Dial for Link {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let _ = target;
        Err(BackendError::unsupported("not yet"))
    }
}

#[async_trait]
impl RemoteExec for Link {
    async fn run(&self, argv: &[&str]) -> Result<ExecOutput, BackendError> {
        let _ = argv;
        Err(BackendError::unsupported("not yet"))
    }

    async fn spawn(&self, argv: &[&str]) -> Result<BoxStream, BackendError> {
        let _ = argv;
        Err(BackendError::unsupported("not yet"))
    }
}
