//! Whether the server at the other end of a connection still lives.

use std::sync::Arc;
use std::time::Duration;

use russh::client::Handle;

use crate::channel::Lot;
use crate::guard::Guard;
use crate::vitals::Vitals;

/// How often in a keepalive interval it is looked whether anything came.
const LOOKS: u32 = 4;
/// Looks without a sign of life until the server is asked for one, and until the connection counts as
/// lost: before three intervals are over.
const ASK_AFTER: u32 = LOOKS;
const LOST_AFTER: u32 = 3 * LOOKS - 1;

/// Tells a living server from a silent one. Bytes of any kind are life; in silence it asks.
pub(crate) struct Watch {
    pub(crate) handle: Arc<Handle<Guard>>,
    pub(crate) vitals: Arc<Vitals>,
    pub(crate) lot: Lot,
    pub(crate) interval: Duration,
}

impl Watch {
    pub(crate) async fn run(self) {
        let look = self.interval / LOOKS;
        let (mut heard, mut below) = (self.vitals.received(), self.vitals.received_below());
        let mut silent = 0;
        // Looks are counted, not time: nobody looked while the computer slept.
        while silent < LOST_AFTER {
            let pause = tokio::time::sleep(look);
            if silent >= ASK_AFTER {
                // Whatever comes is a sign of life, so the answer itself is not waited for any longer.
                let asked = tokio::time::timeout(look, self.handle.send_ping());
                drop(tokio::join!(pause, asked));
            } else {
                pause.await;
            }
            if self.vitals.is_lost() {
                return;
            }
            let now = self.vitals.received();
            if now == heard {
                silent += 1;
            } else {
                (heard, below, silent) = (now, self.vitals.received_below(), 0);
            }
        }
        self.vitals.end_in_silence(&below);
        self.lot.cut.cancel();
    }
}
