//! How many streams are open, so that a test can see that dropping a session closes them.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use backend_api::BoxStream;
use tokio::io::{AsyncRead, ReadBuf};

/// Counts the open streams of a carrier. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct OpenStreams(Arc<AtomicUsize>);

impl OpenStreams {
    /// How many are open now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Counts a stream until it is dropped.
    #[must_use]
    pub fn counted(&self, inner: BoxStream) -> Counted {
        self.0.fetch_add(1, Ordering::SeqCst);
        Counted { inner, open: self.clone() }
    }
}

/// A stream that is counted while it lives.
pub struct Counted {
    inner: BoxStream,
    open: OpenStreams,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

passes_writes_on!(Counted, inner);
