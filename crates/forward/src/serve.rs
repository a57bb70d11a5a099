//! Serving: a listener's connections, each carried by a task of its own until the listener is given up.

use std::{sync::Arc, time::Duration};

use backend_api::DialTarget;
use model::WhenDown;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{Gate, Listener, Meter, carry::carry_local};

/// After the system gave no connection, for example because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Where connections go.
#[derive(Debug, Clone)]
pub enum Mode {
    /// All to the same place.
    Fixed(DialTarget),
    /// Where each client asks to, as a SOCKS proxy.
    Socks,
}

/// How connections are treated.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub when_down: WhenDown,
    /// HTTP requests are noted in the meter.
    pub is_http_watched: bool,
}

/// Serves a listener until `cancel` fires; then the listener is closed and every connection is broken off.
pub async fn serve(
    listener: Listener,
    mode: Mode,
    gate: Arc<Gate>,
    meter: Arc<Meter>,
    options: Options,
    cancel: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(incoming) => {
                let (mode, gate, meter) = (mode.clone(), Arc::clone(&gate), Arc::clone(&meter));
                connections.spawn(async move {
                    if let Mode::Fixed(target) = &mode {
                        carry_local(incoming, target, &gate, options.when_down, &meter).await;
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a listener cannot accept");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}
