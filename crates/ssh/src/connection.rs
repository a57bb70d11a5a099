//! One SSH connection that is logged in: opens channels, watches over its life.

use std::sync::Arc;
use std::time::{Duration, Instant};

use backend_api::{BackendError, DialTarget};
use model::{Failure, HostAddress, TerminalSize};
use russh::client::{Handle, Msg};
use russh::{Channel, ChannelMsg, ChannelOpenFailure, Disconnect};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

use crate::channel::{Carries, ChannelStream, Load, Lot};
use crate::connect::Shaken;
use crate::guard::Guard;
use crate::rotate::Rotating;
use crate::vitals::Vitals;
use crate::watch::Watch;
use crate::{LinkOptions, Negotiated};

/// How long the far end may take to open a channel; it may have to reach a third machine for it.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
const REPLY_LIMIT: Duration = Duration::from_secs(15);
/// What programs on a terminal are told that it is.
const TERMINAL: &str = "xterm-256color";
const GOODBYE_LIMIT: Duration = Duration::from_secs(1);

/// Why a channel did not open.
pub(crate) enum NotOpened {
    Refused(ChannelOpenFailure),
    /// The connection is lost or does not answer.
    Lost(BackendError),
}

pub(crate) struct Connection {
    handle: Arc<Handle<Guard>>,
    vitals: Arc<Vitals>,
    lot: Lot,
    line: u64,
    place: Place,
    _tasks: [AbortOnDropHandle<()>; 2],
    /// What carries this connection.
    via: Option<Box<Connection>>,
}

/// Where a connection leads.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) user: String,
    pub(crate) address: HostAddress,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.lot.cut.cancel();
    }
}

impl Connection {
    pub(crate) fn start(
        shaken: Shaken,
        user: &str,
        options: &LinkOptions,
        via: Option<Self>,
    ) -> Self {
        let Shaken { handle, vitals, lot, line, address } = shaken;
        let handle = Arc::new(handle);
        let watch = Watch {
            handle: Arc::clone(&handle),
            vitals: Arc::clone(&vitals),
            lot: lot.clone(),
            interval: options.keepalive,
        };
        let rotating = Rotating {
            handle: Arc::clone(&handle),
            vitals: Arc::clone(&vitals),
            files: options.trust.clone(),
            address: address.clone(),
        };
        let tasks = [tokio::spawn(watch.run()), tokio::spawn(rotating.run())];
        let tasks = tasks.map(AbortOnDropHandle::new);
        let place = Place { user: user.to_owned(), address };
        Self { handle, vitals, lot, line, place, _tasks: tasks, via: via.map(Box::new) }
    }

