//! The task that takes everything russh has for a channel, at once, whoever reads it.
//!
//! russh delivers the data of all channels of a connection in one loop, so none may ever wait to hand its
//! data over. The pump puts it into a queue, and the server is allowed to send more only when the reader
//! has taken something: a reader that rests holds up nobody else, gets everything at its own pace, and
//! holds no more memory than its window.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::TerminalSize;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::queue::Queue;
use super::window::Window;

const CLOSE_LIMIT: Duration = Duration::from_secs(5);

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

/// How busy a connection is, and how far away its server.
#[derive(Debug, Default)]
pub(crate) struct Load {
    streams: AtomicUsize,
    opening: AtomicUsize,
    /// In microseconds; zero until it was measured.
    round_trip: AtomicU64,
}

impl Load {
    pub(crate) fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// Streams that the server was asked for and has not opened or refused yet.
    pub(crate) fn opening(&self) -> usize {
        self.opening.load(Ordering::Relaxed)
    }

    /// Counts a stream that is being opened for as long as the answer lives.
    pub(crate) fn begin_opening(load: &Arc<Self>) -> Opening {
        load.opening.fetch_add(1, Ordering::Relaxed);
        Opening(Arc::clone(load))
    }

    /// Something that takes a round trip or longer took `took`: the shortest counts.
    pub(crate) fn took(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        let shorter = |known: u64| (known == 0 || took < known).then_some(took);
        let _ = self.round_trip.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shorter);
    }

    fn round_trip(&self) -> Duration {
        Duration::from_micros(self.round_trip.load(Ordering::Relaxed))
    }
}

/// A stream that is being opened.
pub(crate) struct Opening(Arc<Load>);

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.opening.fetch_sub(1, Ordering::Relaxed);
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
    pub(crate) carries: Carries,
    /// Of a terminal: the sizes a person gives it.
    pub(crate) sizes: Option<watch::Receiver<TerminalSize>>,
    /// What messages call the other side.
    pub(crate) host_name: String,
}

impl Pump {
    /// Runs until the channel ends from either side. Owned by the stream through `gone` and by the
    /// connection through `cut`.
    pub(crate) async fn run(mut self) {
        let load = Arc::clone(&self.load);
        let _open = Counted::begin(&load.streams);
        let mut window = Window::new(Instant::now());
        let mut taken = 0;
        loop {
            let due = window.due();
            let message = tokio::select! {
                biased;
                () = self.cut.cancelled() => None,
                () = self.gone.cancelled() => break,
                granted = self.write.grant_window(due), if due > 0 => {
                    if granted.is_err() {
                        return self.fail_as_lost();
                    }
                    window.granted(due);
                    continue;
                }
                size = next_size(&mut self.sizes) => {
                    let (columns, rows) = (size.columns.into(), size.rows.into());
                    if self.write.window_change(columns, rows, 0, 0).await.is_err() {
                        return self.fail_as_lost();
                    }
                    continue;
                }
                () = self.queue.room.notified() => {
                    let now_taken = self.queue.taken();
                    window.read(now_taken - taken, Instant::now(), load.round_trip());
                    taken = now_taken;
                    continue;
                }
                message = self.read.wait() => message,
            };
            match message {
                None => return self.fail_as_lost(),
                Some(ChannelMsg::Close) => return self.finish(),
                Some(message) => {
                    if !self.take(message, &mut window) {
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
    fn take(&self, message: ChannelMsg, window: &mut Window) -> bool {
        match message {
            ChannelMsg::Data { data } => return self.take_data(data, window),
            ChannelMsg::ExtendedData { data, ext } => {
                window.read(data.len() as u64, Instant::now(), self.load.round_trip());
                if ext == 1 {
                    self.queue.push_stderr(&data);
                }
            }
            ChannelMsg::Eof if self.carries == Carries::Forward => self.queue.set_eof(),
            ChannelMsg::ExitStatus { exit_status } => {
                self.queue.set_exit_code(i32::try_from(exit_status).unwrap_or(i32::MAX));
            }
            _ => {}
        }
        true
    }

    fn take_data(&self, data: Bytes, window: &Window) -> bool {
        if !window.is_exceeded_by(self.queue.push(data)) {
            return true;
        }
        let text = format!("{} sent more than it was allowed to", self.host_name);
        self.queue.fail(io::ErrorKind::InvalidData, text);
        false
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

/// The next size that a terminal was given; never, where there is none or nobody gives any.
async fn next_size(sizes: &mut Option<watch::Receiver<TerminalSize>>) -> TerminalSize {
    if let Some(sizes) = sizes
        && sizes.changed().await.is_ok()
    {
        return *sizes.borrow_and_update();
    }
    std::future::pending().await
}
