//! Streams to ports and unix sockets behind a link.

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget, RemoteExec};

use crate::Link;
use crate::channel::{Carries, ChannelStream};
use crate::connection::Connection;

#[async_trait]
impl Dial for Link {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.open_on(self.control(), target).await.map(boxed)
    }

    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        match self.lanes().pick().await {
            Some(lane) => self.open_on(&lane, target).await.map(boxed),
            None => self.dial(target).await,
        }
    }
}

impl Link {
    async fn open_on(
        &self,
        connection: &Connection,
        target: &DialTarget,
    ) -> Result<ChannelStream, BackendError> {
        let opened = connection.open(target, Carries::Forward).await;
        match (opened, target) {
            (Err(error @ BackendError::Unreachable(_)), DialTarget::Unix { path })
                if !connection.is_lost() =>
            {
                Err(self.explain_socket(path, target, error).await)
            }
            (opened, _) => opened,
        }
    }

    /// OpenSSH says the same for a socket that is not there and for one it does not forward to, so the
    /// machine is asked whether the socket is there and may be used.
    async fn explain_socket(
        &self,
        path: &str,
        target: &DialTarget,
        error: BackendError,
    ) -> BackendError {
        let host = self.control().host_name();
        let Ok(is_there) = self.run(&["test", "-S", path]).await else { return error };
        if is_there.exit_code != Some(0) {
            return BackendError::unreachable(format!("there is no socket {path} on {host}"))
                .with_hint("Check that the service runs there and that the path is right.");
        }
        match self.run(&["test", "-w", path]).await {
            Ok(output) if output.exit_code == Some(0) => no_unix_sockets(host, target),
            Ok(_) => BackendError::forbidden(format!("this login may not use {path} on {host}"))
                .with_hint("Log in as a user who may, or give this one access to the socket."),
            Err(_) => error,
        }
    }
}

/// The error for a server that forwards no unix sockets.
pub(crate) fn no_unix_sockets(host: &str, target: &DialTarget) -> BackendError {
    BackendError::forbidden(format!("{host} does not let streams through to {target}")).with_hint(
        "Ask for AllowStreamLocalForwarding for this login, or check that the service answers there.",
    )
}

fn boxed(stream: ChannelStream) -> BoxStream {
    Box::new(stream)
}