    /// Its number among the connections of the link.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn vitals(&self) -> Arc<Vitals> {
        Arc::clone(&self.vitals)
    }

    /// The connections on the way, nearest to this computer first; this one is the last.
    pub(crate) fn way(&self) -> Vec<&Self> {
        let mut way: Vec<&Self> =
            std::iter::successors(Some(self), |connection| connection.via.as_deref()).collect();
        way.reverse();
        way
    }

    pub(crate) fn why_lost(&self) -> Option<Failure> {
        self.vitals.why_lost()
    }

    pub(crate) fn host_name(&self) -> &str {
        &self.lot.host_name
    }

    pub(crate) fn load(&self) -> &Load {
        &self.lot.load
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.vitals.is_lost()
    }

    pub(crate) async fn lost(&self) -> Failure {
        self.vitals.lost().await
    }

    pub(crate) fn negotiated(&self) -> Option<Negotiated> {
        self.vitals.negotiated()
    }

    /// Opens a stream to a port or unix socket of the far end.
    pub(crate) async fn open(
        &self,
        target: &DialTarget,
        carries: Carries,
    ) -> Result<ChannelStream, BackendError> {
        let handle = Arc::clone(&self.handle);
        let owned = target.clone();
        let opening = async move {
            match owned {
                DialTarget::Tcp { host, port } => {
                    handle.channel_open_direct_tcpip(host, port.into(), "127.0.0.1", 0).await
                }
                DialTarget::Unix { path } => handle.channel_open_direct_streamlocal(path).await,
            }
        };
        match self.opened(opening).await {
            Ok(channel) => Ok(ChannelStream::start(channel, &self.lot, carries)),
            Err(NotOpened::Lost(error)) => Err(error),
            Err(NotOpened::Refused(reason)) => Err(self.not_opened(target, &reason)),
        }
    }

    /// Opens a session channel: a command or a subsystem.
    pub(crate) async fn session(&self) -> Result<Channel<Msg>, NotOpened> {
        let handle = Arc::clone(&self.handle);
        self.opened(async move { handle.channel_open_session().await }).await
    }

    /// Runs a command line on a session channel.
    pub(crate) async fn exec(
        &self,
        channel: Channel<Msg>,
        command: &str,
        carries: Carries,
    ) -> Result<ChannelStream, BackendError> {
        let sent = channel.exec(true, command).await;
        let channel = self.accepted(channel, sent, "does not run commands").await?;
        Ok(ChannelStream::start(channel, &self.lot, carries))
    }

    /// Runs a command line on a terminal of a session channel.
    pub(crate) async fn exec_on_terminal(
        &self,
        channel: Channel<Msg>,
        command: &str,
        sizes: watch::Receiver<TerminalSize>,
    ) -> Result<ChannelStream, BackendError> {
        let size = *sizes.borrow();
        let (columns, rows) = (size.columns.into(), size.rows.into());
        let sent = channel.request_pty(true, TERMINAL, columns, rows, 0, 0, &[]).await;
        let channel = self.accepted(channel, sent, "gives no terminals").await?;
        let sent = channel.exec(true, command).await;
        let channel = self.accepted(channel, sent, "does not run commands").await?;
        Ok(ChannelStream::start_sized(channel, &self.lot, Carries::Command, Some(sizes)))
    }

    /// Starts a subsystem on a session channel.
    pub(crate) async fn subsystem(
        &self,
        channel: Channel<Msg>,
        name: &str,
    ) -> Result<ChannelStream, BackendError> {
        let sent = channel.request_subsystem(true, name).await;
        let channel = self.accepted(channel, sent, &format!("does not offer {name}")).await?;
        Ok(ChannelStream::start(channel, &self.lot, Carries::Forward))
    }

    /// Sends a question and waits for the answer.
    pub(crate) async fn round_trip(&self, limit: Duration) -> Result<Duration, BackendError> {
        let started = Instant::now();
        let answer = tokio::time::timeout(limit, self.handle.send_ping()).await;
        if self.is_lost() {
            return Err(BackendError::Unreachable(self.lost().await));
        }
        match answer {
            Ok(Ok(())) => Ok(started.elapsed()),
            Ok(Err(_)) => Err(BackendError::Unreachable(self.vitals.connection_lost(""))),
            Err(_) => Err(self.silent()),
        }
    }

    pub(crate) fn handle(&self) -> &Arc<Handle<Guard>> {
        &self.handle
    }

    /// Says goodbye and ends the connection.
    pub(crate) async fn close(&self) {
        let goodbye = self.handle.disconnect(Disconnect::ByApplication, "", "");
        let parting = async {
            if goodbye.await.is_ok() {
                self.lost().await;
            }
        };
        let _ = tokio::time::timeout(GOODBYE_LIMIT, parting).await;
        self.lot.cut.cancel();
    }

    /// Waits for a channel in a task of its own, so that a channel nobody waits for any more is closed
    /// instead of staying open at the server.
    async fn opened(
        &self,
        opening: impl Future<Output = Result<Channel<Msg>, russh::Error>> + Send + 'static,
    ) -> Result<Channel<Msg>, NotOpened> {
        let (give, take) = tokio::sync::oneshot::channel();
        let Lot { cut, load, .. } = self.lot.clone();
        let counted = Load::begin_opening(&load);
        tokio::spawn(async move {
            let _counted = counted;
            let asked = Instant::now();
            let opened = tokio::select! {
                () = cut.cancelled() => return,
                opened = opening => opened,
            };
            load.took(asked.elapsed());
            if let Err(Ok(unwanted)) = give.send(opened) {
                let _ = unwanted.close().await;
            }
        });
        match tokio::time::timeout(OPEN_LIMIT, take).await {
            Ok(Ok(Ok(channel))) => Ok(channel),
            Ok(Ok(Err(russh::Error::ChannelOpenFailure(reason)))) => {
                Err(NotOpened::Refused(reason))
            }
            Ok(Ok(Err(_)) | Err(_)) => Err(NotOpened::Lost(self.broken())),
            Err(_) => Err(NotOpened::Lost(self.silent())),
        }
    }

    /// Waits until the server grants or refuses a request on a fresh session channel.
    async fn accepted(
        &self,
        mut channel: Channel<Msg>,
        sent: Result<(), russh::Error>,
        refusal: &str,
    ) -> Result<Channel<Msg>, BackendError> {
        sent.map_err(|_| self.broken())?;
        let reply = async {
            loop {
                match channel.wait().await {
                    Some(ChannelMsg::Success) => return Some(true),
                    Some(ChannelMsg::Failure | ChannelMsg::Close) => return Some(false),
                    Some(_) => {}
                    None => return None,
                }
            }
        };
        match tokio::time::timeout(REPLY_LIMIT, reply).await {
            Ok(Some(true)) => Ok(channel),
            Ok(Some(false)) => {
                let _ = channel.close().await;
                Err(BackendError::unsupported(format!("{} {refusal}", self.host_name()))
                    .with_hint("Ask whoever runs the server to allow it for this login."))
            }
            Ok(None) => Err(self.broken()),
            Err(_) => Err(self.silent()),
        }
    }

    fn not_opened(&self, target: &DialTarget, reason: &ChannelOpenFailure) -> BackendError {
        let host = self.host_name();
        match (reason, target) {
            (ChannelOpenFailure::AdministrativelyProhibited, DialTarget::Tcp { .. }) => {
                BackendError::forbidden(format!("{host} does not allow connections to {target}"))
                    .with_hint("Ask for AllowTcpForwarding, or a wider PermitOpen, for this login.")
            }
            (
                ChannelOpenFailure::AdministrativelyProhibited
                | ChannelOpenFailure::UnknownChannelType,
                DialTarget::Unix { .. },
            ) => crate::dial::no_unix_sockets(host, target),
            (ChannelOpenFailure::ResourceShortage, _) => {
                BackendError::busy(format!("{host} has no room for a connection to {target}"))
                    .with_hint("Close something that uses this server, then try again.")
            }
            _ => BackendError::unreachable(format!("nothing answers at {target} on {host}"))
                .with_hint("Check that the service runs there."),
        }
    }

    pub(crate) fn broken(&self) -> BackendError {
        BackendError::Unreachable(self.vitals.connection_lost(""))
    }

    pub(crate) fn silent(&self) -> BackendError {
        BackendError::unreachable(format!("{} does not answer", self.host_name()))
            .with_hint("Check the network; the connection is given up when the silence goes on.")
    }
}
