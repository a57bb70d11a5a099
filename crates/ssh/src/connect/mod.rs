//! Making a connection: hop after hop, the addresses of each in a race, handshake, login.

mod addresses;
mod network;
mod race;

use std::sync::Arc;
use std::time::Duration;

use backend_api::{BackendError, BoxStream};
use model::HostAddress;
use russh::SshId;
use russh::client::{Config, Handle};
use tokio_util::sync::CancellationToken;

use crate::auth;
use crate::channel::{FIRST_WINDOW, Lot};
use crate::connection::Connection;
use crate::guard::{Guard, HandshakeError};
use crate::interview::Interview;
use crate::listen::Doors;
use crate::transport::Transport;
use crate::trust::KnownHost;
use crate::vitals::Vitals;
use crate::{Hop, LinkOptions, Progress, algorithms};

pub(crate) use race::Entrant;

/// One attempt to reach the target.
pub(crate) struct Attempt<'a> {
    pub(crate) options: &'a LinkOptions,
    pub(crate) interview: &'a Arc<Interview>,
    /// The listeners of the link that this is for.
    pub(crate) doors: &'a Arc<Doors>,
}

/// A connection that is encrypted but not logged in.
pub(crate) struct Shaken {
    pub(crate) handle: Handle<Guard>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) lot: Lot,
    /// Its number among the connections of the link.
    pub(crate) line: u64,
    /// The address that answered.
    pub(crate) address: HostAddress,
}

impl Attempt<'_> {
    /// Reaches the target through every hop.
    pub(crate) async fn connect(&self) -> Result<Connection, BackendError> {
        let mut reached: Option<Connection> = None;
        for (index, hop) in self.options.hops.iter().enumerate() {
            reached = Some(self.reach(index, hop, reached.take()).await?);
        }
        reached.ok_or_else(|| {
            BackendError::invalid("there is no host to connect to").with_hint("Add an SSH host.")
        })
    }

    async fn reach(
        &self,
        index: usize,
        hop: &Hop,
        via: Option<Connection>,
    ) -> Result<Connection, BackendError> {
        let (mut shaken, cut) = self.shake_hands(index, hop, via.as_ref()).await?;
        self.interview.stage(&format!("logging in to {} as {}", hop.name, hop.user));
        self.interview.progress(Progress::LoggingIn { hop: index });
        let login = auth::log_in(&mut shaken.handle, self.interview, index, hop);
        let limit = self.options.connect_timeout;
        match self.interview.within(limit, login).await {
            Some(result) => result?,
            None => return Err(slow(hop, "did not finish the login", limit)),
        }
        let _ = cut.disarm();
        Ok(Connection::start(shaken, &hop.user, self.options, via))
    }

    async fn try_address(
        &self,
        entrant: &Arc<Entrant>,
        hop: &Hop,
        via: Option<&Connection>,
    ) -> Result<Shaken, BackendError> {
        let (limit, address) = (self.options.connect_timeout, entrant.address());
        self.interview.stage(&format!("reaching {} ({address})", hop.name));
        let dialled =
            self.interview.within(limit, self.dial(entrant.hop(), hop, address, via)).await;
        let stream = dialled.unwrap_or_else(|| Err(network::no_answer(hop, address, limit)))?;
        entrant.progress(Progress::ShakingHands { hop: entrant.hop(), address: address.clone() });
        let vitals = Vitals::new(&hop.name, via.map(Connection::vitals));
        let handshake = self.handshake(entrant, hop, stream, vitals);
        let shaken = entrant.within(limit, handshake).await;
        shaken.unwrap_or_else(|| Err(slow(hop, "did not finish the SSH handshake", limit)))
    }

    async fn handshake(
        &self,
        entrant: &Arc<Entrant>,
        hop: &Hop,
        stream: BoxStream,
        vitals: Arc<Vitals>,
    ) -> Result<Shaken, BackendError> {
        let address = entrant.address();
        let (files, asked) = (self.options.trust.clone(), address.clone());
        let known = tokio::task::spawn_blocking(move || KnownHost::look_up(&files, &asked)).await;
        let known = known.map_err(|error| {
            BackendError::unsupported("the known-hosts files cannot be read")
                .with_hint("Try again; if it goes on, report it as a defect.")
                .with_detail(error.to_string())
        })?;
        let config = Arc::new(config(&known));
        let cut = CancellationToken::new();
        let transport = Transport::new(stream, vitals.counter(), &cut);
        let line = self.doors.number();
        let lot = Lot { cut: cut.clone(), load: Arc::default(), host_name: hop.name.clone() };
        let guard = Guard {
            vitals: Arc::clone(&vitals),
            entrant: Arc::clone(entrant),
            lot: lot.clone(),
            doors: Arc::clone(self.doors),
            line,
            known,
            own_file: self.options.trust.own.clone(),
        };
        let cut_if_dropped = cut.drop_guard();
        let shaken = russh::client::connect_stream(config, transport, guard).await;
        let handle = shaken.map_err(|error| handshake_error(hop, address, error))?;
        let _ = cut_if_dropped.disarm();
        Ok(Shaken { handle, vitals, lot, line, address: address.clone() })
    }
}

fn config(known: &KnownHost) -> Config {
    Config {
        client_id: SshId::Standard(concat!("SSH-2.0-Moorline_", env!("CARGO_PKG_VERSION")).into()),
        preferred: algorithms::preferred(known),
        // Bigger packets halve the speed of downloads.
        maximum_packet_size: 32 * 1024,
        window_size: FIRST_WINDOW,
        manual_window: true,
        eager_auth: true,
        nodelay: true,
        ..Config::default()
    }
}

fn slow(hop: &Hop, what: &str, limit: Duration) -> BackendError {
    BackendError::unreachable(format!("{} {what} in {} s", hop.name, limit.as_secs_f32()))
        .with_hint("Check that an SSH server answers on this port, then try again.")
}

fn handshake_error(hop: &Hop, address: &HostAddress, error: HandshakeError) -> BackendError {
    let place = format!("{} ({address})", hop.name);
    let error = match error {
        HandshakeError::Refused(error) => return error,
        HandshakeError::Protocol(error) => error,
    };
    if let russh::Error::NoCommonAlgo { kind, theirs, .. } = &error {
        return BackendError::unsupported(format!(
            "{place} has no {kind:?} algorithm in common with us"
        ))
        .with_hint("Update the SSH server; algorithms that rest on SHA-1 are not used.")
        .with_detail(format!("the server offers: {}", theirs.join(", ")));
    }
    BackendError::unreachable(format!("{place} broke off the SSH handshake"))
        .with_hint("Check that an SSH server answers on this port, then try again.")
        .with_detail(error.to_string())
}
