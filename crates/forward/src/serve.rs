//! Serving: a listener's connections, each carried by a task of its own until the listener is given up.

use std::{sync::Arc, time::Duration};

use backend_api::{BoxStream, DialTarget};
use model::WhenDown;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Gate, Listener, Meter,
    carry::{EARLY, Ended, both_ways},
    incoming::{Incoming, Local},
    limits,
    meter::Count,
    peer::Peers,
    pool::Pool,
    reach::reach,
    socks,
    watch::Tap,
};

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
/// Dropping the future does the same.
///
/// Connections of other users of this computer are refused where the system tells whose they are.
pub async fn serve(
    listener: Listener,
    mode: Mode,
    gate: Arc<Gate>,
    meter: Arc<Meter>,
    options: Options,
    cancel: CancellationToken,
) {
    let (peers, pool) = (Peers::default(), Pool::default());
    let server = Arc::new(Server { mode, gate, meter, options, peers, pool });
    let mut connections = JoinSet::new();
    let mut paused_until = None;
    limits::allow_many();
    loop {
        tokio::select! {
            () = cancel.cancelled() => break,
            Some(_) = connections.join_next() => {}
            () = sleep_until(paused_until.unwrap_or_else(Instant::now)), if paused_until.is_some() => {
                paused_until = None;
            }
            accepted = listener.accept(), if paused_until.is_none() => match accepted {
                Ok(incoming) => {
                    connections.spawn(Arc::clone(&server).connection(incoming));
                }
                Err(error) => {
                    tracing::warn!(%error, "a listener cannot accept; it goes on in a moment");
                    paused_until = Some(Instant::now() + PAUSE);
                }
            },
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// What the connections of a listener share.
struct Server {
    mode: Mode,
    gate: Arc<Gate>,
    meter: Arc<Meter>,
    options: Options,
    peers: Peers,
    pool: Pool,
}

impl Server {
    async fn connection(self: Arc<Self>, incoming: Incoming) {
        let mut count = self.meter.begin(incoming.from.clone());
        if let Err(why) = self.carried(incoming, &count).await {
            tracing::debug!(from = count.from(), why, "a connection did not end in order");
            count.broke(why);
        }
    }

    async fn carried(&self, incoming: Incoming, count: &Count) -> Result<(), String> {
        incoming.owner(&self.peers).await.may_connect()?;
        let mut near = incoming.stream;
        let far = self.far(&mut near, count).await?;
        let tap = self.options.is_http_watched.then(|| Tap::new(&self.meter));
        let ended = both_ways(&mut near, far, count, &self.pool, tap).await?;
        near.set_whole();
        match ended {
            Ended::Whole => Ok(()),
            Ended::Early => Err(EARLY.into()),
        }
    }

    /// The stream to where this connection goes.
    async fn far(&self, near: &mut Local, count: &Count) -> Result<BoxStream, String> {
        match &self.mode {
            Mode::Fixed(target) => {
                let reached = reach(target, &self.gate, self.options.when_down).await;
                reached.map_err(|why| why.to_string())
            }
            Mode::Socks => {
                let asked = socks::receive(near).await;
                // From here on the client is told, in its own words, what went wrong.
                let asked = asked.inspect_err(|_| near.set_whole())?;
                count.leads_to(asked.target.to_string());
                match reach(&asked.target, &self.gate, self.options.when_down).await {
                    Ok(far) => {
                        let granted = asked.grant(near).await;
                        granted.map_err(|error| format!("the SOCKS client went away: {error}"))?;
                        Ok(far)
                    }
                    Err(why) => {
                        asked.refuse(near, &why).await;
                        near.set_whole();
                        Err(why.to_string())
                    }
                }
            }
        }
    }
}
