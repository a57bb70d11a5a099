//! Connections to libpod that have answered and wait for the next question: it then takes one round
//! trip instead of two.
//!
//! Deliberately not here: which questions may be asked on one, and again when it turns out to have ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::client::conn::http1::SendRequest;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::call::Body;

/// One HTTP connection; dropping it closes it.
pub(crate) struct Conversation {
    pub(crate) sender: SendRequest<Body>,
    pub(crate) task: AbortOnDropHandle<()>,
}

/// Connections without a question, of one server. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Kept {
    idle: Arc<Mutex<Vec<Conversation>>>,
    /// Fires when the session ends: nothing is kept from then on.
    closed: CancellationToken,
}

impl Kept {
    /// The one that was used last, unless all have ended.
    pub(crate) fn take(&self) -> Option<Conversation> {
        let mut idle = self.idle();
        while let Some(conversation) = idle.pop() {
            if !conversation.sender.is_closed() {
                return Some(conversation);
            }
        }
        None
    }

    /// Keeps a connection whose answer was read to its end, unless `most` are kept already.
    pub(crate) fn put(&self, conversation: Conversation, most: usize) {
        let mut idle = self.idle();
        idle.retain(|other| !other.sender.is_closed());
        if idle.len() < most && !self.closed.is_cancelled() && !conversation.sender.is_closed() {
            idle.push(conversation);
        }
    }

    /// Closes all, now and from now on.
    pub(crate) fn close(&self) {
        self.closed.cancel();
        self.idle().clear();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Conversation>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} kept", self.idle().len())
    }
}
