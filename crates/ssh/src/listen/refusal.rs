//! Why a server does not listen. Its answer is a bare no, so it is asked further.

use std::sync::Arc;
use std::time::Duration;

use backend_api::{BackendError, DialTarget, RemoteExec};

use super::{Asked, RemoteListen};
use crate::Link;
use crate::channel::Carries;
use crate::connection::Connection;

/// Each further question may take this long; the refusal is certain already.
const PROBE_LIMIT: Duration = Duration::from_secs(5);
/// What OpenSSH takes for the path of a unix socket.
const MAX_PATH_BYTES: usize = 107;
const FIRST_FREE_PORT: u16 = 1024;

/// Refuses places that no server can listen at.
pub(super) fn check(at: &RemoteListen) -> Result<(), BackendError> {
    let RemoteListen::Unix { path } = at else { return Ok(()) };
    if !path.starts_with('/') || path.contains('\0') {
        return Err(BackendError::invalid(format!("\"{path}\" is not an absolute path"))
            .with_hint("Write the whole path of the socket, from the slash on."));
    }
    if path.len() > MAX_PATH_BYTES {
        return Err(BackendError::invalid(format!(
            "the path of the socket is longer than {MAX_PATH_BYTES} bytes"
        ))
        .with_hint("Choose a shorter path."));
    }
    Ok(())
}

/// The error for a place where this link listens already.
pub(super) fn ours(host: &str, at: &RemoteListen) -> BackendError {
    BackendError::conflict(format!("Moorline listens at {at} on {host} already"))
        .with_hint("Stop the other tunnel, or choose another place.")
}

fn taken(host: &str, at: &RemoteListen, what: &str) -> BackendError {
    let hint = match at {
        RemoteListen::Tcp { .. } => "Choose another port, or stop that program on the server.",
        RemoteListen::Unix { .. } => "Choose another path, or remove what is there.",
    };
    BackendError::conflict(format!("{what} {at} on {host} already")).with_hint(hint)
}

impl Link {
    /// Removes a socket that this login left behind, for servers that do not do so when a connection
    /// ends. True when there was one.
    pub(super) async fn remove_leftover(&self, at: &RemoteListen) -> bool {
        let RemoteListen::Unix { path } = at else { return false };
        if !self.holds(&["test", "-S", path]).await || !self.holds(&["test", "-O", path]).await {
            return false;
        }
        let target = DialTarget::Unix { path: path.clone() };
        let opening = self.control().open(&target, Carries::Forward);
        let is_dead = match tokio::time::timeout(PROBE_LIMIT, opening).await {
            Ok(Err(BackendError::Unreachable(_))) => !self.is_closed(),
            _ => false,
        };
        is_dead && self.holds(&["rm", "--", path]).await
    }

    pub(super) async fn explain_refusal(
        &self,
        connection: &Arc<Connection>,
        at: &RemoteListen,
    ) -> BackendError {
        if connection.is_lost() {
            return connection.broken();
        }
        let host = connection.host_name();
        match at {
            RemoteListen::Tcp { host: address, port } => {
                self.explain_tcp(connection, host, address, *port, at).await
            }
            RemoteListen::Unix { path } => self.explain_unix(host, path, at).await,
        }
    }

    async fn explain_tcp(
        &self,
        connection: &Arc<Connection>,
        host: &str,
        address: &str,
        port: u16,
        at: &RemoteListen,
    ) -> BackendError {
        if port > 0 && answers(connection, address, port).await {
            return taken(host, at, "something answers at");
        }
        let forbidden = |message: String, hint: &str| {
            BackendError::forbidden(message).with_hint(hint.to_owned())
        };
        if !may_listen(connection, address).await {
            return forbidden(
                format!("{host} does not let this login listen at {at}"),
                "Ask for AllowTcpForwarding, or a PermitListen that allows it, for this login.",
            );
        }
        if port > 0 && port < FIRST_FREE_PORT {
            return forbidden(
                format!("{host} does not let this login listen at port {port}"),
                "Ports below 1024 are for root. Choose a higher one.",
            );
        }
        BackendError::conflict(format!("{host} cannot listen at {at}")).with_hint(
            "Another program may hold the port, or the address is not one of the server's. Choose \
             another port or address.",
        )
    }

    async fn explain_unix(&self, host: &str, path: &str, at: &RemoteListen) -> BackendError {
        if self.holds(&["test", "-e", path]).await {
            return taken(host, at, "there is something at");
        }
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
        let folder = if folder.is_empty() { "/" } else { folder };
        if self.fails(&["test", "-d", folder]).await {
            return BackendError::not_found(format!("there is no folder {folder} on {host}"))
                .with_hint("Make the folder there, or choose another path.");
        }
        if self.fails(&["test", "-w", folder]).await {
            return BackendError::forbidden(format!(
                "this login may not make files in {folder} on {host}"
            ))
            .with_hint("Choose a folder that belongs to this login.");
        }
        BackendError::forbidden(format!("{host} does not let this login listen at {at}"))
            .with_hint("Ask for AllowStreamLocalForwarding for this login.")
    }

    async fn holds(&self, test: &[&str]) -> bool {
        self.exit_code(test).await == Some(0)
    }

    async fn fails(&self, test: &[&str]) -> bool {
        self.exit_code(test).await == Some(1)
    }

    async fn exit_code(&self, test: &[&str]) -> Option<i32> {
        let output = tokio::time::timeout(PROBE_LIMIT, self.run(test)).await;
        output.ok()?.ok()?.exit_code
    }
}

/// Whether something takes connections at a port of the server.
async fn answers(connection: &Connection, address: &str, port: u16) -> bool {
    let host = match address {
        "" | "*" | "0.0.0.0" | "::" => "127.0.0.1",
        address => address,
    };
    let target = DialTarget::Tcp { host: host.to_owned(), port };
    let opening = connection.open(&target, Carries::Forward);
    matches!(tokio::time::timeout(PROBE_LIMIT, opening).await, Ok(Ok(_)))
}

/// Whether the server lets this login listen at all.
async fn may_listen(connection: &Connection, address: &str) -> bool {
    let anywhere = RemoteListen::Tcp { host: address.to_owned(), port: 0 };
    match connection.listen(&anywhere).await {
        Ok(Some(port)) => {
            let chosen = RemoteListen::Tcp { host: address.to_owned(), port };
            connection.stop_listening(&chosen).await;
            true
        }
        Ok(None) => true,
        Err(Asked::Refused | Asked::Lost(_)) => false,
    }
}
