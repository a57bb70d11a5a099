//! Channels of an SSH connection as ordinary streams, each with a pump task, a queue and a window.

mod pump;
mod queue;
mod window;

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use model::TerminalSize;
use russh::Channel;
use russh::client::Msg;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use pump::Pump;
use queue::Queue;

pub(crate) use pump::{Carries, Load};
pub(crate) use queue::STDERR_BYTES;
pub(crate) use window::FIRST as FIRST_WINDOW;

/// What the streams of one connection have in common.
#[derive(Debug, Clone)]
pub(crate) struct Lot {
    pub(crate) cut: CancellationToken,
    pub(crate) load: Arc<Load>,
    pub(crate) host_name: String,
}

/// A two-way stream over one channel. Dropping it closes the channel.
pub(crate) struct ChannelStream {
    queue: Arc<Queue>,
    writer: Pin<Box<dyn AsyncWrite + Send>>,
    _gone: DropGuard,
}

impl ChannelStream {
    /// Starts the pump of a channel.
    pub(crate) fn start(channel: Channel<Msg>, lot: &Lot, carries: Carries) -> Self {
        Self::start_sized(channel, lot, carries, None)
    }

    /// The same for a channel with a terminal, which gets every size that `sizes` is told.
    pub(crate) fn start_sized(
        channel: Channel<Msg>,
        lot: &Lot,
        carries: Carries,
        sizes: Option<watch::Receiver<TerminalSize>>,
    ) -> Self {
        let (read, write) = channel.split();
        let queue = Arc::new(Queue::default());
        let gone = CancellationToken::new();
        let writer = Box::pin(write.make_writer());
        let pump = Pump {
            read,
            write,
            queue: Arc::clone(&queue),
            gone: gone.clone(),
            cut: lot.cut.clone(),
            load: Arc::clone(&lot.load),
            carries,
            sizes,
            host_name: lot.host_name.clone(),
        };
        tokio::spawn(pump.run());
        Self { queue, writer, _gone: gone.drop_guard() }
    }

    /// What a command said on standard error; whole once its output has ended.
    pub(crate) fn stderr(&self) -> Vec<u8> {
        self.queue.stderr()
    }

    /// How a command ended; None when a signal ended it.
    pub(crate) fn exit_code(&self) -> Option<i32> {
        self.queue.exit_code()
    }
}

impl AsyncRead for ChannelStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.queue.poll_read(cx, buf)
    }
}

impl AsyncWrite for ChannelStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        // A channel that has ended gets no more window, so its writer would wait for ever.
        self.queue.check_writable(cx)?;
        self.writer.as_mut().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.queue.check_writable(cx)?;
        self.writer.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.queue.check_writable(cx).is_err() {
            return Poll::Ready(Ok(()));
        }
        self.writer.as_mut().poll_shutdown(cx)
    }
}
