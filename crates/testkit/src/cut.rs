//! A carrier that breaks one chosen request: before the server sees it, or before its answer comes back.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Which side of a request is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The server never sees it.
    Request,
    /// The server carries it out; nobody learns so.
    Answer,
}

#[derive(Debug)]
struct Cut {
    needle: String,
    lost: Lost,
    times: usize,
}

/// Wraps a carrier. Cheap to clone; clones share what is to be cut.
#[derive(Clone)]
pub struct CutDial {
    inner: Arc<dyn Dial>,
    cut: Arc<Mutex<Option<Cut>>>,
}

impl CutDial {
    /// A carrier that cuts nothing yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Dial>) -> Self {
        Self { inner, cut: Arc::default() }
    }

    /// Cuts the next `times` requests whose first line contains `needle`.
    pub fn cut(&self, needle: &str, lost: Lost, times: usize) {
        let cut = Cut { needle: needle.to_owned(), lost, times };
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = Some(cut);
    }

    /// How many requests are still to be cut.
    #[must_use]
    pub fn left(&self) -> usize {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |cut| cut.times)
    }
}

#[async_trait]
impl Dial for CutDial {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let inner = self.inner.dial(target).await?;
        Ok(Box::new(Watched { inner, cut: Arc::clone(&self.cut), lost: None, is_seen: false }))
    }
}

struct Watched {
    inner: BoxStream,
    cut: Arc<Mutex<Option<Cut>>>,
    lost: Option<Lost>,
    /// The request's first line was looked at.
    is_seen: bool,
}

impl Watched {
    fn look(&mut self, bytes: &[u8]) {
        self.is_seen = true;
        let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let mut cut = self.cut.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cut) = cut.as_mut().filter(|cut| cut.times > 0 && line.contains(&cut.needle)) {
            cut.times -= 1;
            self.lost = Some(cut.lost);
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        if !self.is_seen {
            self.look(buf);
        }
        if self.lost == Some(Lost::Request) {
            return Poll::Ready(Err(std::io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.lost != Some(Lost::Answer) {
            return Pin::new(&mut self.inner).poll_read(cx, buf);
        }
        // The answer is there, so the server has done it; it is thrown away.
        let mut thrown = [0; 1024];
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut ReadBuf::new(&mut thrown)))?;
        Poll::Ready(Ok(()))
    }
}
