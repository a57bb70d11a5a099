//! Binding: from a point that somebody wrote to a listener, or to what is in its way.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use model::TunnelPoint;
use tokio::net::{TcpListener, TcpSocket};

use crate::{BindProblem, Listener};

/// A thousand programs may connect at the same moment.
const BACKLOG: u32 = 4096;

/// Who may reach a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposure {
    /// Only this computer.
    Loopback,
    /// Also other machines; a person allowed it for this listener.
    Anywhere,
}

/// Listens at `point`. "localhost" is 127.0.0.1, and ::1 where there is one; port 0 is any free one.
///
/// Must be called inside a tokio runtime. Nothing that others hold is ever touched.
///
/// # Errors
/// What is in the way.
pub fn bind(point: &TunnelPoint, exposure: Exposure) -> Result<Listener, BindProblem> {
    match point {
        TunnelPoint::Tcp { host, port } => {
            let addresses = addresses(host)?;
            let is_exposed = addresses.iter().any(|address| !address.is_loopback());
            if is_exposed && exposure == Exposure::Loopback {
                return Err(BindProblem::Exposed);
            }
            let mut listeners = Vec::new();
            for address in addresses {
                let listener =
                    listen(SocketAddr::new(address, *port)).map_err(BindProblem::Other)?;
                listeners.push(listener);
            }
            Ok(Listener::tcp(host.clone(), listeners))
        }
        TunnelPoint::Unix { .. } => Err(BindProblem::Unusable("not built yet")),
    }
}

fn addresses(host: &str) -> Result<Vec<IpAddr>, BindProblem> {
    match host {
        "localhost" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
        "*" => Ok(vec![Ipv6Addr::UNSPECIFIED.into()]),
        _ => match host.parse() {
            Ok(address) => Ok(vec![address]),
            Err(_) => Err(BindProblem::NoSuchAddress { command: None }),
        },
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Without it a port stays taken for a minute after its last connection on unix.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
