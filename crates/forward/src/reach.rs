//! Reaching a target: over whatever way there is, for as long as a connection may wait for one.

use std::time::Duration;

use backend_api::{BackendError, BoxStream, DialTarget};
use model::WhenDown;
use tokio::time::{Instant, timeout};

use crate::{Gate, Refused};

/// For the news that a way was lost to reach the gate.
const NEWS: Duration = Duration::from_millis(50);

/// Why there is no stream to a target.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReached {
    #[error("{0}")]
    NoWay(#[from] Refused),
    #[error("{0}")]
    Failed(#[from] BackendError),
}

/// A stream to the target. A way that is lost while it is used to get there is waited for like one that
/// was never there.
pub(crate) async fn reach(
    target: &DialTarget,
    gate: &Gate,
    when_down: WhenDown,
) -> Result<BoxStream, NotReached> {
    let since = Instant::now();
    loop {
        let way = gate.way_since(when_down, since).await?;
        let failed = tokio::select! {
            biased;
            reached = way.dial_bulk(target) => match reached {
                Ok(far) => return Ok(far),
                Err(error) => error,
            },
            () = gate.left(&way) => continue,
        };
        // Whether the target or the way to it failed is known by what becomes of the way.
        if timeout(NEWS, gate.left(&way)).await.is_err() {
            return Err(failed.into());
        }
    }
}
