//! The SSH server inside a workspace: where it answers, as whom one logs in, by which keys it is known.

use async_trait::async_trait;
use model::WorkspaceId;

use crate::{BackendError, Cx};

/// How a plain SSH client reaches a workspace, once it has reached the workspace's server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshTarget {
    /// Address of the published port, as seen from the server.
    pub host: String,
    /// Port on the server.
    pub port: u16,
    /// Who logs in.
    pub user: String,
    /// Where the work is: an absolute path.
    pub folder: String,
    /// Public host keys, "algorithm base64" each, as the workspace itself holds them. Empty before its SSH
    /// server made some.
    pub host_keys: Vec<String>,
}

/// Workspaces that a plain SSH client can log in to.
#[async_trait]
pub trait SshAccess: Send + Sync {
    /// Reads how to log in to a workspace in any state. The keys come over the authenticated connection,
    /// so they can be pinned without asking anybody.
    ///
    /// Errors: `NotFound` when the workspace is gone or publishes no SSH port.
    async fn ssh_target(&self, id: &WorkspaceId, cx: &Cx) -> Result<SshTarget, BackendError>;
}
