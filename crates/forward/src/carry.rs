//! Carrying one connection from its first byte to its last, in both directions.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, task::Poll, time::Duration};

use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use tokio::{
    io::{AsyncRead, AsyncWrite, copy, sink},
    time::timeout,
};

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
    match both_ways(stream, far, &count, &route.pool, tap).await {
        Ok(Ended::Whole) => {}
        Ok(Ended::Early) => count.broke(EARLY.into()),
        Err(why) => count.broke(why),
    }
    Ok(())
}

/// How a connection ended that did not break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Everything was carried.
    Whole,
    /// All that the target said was carried, but it ended before it took all that the client said.
    Early,
}

/// `Ended::Early` in words.
pub(crate) const EARLY: &str = "the target ended the connection before it took everything";

/// For a client that goes on sending to a target that has ended, to read what the target said last.
const FAREWELL: Duration = Duration::from_secs(1);

/// Carries until both directions have ended.
///
/// # Errors
/// Which side broke, in words.
pub(crate) async fn both_ways(
    mut near: impl AsyncRead + AsyncWrite + Unpin,
    mut far: impl AsyncRead + AsyncWrite + Unpin,
    count: &Count,
    pool: &Pool,
    mut tap: Option<Tap>,
) -> Result<Ended, String> {
    let (mut up, mut down) = (Pump::new(pool), Pump::new(pool));
    let (mut is_up_done, mut is_down_done, mut ended) = (false, false, Ended::Whole);
    poll_fn(|cx| {
        let (mut near, mut far) = (Pin::new(&mut near), Pin::new(&mut far));
        while !is_up_done {
            let see = &mut |bytes: &[u8]| {
                count.up(bytes.len());
                tap.iter_mut().for_each(|tap| tap.up(bytes));
            };
            match up.poll(cx, near.as_mut(), far.as_mut(), see) {
                Poll::Pending => break,
                Poll::Ready(Ok(())) => is_up_done = true,
                // What it said before is on its way yet, and may say why.
                Poll::Ready(Err(Broke::Writing(_))) => {
                    up.discard();
                    ended = Ended::Early;
                }
                Poll::Ready(Err(broke)) => {
                    return Poll::Ready(Err(in_words(&broke, CLIENT, TARGET)));
                }
            }
        }
        if !is_down_done {
            let see = &mut |bytes: &[u8]| {
                count.down(bytes.len());
                tap.iter_mut().for_each(|tap| tap.down(bytes));
            };
            let polled = down.poll(cx, far, near, see);
            is_down_done = polled.map_err(|broke| in_words(&broke, TARGET, CLIENT))?.is_ready();
        }
        let is_up_over = is_up_done || ended == Ended::Early;
        if is_up_over && is_down_done { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await?;
    if !is_up_done {
        // Closing a socket with unread bytes takes back what was said last, so they are read first.
        drop(timeout(FAREWELL, copy(&mut near, &mut sink())).await);
    }
    Ok(ended)
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

    use super::{Ended, both_ways};
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
        assert_eq!(carried, Ok(Ended::Whole));
        let traffic = meter.traffic();
        assert_eq!((traffic.bytes_up, traffic.bytes_down), (up.len() as u64, down.len() as u64));
        (got_up, got_down)
    }

    /// A client that sends for ever and never reads first, and a target that answers before it has heard
    /// everything, and is gone.
    #[tokio::test]
    async fn the_answer_of_a_target_that_ends_early_arrives_whole() {
        let meter = Arc::new(Meter::new(Arc::new(SystemClock)));
        let (client, near) = duplex(64);
        let (far, mut target) = duplex(4096);
        let (count, pool) = (meter.begin("a client".into()), Pool::default());
        let answer: Vec<u8> = (0..4000_u32).map(|number| (number % 251) as u8).collect();
        let answering = async {
            target.read_exact(&mut [0; 10]).await.unwrap();
            target.write_all(&answer).await.unwrap();
            drop(target);
        };
        let asking = async {
            let (mut read, mut write) = tokio::io::split(client);
            let sending = async { while write.write_all(&[7; 100]).await.is_ok() {} };
            let mut got = Vec::new();
            let reading = async { read.read_to_end(&mut got).await.unwrap() };
            tokio::select! { () = sending => {}, _ = reading => {} }
            got
        };
        let carrying = async { both_ways(near, far, &count, &pool, None).await };
        let (got, ended, ()) = tokio::join!(asking, carrying, answering);
        assert_eq!((got, ended), (answer, Ok(Ended::Early)));
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
