//! The server of checked conversations, on a thread of its own.
//!
//! Owns its listener and connections. Deliberately not here: what is said (`probe`).

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

use anyhow::{Context, Result};
use tokio::net::TcpListener as Listener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::probe::{Served, serve};

/// A running server. Dropping it closes its port and its connections.
#[derive(Debug)]
pub struct Checker {
    ledger: Arc<Ledger>,
    cancel: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// What the server saw.
#[derive(Debug, Default)]
struct Ledger {
    whole: AtomicU64,
    silent: AtomicU64,
    broken: AtomicU64,
    wrong: Mutex<Vec<String>>,
}

impl Checker {
    /// Serves what this listener accepts, wherever that was opened.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn start(listener: TcpListener) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        listener.set_nonblocking(true)?;
        let guard = runtime.enter();
        let listener = Listener::from_std(listener)?;
        drop(guard);
        let ledger = Arc::new(Ledger::default());
        let cancel = CancellationToken::new();
        let (seen, ended) = (Arc::clone(&ledger), cancel.clone());
        let work = move || {
            let serving = ended.run_until_cancelled_owned(accept_all(listener, seen));
            runtime.block_on(serving);
        };
        let thread = std::thread::Builder::new().name("checker".into()).spawn(work);
        Ok(Self { ledger, cancel, thread: Some(thread.context("no thread for a server")?) })
    }

    /// Conversations that ended whole.
    #[must_use]
    pub fn whole(&self) -> u64 {
        self.ledger.whole.load(Ordering::Relaxed)
    }

    /// Connections over which nothing was said.
    #[must_use]
    pub fn silent(&self) -> u64 {
        self.ledger.silent.load(Ordering::Relaxed)
    }

    /// Conversations that broke.
    #[must_use]
    pub fn broken(&self) -> u64 {
        self.ledger.broken.load(Ordering::Relaxed)
    }

    /// What must never be; empty when all is well.
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        self.ledger.wrong.lock().expect("nobody panics with the lock").clone()
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept_all(listener: Listener, ledger: Arc<Ledger>) {
    let tasks = TaskTracker::new();
    // The runtime ends with this function's thread, and every connection with the runtime.
    while let Ok((stream, _)) = listener.accept().await {
        let ledger = Arc::clone(&ledger);
        tasks.spawn(async move {
            match serve(stream).await {
                Served::Whole => ledger.whole.fetch_add(1, Ordering::Relaxed),
                Served::Silent => ledger.silent.fetch_add(1, Ordering::Relaxed),
                Served::Broken => ledger.broken.fetch_add(1, Ordering::Relaxed),
                Served::Wrong(what) => {
                    ledger.wrong.lock().expect("nobody panics with the lock").push(what);
                    0
                }
            };
        });
    }
}
