//! One terminal: reads its program without ever waiting for those who look on.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use backend_api::{TerminalInput, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt as _;
use model::{ErrorCode, Failure, TerminalEnd, TerminalView};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::ring::Ring;

/// What is kept for those who attach later.
const KEPT: usize = 2 * 1024 * 1024;
/// The largest chunk, and the shortest time between two.
const CHUNK: usize = 16 * 1024;
const PACE: Duration = Duration::from_millis(8);
/// How long a key press may wait for the server.
const INPUT_TIMEOUT: Duration = Duration::from_secs(10);

/// How far a terminal got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Progress {
    written: u64,
    is_ended: bool,
}

/// A terminal that is open, or ended and still on the list.
pub(crate) struct Terminal {
    view: Mutex<TerminalView>,
    ring: Mutex<Ring>,
    progress: watch::Sender<Progress>,
    input: mpsc::Sender<TerminalInput>,
    cancel: CancellationToken,
    _guard: DropGuard,
}

impl Terminal {
    pub(crate) fn new(
        view: TerminalView,
        input: mpsc::Sender<TerminalInput>,
        cancel: CancellationToken,
    ) -> Self {
        Self {
            view: Mutex::new(view),
            ring: Mutex::new(Ring::new(KEPT)),
            progress: watch::Sender::new(Progress::default()),
            input,
            _guard: cancel.clone().drop_guard(),
            cancel,
        }
    }

    /// The terminal as the dock shows it.
    pub(crate) fn view(&self) -> TerminalView {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the program.
    pub(crate) fn close(&self) {
        self.cancel.cancel();
    }

    /// Reads all that the program prints, until it ends.
    pub(crate) async fn run(
        &self,
        output: impl futures::Stream<Item = Result<TerminalOutput, backend_api::BackendError>> + Unpin,
    ) {
        let end = tokio::select! {
            biased;
            () = self.cancel.cancelled() => {
                TerminalEnd { exit_code: None, message: "closed".into() }
            }
            end = self.read(output) => end,
        };
        self.view.lock().unwrap_or_else(PoisonError::into_inner).ended = Some(end);
        self.progress.send_modify(|progress| progress.is_ended = true);
    }

    async fn read(
        &self,
        mut output: impl futures::Stream<Item = Result<TerminalOutput, backend_api::BackendError>>
        + Unpin,
    ) -> TerminalEnd {
        loop {
            match output.next().await {
                Some(Ok(TerminalOutput::Bytes(bytes))) => {
                    let written =
                        self.ring.lock().unwrap_or_else(PoisonError::into_inner).write(&bytes);
                    self.progress.send_modify(|progress| progress.written = written);
                }
                Some(Ok(TerminalOutput::Exited { exit_code })) => {
                    let message = match exit_code {
                        Some(0) => "ended".into(),
                        Some(code) => format!("ended with exit code {code}"),
                        None => "ended by a signal".into(),
                    };
                    return TerminalEnd { exit_code, message };
                }
                Some(Err(error)) => {
                    let message = Failure::from(error).message;
                    return TerminalEnd { exit_code: None, message };
                }
                None => {
                    return TerminalEnd {
                        exit_code: None,
                        message: "the connection was lost".into(),
                    };
                }
            }
        }
    }

    /// Types, or tells the size. Waits while the server is slow to take it.
    pub(crate) async fn send(&self, input: TerminalInput) -> Result<(), Failure> {
        let title = self.view().title;
        if self.progress.borrow().is_ended {
            return Err(Failure::new(ErrorCode::Conflict, format!("{title} has ended"))
                .with_hint("Open a new terminal."));
        }
        match tokio::time::timeout(INPUT_TIMEOUT, self.input.send(input)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Failure::new(ErrorCode::Conflict, format!("{title} has ended"))
                .with_hint("Open a new terminal.")),
            Err(_) => Err(Failure::new(ErrorCode::Busy, format!("{title} takes no input"))
                .with_hint("Wait until the program reads again, or close the terminal.")),
        }
    }
}

/// One look at a terminal: what is kept first, then what follows.
pub struct TerminalFollow {
    terminal: std::sync::Arc<Terminal>,
    progress: watch::Receiver<Progress>,
    position: u64,
    last: Option<Instant>,
}

impl TerminalFollow {
    pub(crate) fn new(terminal: std::sync::Arc<Terminal>) -> Self {
        let progress = terminal.progress.subscribe();
        Self { terminal, progress, position: 0, last: None }
    }

    /// The next bytes, at most 16 KiB; none when the terminal ended and all was seen. One who reads
    /// slower than the program prints misses the oldest bytes.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            let progress = *self.progress.borrow_and_update();
            if progress.written > self.position {
                self.pace(progress.written).await;
                let ring = self.terminal.ring.lock().unwrap_or_else(PoisonError::into_inner);
                let chunk = ring.read(self.position, CHUNK);
                self.position = chunk.next;
                self.last = Some(Instant::now());
                return Some(chunk.bytes);
            }
            if progress.is_ended {
                return None;
            }
            self.progress.changed().await.ok()?;
        }
    }

    /// The first bytes after a pause go at once; a flood is gathered.
    async fn pace(&self, written: u64) {
        let Some(last) = self.last else { return };
        if written - self.position < CHUNK as u64 {
            tokio::time::sleep_until(last + PACE).await;
        }
    }
}
