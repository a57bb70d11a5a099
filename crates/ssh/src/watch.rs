//! Whether the server at the other end of a connection still lives.

use std::sync::Arc;
use std::time::Duration;

use russh::client::Handle;

use crate::channel::Lot;
use crate::guard::Guard;
use crate::vitals::Vitals;

/// Signs of life that may stay out before the connection counts as lost.
const MAX_MISSED: u32 = 3;

/// Tells a living server from a silent one. Bytes of any kind are life; in silence it asks.
pub(crate) struct Watch {
    pub(crate) handle: Arc<Handle<Guard>>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) lot: Lot,
    pub(crate) interval: Duration,
}

impl Watch {
    pub(crate) async fn run(self) {
        let mut missed = 0;
        let mut below = Vec::new();
        while missed < MAX_MISSED {
            let before = self.vitals.received();
            if missed == 0 {
                below = self.vitals.received_below();
                tokio::time::sleep(self.interval).await;
                if self.vitals.received() != before {
                    continue;
                }
            }
            let answer = tokio::time::timeout(self.interval, self.handle.send_ping()).await;
            if self.vitals.is_lost() {
                return;
            }
            let is_alive = answer.is_ok() || self.vitals.received() != before;
            missed = if is_alive { 0 } else { missed + 1 };
        }
        self.vitals.end_in_silence(&below);
        self.lot.cut.cancel();
    }
}
