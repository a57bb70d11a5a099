//! The bytes of one channel between russh and whoever reads them, and how the channel ended.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use tokio::io::ReadBuf;
use tokio::sync::Notify;

/// What is kept of standard error; one byte more tells that there was more.
pub(crate) const STDERR_BYTES: usize = 1024 * 1024 + 1;

/// How a channel ended, as its reader and writer see it.
#[derive(Debug, Clone)]
enum End {
    /// In order.
    Closed,
    Failed(io::ErrorKind, String),
}

impl End {
    fn as_error(&self) -> Option<io::Error> {
        match self {
            Self::Closed => None,
            Self::Failed(kind, text) => Some(io::Error::new(*kind, text.clone())),
        }
    }
}

#[derive(Debug, Default)]
struct State {
    chunks: VecDeque<Bytes>,
    waiting: usize,
    /// Bytes the reader has taken so far.
    taken: u64,
    has_output: bool,
    /// No more bytes will come.
    is_at_eof: bool,
    end: Option<End>,
    stderr: Vec<u8>,
    exit_code: Option<i32>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Shared by the pump, which fills it and never waits for it here, and the stream, which empties it.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// Signalled when the reader has taken something.
    pub(crate) room: Notify,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds bytes and says how many are waiting now.
    pub(crate) fn push(&self, data: Bytes) -> usize {
        let mut state = self.state();
        state.has_output |= !data.is_empty();
        state.waiting += data.len();
        state.chunks.push_back(data);
        wake(&mut state.reader);
        state.waiting
    }

    pub(crate) fn push_stderr(&self, data: &[u8]) {
        let mut state = self.state();
        let room = STDERR_BYTES.saturating_sub(state.stderr.len());
        state.stderr.extend_from_slice(data.get(..room).unwrap_or(data));
    }

    pub(crate) fn set_exit_code(&self, code: i32) {
        self.state().exit_code = Some(code);
    }

    pub(crate) fn set_eof(&self) {
        let mut state = self.state();
        state.is_at_eof = true;
        wake(&mut state.reader);
    }

    pub(crate) fn close(&self) {
        self.end(End::Closed);
    }

    /// Ends both directions with an error; bytes that wait are still delivered first.
    pub(crate) fn fail(&self, kind: io::ErrorKind, text: impl Into<String>) {
        self.end(End::Failed(kind, text.into()));
    }

    fn end(&self, end: End) {
        let mut state = self.state();
        state.end.get_or_insert(end);
        wake(&mut state.reader);
        wake(&mut state.writer);
    }

    pub(crate) fn taken(&self) -> u64 {
        self.state().taken
    }

    pub(crate) fn has_output(&self) -> bool {
        self.state().has_output
    }

    pub(crate) fn stderr(&self) -> Vec<u8> {
        self.state().stderr.clone()
    }

    pub(crate) fn exit_code(&self) -> Option<i32> {
        self.state().exit_code
    }

    pub(crate) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = self.state();
        let before = buf.remaining();
        while buf.remaining() > 0 {
            let Some(chunk) = state.chunks.front_mut() else { break };
            let count = chunk.len().min(buf.remaining());
            buf.put_slice(chunk.get(..count).unwrap_or_default());
            chunk.advance(count);
            if chunk.is_empty() {
                state.chunks.pop_front();
            }
        }
        let count = before - buf.remaining();
        if count > 0 || before == 0 {
            state.waiting = state.waiting.saturating_sub(count);
            state.taken += count as u64;
            self.room.notify_one();
            return Poll::Ready(Ok(()));
        }
        match &state.end {
            Some(end) => Poll::Ready(end.as_error().map_or(Ok(()), Err)),
            None if state.is_at_eof => Poll::Ready(Ok(())),
            None => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Whether writing still makes sense; otherwise wakes the writer when that changes.
    pub(crate) fn check_writable(&self, cx: &Context<'_>) -> io::Result<()> {
        let mut state = self.state();
        match &state.end {
            Some(end) => Err(end.as_error().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into())),
            None => {
                state.writer = Some(cx.waker().clone());
                Ok(())
            }
        }
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}
