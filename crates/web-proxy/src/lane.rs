//! One connection to the service, driven by whoever uses it.
//!
//! hyper's client would usually run in a task of its own. Here the task that serves the browser polls
//! both sides, so that a request crosses from one connection to the other without waking anybody.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::coop::unconstrained,
};

use crate::{BoxStream, body::RequestBody};

/// Bytes that passed, both ways.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) up: AtomicU64,
    pub(crate) down: AtomicU64,
}

/// A stream that counts.
pub(crate) struct Counted {
    stream: BoxStream,
    traffic: Arc<Traffic>,
}

/// A connection that can take one request at a time.
pub(crate) struct Lane {
    sender: SendRequest<RequestBody>,
    /// None after it broke with a request still waiting in it.
    connection: Option<Connection<TokioIo<Counted>, RequestBody>>,
    has_ended: bool,
}

/// Why a request got no reply.
pub(crate) struct Failed {
    pub(crate) error: hyper::Error,
    /// The request, when nothing of it was sent.
    pub(crate) unsent: Option<Request<RequestBody>>,
}

impl Lane {
    /// Speaks HTTP on a fresh stream.
    pub(crate) async fn new(stream: BoxStream, traffic: Arc<Traffic>) -> hyper::Result<Box<Self>> {
        let io = TokioIo::new(Counted { stream, traffic });
        let (sender, connection) = Builder::new().handshake(io).await?;
        Ok(Box::new(Self { sender, connection: Some(connection), has_ended: false }))
    }

    /// Whether the service still listens and the last exchange is fully over.
    pub(crate) fn is_ready(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        let look = pin!(unconstrained(poll_fn(|cx| {
            self.drive(cx);
            Poll::Ready(())
        })));
        let _ = look.poll(&mut context);
        !self.has_ended && self.sender.is_ready()
    }

    /// Moves bytes as far as they go now. The reply and its body arrive only through this, which is why
    /// the other ends may be polled without a waker.
    pub(crate) fn drive(&mut self, cx: &mut Context<'_>) {
        drive(&mut self.connection, &mut self.has_ended, cx);
    }

    /// Whether nothing more can arrive.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Sends a request and waits for the head of its reply. Dropping the future breaks the lane.
    pub(crate) async fn exchange(
        &mut self,
        request: Request<RequestBody>,
    ) -> Result<Response<Incoming>, Failed> {
        let mut reply = pin!(unconstrained(self.sender.try_send_request(request)));
        let (connection, has_ended) = (&mut self.connection, &mut self.has_ended);
        poll_fn(|cx| {
            let mut quiet = Context::from_waker(Waker::noop());
            drive(connection, has_ended, cx);
            let mut outcome = reply.as_mut().poll(&mut quiet);
            if outcome.is_pending() && *has_ended {
                // A request that came too late lies in the connection until that is dropped.
                *connection = None;
                outcome = reply.as_mut().poll(&mut quiet);
            }
            outcome.map_err(|mut failed| Failed {
                unsent: failed.take_message(),
                error: failed.into_error(),
            })
        })
        .await
    }

    /// Takes the stream back after the service agreed to speak something else, with what it said already.
    pub(crate) async fn into_stream(mut self: Box<Self>) -> Option<(Counted, Bytes)> {
        poll_fn(|cx| {
            self.drive(cx);
            if self.has_ended { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let parts = self.connection?.into_parts();
        Some((parts.io.into_inner(), parts.read_buf))
    }
}

fn drive(
    connection: &mut Option<Connection<TokioIo<Counted>, RequestBody>>,
    has_ended: &mut bool,
    cx: &mut Context<'_>,
) {
    match connection {
        Some(connection) if !*has_ended => {
            *has_ended = connection.poll_without_shutdown(cx).is_ready();
        }
        Some(_) | None => {}
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = buffer.filled().len() - before;
        self.traffic.down.fetch_add(read as u64, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.traffic.up.fetch_add(written as u64, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, slices))?;
        self.traffic.up.fetch_add(written as u64, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
