//! The thread of one proxy: a runtime of its own, so that a request never waits for another thread to
//! wake up, and heavy pages never hold up the rest of the app.

use std::{io, sync::Arc};

use tokio::{runtime::Builder, sync::watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    listen::{self, Listeners},
    service::Service,
};

/// A running thread. Dropping it ends everything on it at once.
#[derive(Debug)]
pub(crate) struct Thread {
    /// Closed when the thread has ended.
    life: watch::Receiver<()>,
    _kill: DropGuard,
}

impl Thread {
    /// Serves on a thread of its own until `stop`, and then what is being answered.
    ///
    /// Errors: when the system gives no thread or no way to wait for sockets.
    pub(crate) fn start(
        listeners: Listeners,
        service: Arc<Service>,
        stop: CancellationToken,
    ) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let kill = CancellationToken::new();
        let (alive, life) = watch::channel(());
        let killed = kill.clone();
        std::thread::Builder::new().name("web-proxy".to_owned()).spawn(move || {
            let served = runtime.block_on(async {
                tokio::select! {
                    served = listen::serve(listeners, service, stop) => served,
                    () = killed.cancelled() => Ok(()),
                }
            });
            if let Err(error) = served {
                tracing::warn!(%error, "a page cannot be served any more");
            }
            drop(runtime);
            drop(alive);
        })?;
        Ok(Self { life, _kill: kill.drop_guard() })
    }

    /// Waits until the thread has ended by itself.
    pub(crate) async fn ended(mut self) {
        while self.life.changed().await.is_ok() {}
    }
}
