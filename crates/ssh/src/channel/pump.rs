//! The task that takes everything russh has for a channel, at once, whoever reads it.
//!
//! russh delivers the data of all channels of a connection in one loop, through a small buffer per
//! channel, and gives the server new window when data arrives, not when it is read; neither can be
//! changed from outside. So one channel that nobody reads would stop its whole connection: pings,
//! keepalives, every other channel. Each channel therefore has a pump with a queue, and what happens
//! when the queue is full depends on the connection:
//!
//! - On the control connection nothing may ever wait. A full queue ends its own stream, with an error
//!   that says so. Streams that may carry more than the queue belong on a lane.
//! - On a lane (a connection for bulk) the pump waits for its reader. That holds up the lane, which is
//!   back-pressure without loss: a slow reader gets everything at its own pace. New streams avoid a lane
//!   that is held up. Only a reader that takes nothing at all for a while, and shares its lane with
//!   others, is cut off; alone it may rest as long as it likes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio_util::sync::CancellationToken;

use super::queue::Queue;

const CONTROL_QUEUE_BYTES: usize = 16 * 1024 * 1024;
const LANE_QUEUE_BYTES: usize = 4 * 1024 * 1024;
/// How long a reader may rest while others wait for it.
const LONGEST_REST: Duration = Duration::from_secs(10);
const REST_CHECK: Duration = Duration::from_millis(500);
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// What a full queue does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenFull {
    EndStream,
    HoldConnection,
}

/// What a channel carries, which decides what its end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// A forwarded stream: the server's end-of-file is the reader's.
    Forward,
    /// A command that is run to its end: output may follow the exit status, so only the close counts.
    Command,
    /// A command used as a stream: a complaint instead of output is an error.
    CommandStream,
}

/// How busy a connection is.
#[derive(Debug, Default)]
pub(crate) struct Load {
    streams: AtomicUsize,
    held: AtomicUsize,
}

impl Load {
    pub(crate) fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// True while some reader holds up the whole connection.
    pub(crate) fn is_held_up(&self) -> bool {
        self.held.load(Ordering::Relaxed) > 0
    }
}

/// Adds one to a count for as long as it lives.
struct Counted<'a>(&'a AtomicUsize);

impl<'a> Counted<'a> {
    fn begin(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(crate) struct Pump {
    pub(crate) read: ChannelReadHalf,
    pub(crate) write: ChannelWriteHalf<Msg>,
    pub(crate) queue: Arc<Queue>,
    /// Fires when nobody holds the stream any more.
    pub(crate) gone: CancellationToken,
    /// Fires when the connection is given up.
    pub(crate) cut: CancellationToken,
    pub(crate) load: Arc<Load>,
    pub(crate) when_full: WhenFull,
    pub(crate) carries: Carries,
    /// What messages call the other side.
    pub(crate) host_name: String,
}

impl Pump {
    /// Runs until the channel ends from either side. Owned by the stream through `gone` and by the
    /// connection through `cut`.
    pub(crate) async fn run(mut self) {
        let load = Arc::clone(&self.load);
        let _open = Counted::begin(&load.streams);
        loop {
            let message = tokio::select! {
                biased;
                () = self.cut.cancelled() => None,
                () = self.gone.cancelled() => break,
                message = self.read.wait() => message,
            };
            match message {
                None => return self.fail_as_lost(),
                Some(ChannelMsg::Close) => return self.finish(),
                Some(message) => {
                    if !self.take(message).await {
                        break;
                    }
                }
            }
        }
        // First the receiver: russh may be waiting for it, and would not hear the close.
        drop(self.read);
        let _ = tokio::time::timeout(CLOSE_LIMIT, self.write.close()).await;
    }

    /// Takes one message; false when this side has to end the channel.
    async fn take(&self, message: ChannelMsg) -> bool {
        match message {
            ChannelMsg::Data { data } => return self.take_data(data).await,
            ChannelMsg::ExtendedData { data, ext: 1 } => self.queue.push_stderr(&data),
            ChannelMsg::Eof if self.carries == Carries::Forward => self.queue.set_eof(),
            ChannelMsg::ExitStatus { exit_status } => {
                self.queue.set_exit_code(i32::try_from(exit_status).unwrap_or(i32::MAX));
            }
            _ => {}
        }
        true
    }

    async fn take_data(&self, data: Bytes) -> bool {
        let waiting = self.queue.push(data);
        match self.when_full {
            WhenFull::EndStream if waiting > CONTROL_QUEUE_BYTES => {
                self.fail_as_unread();
                false
            }
            WhenFull::HoldConnection if waiting > LANE_QUEUE_BYTES => self.wait_for_reader().await,
            WhenFull::EndStream | WhenFull::HoldConnection => true,
        }
    }

    /// Waits until half the queue is free; false when the reader is gone or has rested too long.
    async fn wait_for_reader(&self) -> bool {
        let _held = Counted::begin(&self.load.held);
        let mut taken = self.queue.taken();
        let mut since = Instant::now();
        while self.queue.waiting() > LANE_QUEUE_BYTES / 2 {
            tokio::select! {
                () = self.cut.cancelled() => return false,
                () = self.gone.cancelled() => return false,
                () = self.queue.room.notified() => {}
                () = tokio::time::sleep(REST_CHECK) => {}
            }
            let now_taken = self.queue.taken();
            if now_taken != taken {
                (taken, since) = (now_taken, Instant::now());
            } else if self.load.streams() > 1 && since.elapsed() >= LONGEST_REST {
                self.fail_as_unread();
                return false;
            }
        }
        true
    }

    fn fail_as_unread(&self) {
        tracing::warn!(host = %self.host_name, "a stream was ended because nobody read it");
        let text = format!("a stream from {} was ended because nobody read it", self.host_name);
        self.queue.fail(io::ErrorKind::TimedOut, text);
    }

    fn fail_as_lost(&self) {
        let text = format!("the connection to {} was lost", self.host_name);
        self.queue.fail(io::ErrorKind::ConnectionReset, text);
    }

    fn finish(&self) {
        if self.carries != Carries::CommandStream || self.queue.has_output() {
            return self.queue.close();
        }
        let stderr = self.queue.stderr();
        let words = String::from_utf8_lossy(&stderr);
        let words = words.trim();
        match (words, self.queue.exit_code()) {
            ("", None | Some(0)) => self.queue.close(),
            ("", Some(code)) => {
                let text = format!("the command on {} ended with {code}", self.host_name);
                self.queue.fail(io::ErrorKind::Other, text);
            }
            (words, _) => {
                let text = format!("the command on {} said: {words}", self.host_name);
                self.queue.fail(io::ErrorKind::Other, text);
            }
        }
    }
}
