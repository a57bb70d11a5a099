//! Binding: from a point that somebody wrote to a listener, or to what is in its way.
//!
//! Deliberately not here: unix sockets, whose files need care of their own.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use model::TunnelPoint;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::{BindProblem, Listener, free_port::free_port, holder};

/// A thousand programs may connect at the same moment.
pub(crate) const BACKLOG: i32 = 4096;
/// Any free port of one address may be taken at the other.
const TRIES: u32 = 16;

/// Who may reach a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Only this computer.
    Loopback,
    /// Also other machines; a person allowed it for this listener.
    Anywhere,
}

/// Where a host name leads on this computer.
pub(crate) struct Addresses {
    pub(crate) first: IpAddr,
    /// Listened on too when this computer has it.
    pub(crate) second: Option<IpAddr>,
}

/// Listens at `point`. "localhost" is 127.0.0.1, and ::1 where there is one; "*" is every address; port 0
/// is any free one.
///
/// Must be called inside a tokio runtime. What others hold is never touched. Finding out who holds a port
/// may take some ten milliseconds.
///
/// # Errors
/// What is in the way.
pub fn bind(point: &TunnelPoint, exposure: Exposure) -> Result<Listener, BindProblem> {
    match point {
        TunnelPoint::Tcp { host, port } => {
            let addresses = Addresses::of(host)?;
            if exposure == Exposure::Loopback && !addresses.first.to_canonical().is_loopback() {
                return Err(BindProblem::Exposed);
            }
            let listeners = addresses.listen(*port)?;
            Ok(Listener::tcp(host.clone(), listeners))
        }
        #[cfg(unix)]
        TunnelPoint::Unix { path } => crate::unix::bind(path).map(Listener::unix),
        #[cfg(not(unix))]
        TunnelPoint::Unix { .. } => {
            Err(BindProblem::Unusable("there are no unix sockets on this system"))
        }
    }
}

impl Addresses {
    fn of(host: &str) -> Result<Self, BindProblem> {
        let (first, second): (IpAddr, Option<IpAddr>) = match host {
            "localhost" => (Ipv4Addr::LOCALHOST.into(), Some(Ipv6Addr::LOCALHOST.into())),
            "*" => (Ipv4Addr::UNSPECIFIED.into(), Some(Ipv6Addr::UNSPECIFIED.into())),
            _ => match host.parse::<IpAddr>() {
                Ok(address) => (address.to_canonical(), None),
                Err(_) => return Err(BindProblem::NoSuchAddress { command: None }),
            },
        };
        Ok(Self { first, second })
    }

    fn listen(&self, port: u16) -> Result<Vec<TcpListener>, BindProblem> {
        let mut tries = 0;
        loop {
            match self.try_listen(port) {
                Err(BindProblem::Taken { .. }) if port == 0 && tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }

    fn try_listen(&self, port: u16) -> Result<Vec<TcpListener>, BindProblem> {
        let first = listen(SocketAddr::new(self.first, port))
            .map_err(|error| self.problem(SocketAddr::new(self.first, port), error))?;
        let port = first.local_addr().map_err(BindProblem::Other)?.port();
        let mut listeners = vec![first];
        if let Some(second) = self.second.map(|address| SocketAddr::new(address, port)) {
            match listen(second) {
                Ok(listener) => listeners.push(listener),
                // Programs that try ::1 first would reach the other one and take it for ours.
                Err(error) if is_taken(&error) => return Err(self.problem(second, error)),
                Err(error) => tracing::debug!(%error, "only one kind of address here"),
            }
        }
        Ok(listeners)
    }

    fn problem(&self, at: SocketAddr, error: io::Error) -> BindProblem {
        match error.kind() {
            _ if is_taken(&error) => BindProblem::Taken {
                holder: holder::of_port(at),
                free_port: free_port(self, at.port()),
            },
            io::ErrorKind::PermissionDenied => match holder::of_port(at) {
                Some(holder) => BindProblem::Taken {
                    holder: Some(holder),
                    free_port: free_port(self, at.port()),
                },
                None => BindProblem::NeedsRights { free_port: free_port(self, at.port()) },
            },
            io::ErrorKind::AddrNotAvailable => {
                BindProblem::NoSuchAddress { command: command_for(at.ip()) }
            }
            _ => BindProblem::Other(error),
        }
    }

    /// True when a listener could be had at this port now.
    pub(crate) fn is_free(&self, port: u16) -> bool {
        let first = open(SocketAddr::new(self.first, port));
        let second = self.second.map(|address| open(SocketAddr::new(address, port)));
        first.is_ok() && second.is_none_or(|second| !second.is_err_and(|error| is_taken(&error)))
    }
}

fn is_taken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}

/// What gives this computer one of its own loopback addresses, where it takes more than asking.
fn command_for(address: IpAddr) -> Option<String> {
    let is_own = matches!(address, IpAddr::V4(v4) if v4.is_loopback());
    let needs_alias = cfg!(any(target_os = "macos", target_os = "freebsd", target_os = "openbsd"));
    (is_own && needs_alias).then(|| format!("sudo ifconfig lo0 alias {address} up"))
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = open(address)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket.into())
}

fn open(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Without it a port stays taken for a minute after its last connection on unix. On Windows it would
    // let two programs listen at the same port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // There, a socket at one address hides one that listens at all of them.
    #[cfg(target_os = "macos")]
    if address.port() != 0 && holder::of_port(address).is_some() {
        return Err(io::ErrorKind::AddrInUse.into());
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket)
}
