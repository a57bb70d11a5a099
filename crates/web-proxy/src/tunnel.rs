//! A WebSocket: bytes both ways without a limit of time, until both sides have closed.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncWriteExt, copy_bidirectional_with_sizes};

use crate::lane::Lane;

const BUFFER_BYTES: usize = 32 * 1024;

/// Both sides of a WebSocket that was agreed on.
pub(crate) struct Tunnel {
    pub(crate) browser: OnUpgrade,
    pub(crate) lane: Box<Lane>,
}

/// Where a request leaves its tunnel for the task of its connection.
#[derive(Default)]
pub(crate) struct TunnelSlot(Mutex<Option<Tunnel>>);

impl TunnelSlot {
    pub(crate) fn set(&self, tunnel: Tunnel) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tunnel);
    }

    pub(crate) fn take(&self) -> Option<Tunnel> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Tunnel {
    /// Carries bytes until both sides have closed; one side closing is passed on as just that.
    ///
    /// Errors: when either side breaks. Dropping the future closes both.
    pub(crate) async fn run(self) -> io::Result<()> {
        let browser = self.browser.await.map_err(io::Error::other)?;
        let mut browser = TokioIo::new(browser);
        let Some((mut service, said)) = self.lane.into_stream().await else { return Ok(()) };
        browser.write_all(&said).await?;
        copy_bidirectional_with_sizes(&mut browser, &mut service, BUFFER_BYTES, BUFFER_BYTES)
            .await?;
        Ok(())
    }
}
