//! Listeners on the far machine: the server brings every connection it takes there as a stream.
//!
//! A listener lives on a lane, so that a slow reader holds its sender back without loss. Deliberately not
//! here: where the streams go, and listening again after the connection was lost.

mod ask;
mod doors;
mod exposure;
mod refusal;
#[cfg(test)]
mod unasked_tests;

use std::sync::{Arc, Weak};
use std::time::Duration;

use backend_api::{BackendError, BoxStream};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::Link;
use crate::connection::Connection;
use crate::vitals::Vitals;
use exposure::Reach;

pub(crate) use doors::Doors;

/// How long the server may take to free a place that we gave up just before.
const FREE_LIMIT: Duration = Duration::from_secs(5);

/// Where the server is to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteListen {
    /// An address of the server and a port; with port 0 the server chooses one.
    Tcp { host: String, port: u16 },
    /// The absolute path of a unix socket. One that this login left behind, where nobody answers any
    /// more, is replaced; nothing else is.
    Unix { path: String },
}

impl RemoteListen {
    fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp { port, .. } => Some(*port),
            Self::Unix { .. } => None,
        }
    }

    fn set_port(&mut self, chosen: u16) {
        if let Self::Tcp { port, .. } = self {
            *port = chosen;
        }
    }
}

impl std::fmt::Display for RemoteListen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix { path } => f.write_str(path),
        }
    }
}

/// A connection that came in at a remote listener.
pub struct Incoming {
    /// The bytes. Dropping it closes the connection at the server.
    pub stream: BoxStream,
    /// Who came, as the server says it: an address and port, or the path of the socket.
    pub from: String,
}

impl std::fmt::Debug for Incoming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Incoming").field("from", &self.from).finish_non_exhaustive()
    }
}

/// A listener on the server. Dropping it, or losing the connection, ends it there.
#[derive(Debug)]
pub struct RemoteListener {
    at: RemoteListen,
    reach: Option<Reach>,
    visitors: mpsc::Receiver<Incoming>,
    ended: CancellationToken,
    _gone: DropGuard,
}

impl RemoteListener {
    /// The port it listens at; 0 for a unix socket.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.at.port().unwrap_or(0)
    }

    /// Where it listens, with the port that the server chose.
    #[must_use]
    pub fn at(&self) -> &RemoteListen {
        &self.at
    }

    /// Whether other machines reach it; none when the server does not tell.
    #[must_use]
    pub fn is_exposed(&self) -> Option<bool> {
        self.reach.map(|reach| reach == Reach::Everybody)
    }

    /// The next connection; none once the connection to the server is lost.
    pub async fn next(&mut self) -> Option<Incoming> {
        tokio::select! {
            biased;
            incoming = self.visitors.recv() => incoming,
            () = self.ended.cancelled() => None,
        }
    }
}

impl Link {
    /// Makes the server listen and gives what comes in there. Ends at the server when the listener is
    /// dropped; dropping the future gives up.
    ///
    /// # Errors
    /// `Conflict` when the place is taken, `Forbidden` when the server does not let this login listen, or
    /// listens for more or fewer machines than it was asked to, `Invalid` for a place that makes no
    /// sense, `Unreachable` when the link broke.
    pub async fn listen(&self, at: &RemoteListen) -> Result<RemoteListener, BackendError> {
        refusal::check(at)?;
        let connection = self.lanes().pick().await.unwrap_or_else(|| Arc::clone(self.control()));
        let freed = async {
            loop {
                let closed = self.doors().closed();
                if !self.doors().is_closing(at) {
                    return;
                }
                closed.await;
            }
        };
        let _ = tokio::time::timeout(FREE_LIMIT, freed).await;
        // One at a time: a stream for a port that is still being chosen has to find its door.
        let _turn = self.listen_turn().acquire().await;
        let listener = match self.ask_to_listen(&connection, at).await {
            Ok(listener) => listener,
            Err(Asked::Lost(error)) => return Err(error),
            Err(Asked::Refused) => {
                if !self.remove_leftover(at).await {
                    return Err(self.explain_refusal(&connection, at).await);
                }
                match self.ask_to_listen(&connection, at).await {
                    Ok(listener) => listener,
                    Err(Asked::Lost(error)) => return Err(error),
                    Err(Asked::Refused) => {
                        return Err(self.explain_refusal(&connection, at).await);
                    }
                }
            }
        };
        self.check_reach(listener).await
    }

    async fn ask_to_listen(
        &self,
        connection: &Arc<Connection>,
        at: &RemoteListen,
    ) -> Result<RemoteListener, Asked> {
        let doors = Arc::clone(self.doors());
        let Some((id, visitors)) = doors.open(connection.line(), at) else {
            return Err(Asked::Lost(refusal::ours(connection.host_name(), at)));
        };
        let gone = CancellationToken::new();
        let ended = CancellationToken::new();
        let keeper = Keeper {
            connection: Arc::downgrade(connection),
            vitals: connection.vitals(),
            doors: Arc::clone(&doors),
            id,
            gone: gone.clone(),
            ended: ended.clone(),
        };
        // From here on the listener ends at the server even when nobody waits for the answer any more.
        let gone = gone.drop_guard();
        let (answer, answered) = tokio::sync::oneshot::channel();
        tokio::spawn(keeper.run(at.clone(), answer));
        match answered.await {
            Ok(Ok(at)) => {
                let (reach, _gone) = (None, gone);
                Ok(RemoteListener { at, reach, visitors, ended, _gone })
            }
            Ok(Err(asked)) => Err(asked),
            Err(_) => Err(Asked::Lost(connection.broken())),
        }
    }
}

/// Why the server does not listen.
pub(crate) enum Asked {
    Refused,
    Lost(BackendError),
}

/// The task behind a listener: asks the server to listen, and to stop when nobody holds it any more.
struct Keeper {
    /// Not held: a link that is dropped ends its listeners.
    connection: Weak<Connection>,
    vitals: Arc<Vitals>,
    doors: Arc<Doors>,
    id: u64,
    gone: CancellationToken,
    /// Tells the listener that nothing will come any more.
    ended: CancellationToken,
}

impl Keeper {
    async fn run(
        self,
        mut at: RemoteListen,
        answer: tokio::sync::oneshot::Sender<Result<RemoteListen, Asked>>,
    ) {
        let Some(connection) = self.connection.upgrade() else { return self.doors.close(self.id) };
        let asked = connection.listen(&at).await;
        drop(connection);
        let _ended = self.ended.clone().drop_guard();
        match asked {
            Ok(chosen) => {
                if let (Some(0), Some(chosen)) = (at.port(), chosen) {
                    at.set_port(chosen);
                    self.doors.set_port(self.id, chosen);
                }
                let is_wanted = answer.send(Ok(at.clone())).is_ok();
                if is_wanted {
                    tokio::select! {
                        _ = self.vitals.lost() => {}
                        () = self.gone.cancelled() => {}
                    }
                }
                if let Some(connection) = self.connection.upgrade()
                    && !connection.is_lost()
                {
                    connection.stop_listening(&at).await;
                }
                self.doors.close(self.id);
            }
            Err(asked) => {
                // First the door: whoever hears the answer may want the place.
                self.doors.close(self.id);
                let _ = answer.send(Err(asked));
            }
        }
    }
}
