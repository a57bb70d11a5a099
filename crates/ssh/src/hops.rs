//! How the machines on the way are, each asked by itself.

use std::time::Duration;

use futures::future::join_all;
use model::{Failure, HostAddress};

use crate::Link;

/// How one machine on the way is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HopHealth {
    /// As in `Hop::name`.
    pub name: String,
    pub user: String,
    /// The address that answered when the link was made.
    pub address: HostAddress,
    /// From this computer to this machine and back; none when no answer came in time.
    pub round_trip: Option<Duration>,
    /// Why the connection to it ended, once it has. Of several, the first one is the cause: the others
    /// went through it.
    pub lost: Option<Failure>,
}

impl Link {
    /// Which machine on the way ended its connection first, as an index into `LinkOptions::hops`; none
    /// while all of them stand.
    #[must_use]
    pub fn lost_at(&self) -> Option<usize> {
        self.control().way().iter().position(|connection| connection.is_lost())
    }

    /// Asks every machine on the way for a sign of life, all at once, and waits at most `limit`. Nearest
    /// to this computer first, the target last.
    pub async fn hops(&self, limit: Duration) -> Vec<HopHealth> {
        let asked = self.control().way().into_iter().map(|connection| async move {
            let round_trip = connection.round_trip(limit).await.ok();
            let place = connection.place().clone();
            HopHealth {
                name: connection.host_name().to_owned(),
                user: place.user,
                address: place.address,
                round_trip,
                lost: connection.why_lost(),
            }
        });
        join_all(asked).await
    }
}
