//! A listener that is open, and the connections that come in through it.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use model::TunnelPoint;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// An open listener. Dropping it closes it.
#[derive(Debug)]
pub struct Listener {
    point: TunnelPoint,
    tcp: Vec<TcpListener>,
}

impl Listener {
    pub(crate) fn tcp(host: String, tcp: Vec<TcpListener>) -> Self {
        let first = tcp.first().and_then(|listener| listener.local_addr().ok());
        let port = first.map_or(0, |address| address.port());
        Self { point: TunnelPoint::Tcp { host, port }, tcp }
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
                    return Poll::Ready(accepted.map(|(stream, from)| Incoming {
                        stream: Local::tcp(stream),
                        from: from.to_string(),
                    }));
                }
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
}

impl Local {
    fn tcp(stream: TcpStream) -> Self {
        // Small pieces go out at once. A failure here costs a little time and nothing else.
        drop(stream.set_nodelay(true));
        Self { socket: Socket::Tcp(stream), is_whole: false }
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
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().socket {
            Socket::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
