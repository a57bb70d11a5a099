//! Where the host finds the core: the window is made before it, so for a moment there is none.

use std::sync::Arc;

use app::Core;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::watch;

/// Holds the core once it runs. A core that cannot start never comes; the app ends then.
pub(crate) struct CoreSlot(watch::Sender<Option<Arc<Core>>>);

impl Default for CoreSlot {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl CoreSlot {
    /// Puts the core in, for everyone who waits.
    pub(crate) fn fill(&self, core: Arc<Core>) {
        self.0.send_replace(Some(core));
    }

    /// Waits for the core. None: the app is ending.
    pub(crate) fn wait(&self) -> impl Future<Output = Option<Arc<Core>>> + Send + 'static {
        let mut slot = self.0.subscribe();
        async move { slot.wait_for(Option::is_some).await.ok()?.clone() }
    }
}

/// The core, if it runs already.
pub(crate) fn core_of<R: Runtime>(app: &AppHandle<R>) -> Option<Arc<Core>> {
    app.state::<CoreSlot>().0.borrow().clone()
}
