//! Carrying one connection from its first byte to its last, in both directions.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, task::Poll};

use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use model::WhenDown;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use crate::{
    Gate, Meter,
    incoming::Incoming,
    meter::Count,
    pool::Pool,
    pump::{Broke, Pump},
};

static POOL: Pool = Pool::new();

/// Where connections are carried to, and who counts them.
#[derive(Clone)]
pub struct Route {
    pub dial: Arc<dyn Dial>,
    pub target: DialTarget,
    pub meter: Arc<Meter>,
}

/// Carries one stream that came in elsewhere, such as on an SSH host, until both directions have ended.
/// Dropping the future closes both sides.
///
/// # Errors
/// When the target does not answer; what breaks later is noted in the meter.
pub async fn carry(stream: BoxStream, from: String, route: &Route) -> Result<(), BackendError> {
    let mut count = route.meter.begin(from);
    match route.dial.dial_bulk(&route.target).await {
        Ok(far) => {
            if let Err(why) = both_ways(stream, far, &count).await {
                count.broke(why);
            }
            Ok(())
        }
        Err(error) => {
            count.broke(error.to_string());
            Err(error)
        }
    }
}

/// Carries a connection of a program on this computer.
pub(crate) async fn carry_local(
    incoming: Incoming,
    target: &DialTarget,
    gate: &Gate,
    when_down: WhenDown,
    meter: &Arc<Meter>,
) {
    let Incoming { mut stream, from } = incoming;
    let mut count = meter.begin(from);
    match reach(target, gate, when_down).await {
        Ok(far) => match both_ways(&mut stream, far, &count).await {
            Ok(()) => stream.set_whole(),
            Err(why) => count.broke(why),
        },
        Err(why) => count.broke(why),
    }
}

/// A stream to the target, over whatever way there is while the connection may wait.
pub(crate) async fn reach(
    target: &DialTarget,
    gate: &Gate,
    when_down: WhenDown,
) -> Result<BoxStream, String> {
    let since = Instant::now();
    loop {
        let way = gate.way_since(when_down, since).await.map_err(|refused| refused.to_string())?;
        tokio::select! {
            reached = way.dial_bulk(target) => return reached.map_err(|error| error.to_string()),
            () = gate.left(&way) => {}
        }
    }
}

async fn both_ways(
    mut near: impl AsyncRead + AsyncWrite + Unpin,
    mut far: BoxStream,
    count: &Count,
) -> Result<(), String> {
    let (mut up, mut down) = (Pump::default(), Pump::default());
    let (mut is_up_done, mut is_down_done) = (false, false);
    poll_fn(|cx| {
        if !is_up_done {
            let see = &mut |bytes: &[u8]| count.up(bytes.len());
            is_up_done = match up.poll(cx, &POOL, Pin::new(&mut near), Pin::new(&mut far), see) {
                Poll::Ready(result) => {
                    result.map_err(|broke| in_words(&broke, "client", "target")).map(|()| true)?
                }
                Poll::Pending => false,
            };
        }
        if !is_down_done {
            let see = &mut |bytes: &[u8]| count.down(bytes.len());
            is_down_done = match down.poll(cx, &POOL, Pin::new(&mut far), Pin::new(&mut near), see)
            {
                Poll::Ready(result) => {
                    result.map_err(|broke| in_words(&broke, "target", "client")).map(|()| true)?
                }
                Poll::Pending => false,
            };
        }
        if is_up_done && is_down_done { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

fn in_words(broke: &Broke, from: &str, to: &str) -> String {
    let (side, error): (&str, &io::Error) = match broke {
        Broke::Reading(error) => (from, error),
        Broke::Writing(error) => (to, error),
    };
    format!("the connection to the {side} broke: {error}")
}
