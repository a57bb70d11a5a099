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
#[derive(Clone)]
pub struct Route {
    dial: Arc<dyn Dial>,
    target: DialTarget,
    meter: Arc<Meter>,
    is_http_watched: bool,
    pool: Arc<Pool>,
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
        Self { dial, target, meter, is_http_watched, pool: Arc::default() }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use backend_api::SystemClock;
    use proptest::prelude::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::both_ways;
    use crate::{Meter, pool::Pool, watch::Tap};

    /// Sends and ends; gives what came back.
    async fn one_side(side: tokio::io::DuplexStream, sent: &[u8], step: usize) -> Vec<u8> {
        let (mut read, mut write) = tokio::io::split(side);
        let mut got = Vec::new();
        let sending = async {
            for piece in sent.chunks(step) {
                write.write_all(piece).await.unwrap();
            }
            write.shutdown().await.unwrap();
        };
        tokio::join!(sending, async { read.read_to_end(&mut got).await.unwrap() });
        got
    }

    async fn carried(up: &[u8], down: &[u8], step: usize, is_watched: bool) -> (Vec<u8>, Vec<u8>) {
        let meter = Arc::new(Meter::new(Arc::new(SystemClock)));
        let (client, near) = duplex(step * 3);
        let (far, target) = duplex(step * 2);
        let count = meter.begin("a client".into());
        let tap = is_watched.then(|| Tap::new(&meter));
        let pool = Pool::default();
        let (got_down, got_up, carried) =
            tokio::join!(one_side(client, up, step), one_side(target, down, step), async {
                both_ways(near, far, &count, &pool, tap).await
            },);
        carried.unwrap();
        let traffic = meter.traffic();
        assert_eq!((traffic.bytes_up, traffic.bytes_down), (up.len() as u64, down.len() as u64));
        (got_up, got_down)
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(
                b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    .to_vec()
            ),
            Just(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_vec()),
            prop::collection::vec(any::<u8>(), 0..300),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_byte_arrives_whether_or_not_somebody_watches(
            up in bytes(), down in bytes(), step in 1_usize..200, is_watched in any::<bool>(),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (got_up, got_down) = runtime.block_on(carried(&up, &down, step, is_watched));
            prop_assert_eq!(got_up, up);
            prop_assert_eq!(got_down, down);
        }
    }
}
