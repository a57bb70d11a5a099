//! One connection to the service, and what it said that nobody took yet.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker, ready},
};

use bytes::BytesMut;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf, ReadHalf, WriteHalf},
    task::coop::unconstrained,
};

use crate::BoxStream;

/// Room for what is read at once, at least.
const READ_BYTES: usize = 16 * 1024;

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

/// A connection that carries one exchange at a time.
pub(crate) struct Lane {
    pub(crate) reader: ReadHalf<Counted>,
    pub(crate) writer: WriteHalf<Counted>,
    pub(crate) read: BytesMut,
}

impl Lane {
    pub(crate) fn new(stream: BoxStream, traffic: Arc<Traffic>) -> Self {
        let (reader, writer) = tokio::io::split(Counted { stream, traffic });
        Self { reader, writer, read: BytesMut::new() }
    }

    /// Whether the service still listens and has said nothing unasked.
    pub(crate) fn is_ready(&mut self) -> bool {
        if !self.read.is_empty() {
            return false;
        }
        let mut context = Context::from_waker(Waker::noop());
        let look = std::pin::pin!(unconstrained(fill(&mut self.reader, &mut self.read)));
        look.poll(&mut context).is_pending()
    }

    /// The stream, and what was read of it and not taken.
    pub(crate) fn into_stream(self) -> (Counted, BytesMut) {
        (self.reader.unsplit(self.writer), self.read)
    }
}

/// Reads some more. Zero: the other side has closed. Dropping the future loses nothing.
///
/// Errors: the stream broke.
pub(crate) async fn fill<R: AsyncRead + Unpin>(
    reader: &mut R,
    read: &mut BytesMut,
) -> io::Result<usize> {
    read.reserve(READ_BYTES);
    reader.read_buf(read).await
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
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
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.traffic.up.fetch_add(written as u64, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
