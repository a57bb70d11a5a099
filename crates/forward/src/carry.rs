//! Carrying one connection from its first byte to its last, in both directions.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, task::Poll};

use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    Meter,
    meter::Count,
    pool::Pool,
    pump::{Broke, Pump},
    watch::Tap,
};

/// Where streams that came in elsewhere are carried to, and who counts them.
pub struct Route {
    dial: Arc<dyn Dial>,
    target: DialTarget,
    meter: Arc<Meter>,
    is_http_watched: bool,
    pool: Pool,
}

impl Route {
    /// A route over `dial` to `target`.
    #[must_use]
    pub fn new(
        dial: Arc<dyn Dial>,
        target: DialTarget,
        meter: Arc<Meter>,
        is_http_watched: bool,
    ) -> Self {
        Self { dial, target, meter, is_http_watched, pool: Pool::default() }
    }
}

/// Carries one stream that came in elsewhere, such as on an SSH host, until both directions have ended.
/// Dropping the future closes both sides.
///
/// # Errors
/// When the target does not answer; what breaks later is noted in the meter only.
pub async fn carry(stream: BoxStream, from: String, route: &Route) -> Result<(), BackendError> {
    let mut count = route.meter.begin(from);
    let reached = route.dial.dial_bulk(&route.target).await;
    let far = reached.inspect_err(|error| count.broke(error.to_string()))?;
    let tap = route.is_http_watched.then(|| Tap::new(&route.meter));
    if let Err(why) = both_ways(stream, far, &count, &route.pool, tap).await {
        count.broke(why);
    }
    Ok(())
}

/// Carries until both directions have ended in order.
///
/// # Errors
/// Which side broke, in words.
pub(crate) async fn both_ways(
    mut near: impl AsyncRead + AsyncWrite + Unpin,
    mut far: impl AsyncRead + AsyncWrite + Unpin,
    count: &Count,
    pool: &Pool,
    mut tap: Option<Tap>,
) -> Result<(), String> {
    let (mut up, mut down) = (Pump::new(pool), Pump::new(pool));
    let (mut is_up_done, mut is_down_done) = (false, false);
    poll_fn(|cx| {
        let (mut near, mut far) = (Pin::new(&mut near), Pin::new(&mut far));
        if !is_up_done {
            let see = &mut |bytes: &[u8]| {
                count.up(bytes.len());
                tap.iter_mut().for_each(|tap| tap.up(bytes));
            };
            let polled = up.poll(cx, near.as_mut(), far.as_mut(), see);
            is_up_done = polled.map_err(|broke| in_words(&broke, CLIENT, TARGET))?.is_ready();
        }
        if !is_down_done {
            let see = &mut |bytes: &[u8]| {
                count.down(bytes.len());
                tap.iter_mut().for_each(|tap| tap.down(bytes));
            };
            let polled = down.poll(cx, far, near, see);
            is_down_done = polled.map_err(|broke| in_words(&broke, TARGET, CLIENT))?.is_ready();
        }
        if is_up_done && is_down_done { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

const CLIENT: &str = "client";
const TARGET: &str = "target";

fn in_words(broke: &Broke, from: &str, to: &str) -> String {
    let (side, error): (&str, &io::Error) = match broke {
        Broke::Reading(error) => (from, error),
        Broke::Writing(error) => (to, error),
    };
    format!("the connection to the {side} broke: {error}")
}
