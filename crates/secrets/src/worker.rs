//! The one thread that talks to keychain and files, one job after the other.
//!
//! A thread of its own, because a keychain may block for as long as a prompt is open, and neither the
//! runtime nor the end of the app may wait for that. One at a time, so that a person never sees two
//! prompts for the same entry. It ends when the last handle is dropped.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::SecretsError;
use crate::keeper::Keeper;
use crate::keychain::NAME;

type Job = Box<dyn FnOnce(&mut Keeper) + Send>;

const QUEUE: usize = 64;

#[derive(Clone)]
pub(crate) struct Worker {
    jobs: mpsc::Sender<Job>,
    deadline: Duration,
}

impl Worker {
    /// Starts the thread. When the system has none to give, every call says so.
    pub(crate) fn start(keeper: Keeper, deadline: Duration) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new().name("secrets".into());
        if let Err(error) = thread.spawn(move || work(keeper, queue)) {
            tracing::error!(%error, "no thread for the secrets");
        }
        Self { jobs, deadline }
    }

    /// Does `job` on the thread. `Timeout` when it is not done within the deadline; a job that has
    /// not begun by then, or whose caller is gone, never begins.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Keeper) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |keeper| {
            if !reply.is_closed() {
                let _ = reply.send(job(keeper));
            }
        });
        let answered = async {
            self.jobs.send(job).await.map_err(|_| stopped())?;
            answer.await.map_err(|_| stopped())?
        };
        tokio::time::timeout(self.deadline, answered).await.unwrap_or_else(|_| {
            let seconds = self.deadline.as_secs();
            Err(SecretsError::Timeout { keychain: NAME.into(), seconds })
        })
    }
}

fn work(mut keeper: Keeper, mut queue: mpsc::Receiver<Job>) {
    while let Some(job) = queue.blocking_recv() {
        // The store crates panic when a lock of theirs is poisoned; a fresh connection has none.
        if std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut keeper))).is_err() {
            keeper.keychain.forget_connection();
        }
    }
}

fn stopped() -> SecretsError {
    SecretsError::Internal { detail: "the keychain's thread stopped".into() }
}
