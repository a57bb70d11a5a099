//! `Live`: one session that is up, with what it was made over. Dropping the last handle disconnects.

use std::{sync::Arc, time::Duration};

use backend_api::{BackendError, Cx, NoLog, Session};
use model::{ConnectionId, ErrorCode, Failure, TimestampMs};
use ssh::Link;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long one question to a server may take.
pub(crate) const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A session that is up.
pub(crate) struct Live {
    pub(crate) connection_id: ConnectionId,
    /// The connection's name when it was made.
    pub(crate) name: String,
    /// Before anything was asked of the server.
    pub(crate) began_at: TimestampMs,
    pub(crate) session: Box<dyn Session>,
    pub(crate) link: Option<Arc<Link>>,
    pub(crate) cx: Cx,
    /// Fires when the session ends.
    pub(crate) cancel: CancellationToken,
    /// Asks for the list of workspaces.
    pub(crate) refresh: Notify,
    /// Asks for the list of labs.
    pub(crate) refresh_labs: Notify,
    /// Asks for a sign of life.
    pub(crate) probe: Notify,
}

impl Live {
    /// A context for one call that ends with the session.
    pub(crate) fn cx(&self) -> Cx {
        self.cx.for_call(self.cancel.child_token(), Arc::new(NoLog))
    }

    /// Runs one question to the server with a deadline; ends early when the session does.
    pub(crate) async fn call<T>(
        &self,
        work: impl Future<Output = Result<T, BackendError>>,
    ) -> Result<T, Failure> {
        self.call_within(CALL_TIMEOUT, work).await
    }

    /// As `call`, for work that takes the server longer.
    pub(crate) async fn call_within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, BackendError>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(self.lost()),
            result = tokio::time::timeout(limit, work) => match result {
                Ok(result) => result.map_err(Failure::from),
                Err(_) => Err(self.silent(limit)),
            },
        }
    }

    /// The session ended under a call.
    pub(crate) fn lost(&self) -> Failure {
        Failure::new(ErrorCode::Unreachable, format!("the connection to {} was lost", self.name))
            .with_hint("Try again when it is connected.")
    }

    /// The server took too long.
    pub(crate) fn silent(&self, waited: Duration) -> Failure {
        Failure::new(
            ErrorCode::Unreachable,
            format!("{} did not answer within {} seconds", self.name, waited.as_secs()),
        )
        .with_hint("Check the network and the server's load.")
    }

    /// The session cannot do what was asked.
    pub(crate) fn cannot(&self, what: &str) -> Failure {
        Failure::new(ErrorCode::Unsupported, format!("{} cannot {what}", self.name))
            .with_hint("See the connection's page for what its server offers.")
    }
}

/// A context for work on this computer, which has nothing to dial.
pub(crate) fn local_cx(cancel: CancellationToken) -> Cx {
    Cx::new(cancel)
}
