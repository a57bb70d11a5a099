//! `Link`: one SSH host, reached. Owns its control connection and its lanes.

use std::sync::Arc;
use std::time::Duration;

use backend_api::BackendError;
use model::Failure;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::connect::Attempt;
use crate::connection::Connection;
use crate::interview::{Answers, Interview};
use crate::lanes::Lanes;
use crate::listen::Doors;
use crate::{Asker, LinkOptions, Sftp};

const ROUND_TRIP_LIMIT: Duration = Duration::from_secs(10);

/// What the two sides agreed on, in the names of the protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// Key exchange, for example "curve25519-sha256".
    pub kex: String,
    /// For example "aes256-gcm@openssh.com".
    pub cipher: String,
    /// For example "ssh-ed25519".
    pub host_key: String,
}

/// One SSH host, reached. Dropping it ends its connections and their streams.
pub struct Link {
    control: Arc<Connection>,
    lanes: Lanes,
    doors: Arc<Doors>,
    listen_turn: Semaphore,
}

impl Link {
    /// Connects through every hop, judges every host key and logs in everywhere.
    ///
    /// # Errors
    /// `Unreachable`, `Unauthorized`, `Trust` (host keys), a key file that will not do, `Cancelled` when
    /// `cancel` fires or a person declines to answer.
    pub async fn connect(
        options: LinkOptions,
        asker: Arc<dyn Asker>,
        cancel: CancellationToken,
    ) -> Result<Self, BackendError> {
        let answers = Arc::new(Answers::default());
        let interview = Arc::new(Interview::new(asker, Arc::clone(&answers)));
        let doors = Arc::new(Doors::default());
        let attempt = Attempt { options: &options, interview: &interview, doors: &doors };
        let control = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(BackendError::Cancelled),
            connected = attempt.connect() => Arc::new(connected?),
        };
        let options = with_answering_first(options, &control);
        let lanes = Lanes::new(options, answers, Arc::clone(&doors));
        Ok(Self { control, lanes, doors, listen_turn: Semaphore::new(1) })
    }

    /// Resolves when the link is lost or closed, and says why.
    pub async fn closed(&self) -> Failure {
        self.control.lost().await
    }

    /// True once the link is lost or closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.control.is_lost()
    }

    /// The time one question to the server and its answer take.
    ///
    /// # Errors
    /// `Unreachable` when the link broke or nothing comes back within 10 s.
    pub async fn round_trip(&self) -> Result<Duration, BackendError> {
        self.control.round_trip(ROUND_TRIP_LIMIT).await
    }

    /// Opens a file-transfer session.
    ///
    /// # Errors
    /// `Unsupported` when the server has none, `Unreachable` when the link broke.
    pub async fn sftp(&self) -> Result<Sftp, BackendError> {
        let (connection, channel) = self.open_session(true).await?;
        let stream = connection.subsystem(channel, "sftp").await?;
        Sftp::start(stream, connection).await
    }

    /// What the control connection agreed on with the target.
    #[must_use]
    pub fn algorithms(&self) -> Negotiated {
        self.control.negotiated().unwrap_or_default()
    }

    /// Says goodbye to the servers and ends the connections. Streams still open end with an error.
    pub async fn close(&self) {
        tokio::join!(self.lanes.close(), self.control.close());
    }

    pub(crate) fn control(&self) -> &Arc<Connection> {
        &self.control
    }

    pub(crate) fn doors(&self) -> &Arc<Doors> {
        &self.doors
    }

    /// Held by whoever asks the server to listen.
    pub(crate) fn listen_turn(&self) -> &Semaphore {
        &self.listen_turn
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.lanes
    }
}

/// A further connection should lead to the same machines, so the addresses that answered come first.
fn with_answering_first(mut options: LinkOptions, control: &Connection) -> LinkOptions {
    for (hop, connection) in options.hops.iter_mut().zip(control.way()) {
        let answered = &connection.place().address;
        hop.addresses.sort_by_key(|address| address != answered);
    }
    options
}
