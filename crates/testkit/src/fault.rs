//! A carrier that misbehaves on purpose.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// What goes wrong with streams that are dialled from now on. Those that are open end when it changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    #[default]
    None,
    /// Nothing answers.
    Refuse,
    /// The carrier refuses unix sockets, as an SSH server without stream-local forwarding does.
    ForbidUnix,
    /// The dial never ends.
    BlackHole,
    /// The stream opens and never gives a byte.
    Silent,
    /// The dial takes this long.
    Delay(Duration),
    /// The stream ends after giving this many bytes.
    CutAfter(usize),
}

/// Wraps a carrier; the fault can be changed at any time. Cheap to clone.
#[derive(Clone)]
pub struct FaultDial {
    inner: Arc<dyn Dial>,
    fault: Arc<Mutex<(Fault, CancellationToken)>>,
}

impl FaultDial {
    /// A carrier without a fault yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Dial>) -> Self {
        Self { inner, fault: Arc::default() }
    }

    /// Changes what goes wrong from now on.
    pub fn set(&self, fault: Fault) {
        if let Ok(mut current) = self.fault.lock() {
            std::mem::replace(&mut *current, (fault, CancellationToken::new())).1.cancel();
        }
    }

    fn fault(&self) -> (Fault, CancellationToken) {
        self.fault.lock().map(|fault| fault.clone()).unwrap_or_default()
    }
}

#[async_trait]
impl Dial for FaultDial {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let (fault, changed) = self.fault();
        match fault {
            Fault::Refuse => {
                return Err(BackendError::unreachable(format!("cannot reach {target}")));
            }
            Fault::ForbidUnix if matches!(target, DialTarget::Unix { .. }) => {
                return Err(BackendError::forbidden("the carrier forwards no unix sockets"));
            }
            Fault::BlackHole => std::future::pending::<()>().await,
            Fault::Delay(delay) => tokio::time::sleep(delay).await,
            Fault::None | Fault::ForbidUnix | Fault::Silent | Fault::CutAfter(_) => {}
        }
        let inner = self.inner.dial(target).await?;
        Ok(match fault {
            Fault::Silent => Box::new(Faulty { inner, left: None }),
            Fault::CutAfter(bytes) => Box::new(Faulty { inner, left: Some(bytes) }),
            Fault::None
            | Fault::Refuse
            | Fault::ForbidUnix
            | Fault::BlackHole
            | Fault::Delay(_) => {
                Box::new(Ending { inner, end: Box::pin(changed.cancelled_owned()) })
            }
        })
    }
}

/// A stream that is as good as the carrier until the fault changes.
struct Ending {
    inner: BoxStream,
    end: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl AsyncRead for Ending {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

passes_writes_on!(Ending, inner);

/// A stream that gives `left` bytes and ends, or never gives any.
struct Faulty {
    inner: BoxStream,
    left: Option<usize>,
}

impl AsyncRead for Faulty {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let Some(left) = self.left else { return Poll::Pending };
        if left == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut part = vec![0; left.min(buf.remaining())];
        let mut limited = ReadBuf::new(&mut part);
        let polled = Pin::new(&mut self.inner).poll_read(cx, &mut limited);
        if let Poll::Ready(Ok(())) = &polled {
            let filled = limited.filled();
            self.left = Some(left - filled.len());
            buf.put_slice(filled);
        }
        polled
    }
}

passes_writes_on!(Faulty, inner);
