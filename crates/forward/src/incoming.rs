//! A listener that is open, and the connections that come in through it.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use model::TunnelPoint;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use crate::peer::{Owner, Peers};
#[cfg(unix)]
use crate::unix::UnixPoint;

/// An open listener. Dropping it closes it; a unix socket's file goes with it.
#[derive(Debug)]
pub struct Listener {
    point: TunnelPoint,
    tcp: Vec<TcpListener>,
    #[cfg(unix)]
    unix: Option<UnixPoint>,
}

impl Listener {
    pub(crate) fn tcp(host: String, tcp: Vec<TcpListener>) -> Self {
        let first = tcp.first().and_then(|listener| listener.local_addr().ok());
        let port = first.map_or(0, |address| address.port());
        Self {
            point: TunnelPoint::Tcp { host, port },
            tcp,
            #[cfg(unix)]
            unix: None,
        }
    }

    #[cfg(unix)]
    pub(crate) fn unix(unix: UnixPoint) -> Self {
        let path = unix.path.to_string_lossy().into_owned();
        Self { point: TunnelPoint::Unix { path }, tcp: Vec::new(), unix: Some(unix) }
    }

    /// Where it really listens; never port 0.
    #[must_use]
    pub fn point(&self) -> &TunnelPoint {
        &self.point
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<Incoming> {
        poll_fn(|cx| {
            for listener in &self.tcp {
                if let Poll::Ready(accepted) = listener.poll_accept(cx) {
                    return Poll::Ready(accepted.map(|(stream, from)| Incoming::tcp(stream, from)));
                }
            }
            #[cfg(unix)]
            if let Some(unix) = &self.unix
                && let Poll::Ready(accepted) = unix.listener.poll_accept(cx)
            {
                return Poll::Ready(accepted.map(|(stream, _)| Incoming::unix(stream)));
            }
            Poll::Pending
        })
        .await
    }
}

/// A connection of a program on this computer.
pub(crate) struct Incoming {
    pub(crate) stream: Local,
    /// In words: an address, or a program's name.
    pub(crate) from: String,
    address: Option<SocketAddr>,
}

impl Incoming {
    fn tcp(stream: TcpStream, from: SocketAddr) -> Self {
        // Small pieces go out at once. A failure here costs a little time and nothing else.
        drop(stream.set_nodelay(true));
        Self { stream: Local::of(Socket::Tcp(stream)), from: from.to_string(), address: Some(from) }
    }

    #[cfg(unix)]
    fn unix(stream: UnixStream) -> Self {
        let from = program(&stream).unwrap_or_else(|| "a program here".to_owned());
        Self { stream: Local::of(Socket::Unix(stream)), from, address: None }
    }

    /// Whose program it is, as far as the system tells.
    pub(crate) async fn owner(&self, peers: &Peers) -> Owner {
        match (&self.stream.socket, self.address) {
            (Socket::Tcp(stream), Some(theirs)) => match stream.local_addr() {
                Ok(ours) => peers.owner(ours, theirs).await,
                Err(_) => Owner::Untold,
            },
            (Socket::Tcp(_), None) => Owner::Untold,
            #[cfg(unix)]
            (Socket::Unix(stream), _) => {
                stream.peer_cred().map_or(Owner::Untold, |owner| Owner::User(owner.uid()))
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn program(stream: &UnixStream) -> Option<String> {
    crate::holder::name_of(stream.peer_cred().ok()?.pid()?.try_into().ok()?)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn program(stream: &UnixStream) -> Option<String> {
    Some(format!("pid {}", stream.peer_cred().ok()?.pid()?))
}

/// The stream of such a connection. Unless it is called whole before it is dropped, the program on the
/// other side sees an error, not an end in order.
#[derive(Debug)]
pub(crate) struct Local {
    socket: Socket,
    is_whole: bool,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Local {
    fn of(socket: Socket) -> Self {
        Self { socket, is_whole: false }
    }

    /// Everything was carried in both directions.
    pub(crate) fn set_whole(&mut self) {
        self.is_whole = true;
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        match &self.socket {
            Socket::Tcp(stream) if !self.is_whole => drop(stream.set_zero_linger()),
            Socket::Tcp(_) => {}
            // There is no such thing here: unread bytes make it an error, nothing else does.
            #[cfg(unix)]
            Socket::Unix(_) => {}
        }
    }
}

impl AsyncRead for Local {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(unix)]
            Socket::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Local {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            #[cfg(unix)]
            Socket::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(unix)]
            Socket::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Socket::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
