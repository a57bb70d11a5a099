//! Making a connection: hop after hop, address after address, handshake, login.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use backend_api::{BackendError, BoxStream, DialTarget};
use model::HostAddress;
use russh::SshId;
use russh::client::{Config, Handle};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::auth;
use crate::channel::{Carries, FIRST_WINDOW, Lot};
use crate::connection::Connection;
use crate::guard::{Guard, HandshakeError};
use crate::interview::Interview;
use crate::listen::Doors;
use crate::transport::Transport;
use crate::trust::KnownHost;
use crate::vitals::Vitals;
use crate::{Hop, LinkOptions, Progress, algorithms};

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
    async fn dial(
        &self,
        index: usize,
        hop: &Hop,
        address: &HostAddress,
        via: Option<&Connection>,
    ) -> Result<BoxStream, BackendError> {
        let connecting = |found| {
            let address = address.clone();
            self.interview.progress(Progress::Connecting { hop: index, address, found });
        };
        if let Some(via) = via {
            connecting(Vec::new());
            return dial_through(hop, address, via).await;
        }
        let resolving = Progress::Resolving { hop: index, address: address.clone() };
        self.interview.progress(resolving);
        let looked_up = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
        let found: Vec<SocketAddr> = match looked_up {
            Ok(found) => found.collect(),
            Err(error) => return Err(no_such_name(hop, &address.host, &error.to_string())),
        };
        connecting(found.iter().map(SocketAddr::ip).collect());
        dial_here(hop, address, &found).await
    }

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
        Ok(Connection::start(shaken, &hop.user, self.options.keepalive, via))
    }

    /// Tries the addresses in order until one answers and speaks SSH.
    async fn shake_hands(
        &self,
        index: usize,
        hop: &Hop,
        via: Option<&Connection>,
    ) -> Result<(Shaken, tokio_util::sync::DropGuard), BackendError> {
        let mut problems = Vec::new();
        for address in &hop.addresses {
            self.interview.stage(&format!("reaching {} ({address})", hop.name));
            match self.try_address(index, hop, address, via).await {
                Ok(shaken) => {
                    let guard = shaken.lot.cut.clone().drop_guard();
                    return Ok((shaken, guard));
                }
                Err(error @ BackendError::Unreachable(_)) => {
                    let (address, failure) = (address.clone(), error.clone().into());
                    let failed = Progress::AddressFailed { hop: index, address, failure };
                    self.interview.progress(failed);
                    problems.push(error);
                }
                Err(error) => return Err(error),
            }
        }
        let others: Vec<String> = problems.iter().map(ToString::to_string).collect();
        match problems.pop() {
            Some(only) if others.len() == 1 => Err(only),
            Some(_) => Err(BackendError::unreachable(format!(
                "cannot reach {} at any of its {} addresses",
                hop.name,
                others.len()
            ))
            .with_hint("Check the network or VPN, and the addresses of the host.")
            .with_detail(others.join("\n"))),
            None => Err(BackendError::invalid(format!("{} has no address", hop.name))
                .with_hint("Add the address of the host.")),
        }
    }

    async fn try_address(
        &self,
        index: usize,
        hop: &Hop,
        address: &HostAddress,
        via: Option<&Connection>,
    ) -> Result<Shaken, BackendError> {
        let limit = self.options.connect_timeout;
        let dialled = self.interview.within(limit, self.dial(index, hop, address, via)).await;
        let stream = dialled.unwrap_or_else(|| Err(no_answer(hop, address, limit)))?;
        self.interview.progress(Progress::ShakingHands { hop: index });
        let vitals = Vitals::new(&hop.name, via.map(Connection::vitals));
        let handshake = self.handshake(index, hop, address, stream, vitals);
        let shaken = self.interview.within(limit, handshake).await;
        shaken.unwrap_or_else(|| Err(slow(hop, "did not finish the SSH handshake", limit)))
    }

    async fn handshake(
        &self,
        index: usize,
        hop: &Hop,
        address: &HostAddress,
        stream: BoxStream,
        vitals: Arc<Vitals>,
    ) -> Result<Shaken, BackendError> {
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
            interview: Arc::clone(self.interview),
            lot: lot.clone(),
            doors: Arc::clone(self.doors),
            line,
            hop: index,
            known,
            address: address.clone(),
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

/// A stream to a hop through the one before.
async fn dial_through(
    hop: &Hop,
    address: &HostAddress,
    via: &Connection,
) -> Result<BoxStream, BackendError> {
    let HostAddress { host, port } = address.clone();
    let stream = via.open(&DialTarget::Tcp { host, port }, Carries::Forward).await;
    let through = |error: BackendError| {
        let message = format!("cannot reach {} ({address}) through a jump host", hop.name);
        error.map_failure(|failure| {
            let detail = failure.message.clone();
            model::Failure { message, ..failure }.with_detail(detail)
        })
    };
    stream.map(|stream| Box::new(stream) as BoxStream).map_err(through)
}

/// A stream over the network of this computer.
async fn dial_here(
    hop: &Hop,
    address: &HostAddress,
    addresses: &[SocketAddr],
) -> Result<BoxStream, BackendError> {
    let connected = TcpStream::connect(addresses).await;
    let stream = connected.map_err(|error| unreachable_because(hop, address, &error))?;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the socket keeps small packets back");
    }
    Ok(Box::new(stream))
}

fn no_such_name(hop: &Hop, host: &str, detail: &str) -> BackendError {
    BackendError::unreachable(format!(
        "cannot find {} (there is no address for \"{host}\")",
        hop.name
    ))
    .with_hint("Check the host name, and the network or VPN.")
    .with_detail(detail)
}

fn unreachable_because(hop: &Hop, address: &HostAddress, error: &std::io::Error) -> BackendError {
    let (reason, hint) = match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            ("nothing listens there", "Check the port, and that the SSH server runs.")
        }
        _ => ("the network says no", "Check the address, and the network or VPN."),
    };
    BackendError::unreachable(format!("cannot reach {} ({address}): {reason}", hop.name))
        .with_hint(hint)
        .with_detail(error.to_string())
}

fn no_answer(hop: &Hop, address: &HostAddress, limit: Duration) -> BackendError {
    let seconds = limit.as_secs_f32();
    BackendError::unreachable(format!(
        "cannot reach {} ({address}): no answer in {seconds} s",
        hop.name
    ))
    .with_hint("Check the address, the network or VPN, and firewalls on the way.")
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
