//! Whether a person looks at the main window, learned from its events: asking the window system would
//! have to wait for the main thread.

use std::sync::atomic::{AtomicBool, Ordering};

/// True while the main window has the focus.
#[derive(Debug, Default)]
pub(crate) struct Watched(AtomicBool);

impl Watched {
    pub(crate) fn set(&self, is_watched: bool) {
        self.0.store(is_watched, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
