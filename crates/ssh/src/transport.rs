//! The bytes under one SSH connection: counted, so that life can be told from silence, and cut when the
//! connection is given up, so that nothing hangs in a read or write that will never end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use backend_api::BoxStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

pub(crate) struct Transport {
    stream: BoxStream,
    received: Arc<AtomicU64>,
    // One wait per direction, because each wakes its own task.
    read_cut: Pin<Box<WaitForCancellationFutureOwned>>,
    write_cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Transport {
    /// Wraps a stream. `received` counts bytes that came in; `cut` makes every call fail.
    pub(crate) fn new(
        stream: BoxStream,
        received: Arc<AtomicU64>,
        cut: &CancellationToken,
    ) -> Self {
        Self {
            stream,
            received,
            read_cut: Box::pin(cut.clone().cancelled_owned()),
            write_cut: Box::pin(cut.clone().cancelled_owned()),
        }
    }

    fn write_gate(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.write_cut.as_mut().poll(cx) {
            Poll::Ready(()) => Err(was_cut()),
            Poll::Pending => Ok(()),
        }
    }
}

fn was_cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the connection was given up")
}

impl AsyncRead for Transport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read_cut.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(was_cut()));
        }
        let before = buf.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(cx, buf);
        let count = buf.filled().len().saturating_sub(before);
        if count > 0 {
            self.received.fetch_add(count as u64, Ordering::Relaxed);
        }
        result
    }
}

impl AsyncWrite for Transport {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write_gate(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write_gate(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write_gate(cx)?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
