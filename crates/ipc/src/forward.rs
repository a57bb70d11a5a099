//! From the core's events to one client: the newest of each topic, at most twenty times a second.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use app::{Core, CoreEvent};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    ClientEvent, ClientSink,
    client::{Topic, send},
};

/// The shortest time between two deliveries.
const PACE: Duration = Duration::from_millis(50);

/// Events waiting for delivery: the newest of each topic, and those that must all arrive.
#[derive(Default)]
struct Waiting {
    newest: BTreeMap<Topic, Arc<CoreEvent>>,
    all: Vec<Arc<CoreEvent>>,
}

impl Waiting {
    fn add(&mut self, event: Arc<CoreEvent>) {
        match Topic::of(&event) {
            Some(topic) => drop(self.newest.insert(topic, event)),
            None => self.all.push(event),
        }
    }

    fn is_empty(&self) -> bool {
        self.newest.is_empty() && self.all.is_empty()
    }

    fn deliver(&mut self, sink: &Arc<dyn ClientSink>) {
        let newest = std::mem::take(&mut self.newest);
        for event in newest.into_values().chain(self.all.drain(..)) {
            send(sink, &ClientEvent::Core(event.as_ref().clone()));
        }
    }
}

/// Forwards until the core ends. The first event after a pause goes at once.
pub(crate) async fn forward(
    core: Weak<Core>,
    mut events: Receiver<Arc<CoreEvent>>,
    sink: Arc<dyn ClientSink>,
) {
    let mut waiting = Waiting::default();
    loop {
        if !take(&core, &mut waiting, events.recv().await).await {
            return;
        }
        while let Ok(event) = events.try_recv() {
            waiting.add(event);
        }
        waiting.deliver(&sink);
        let pause = tokio::time::sleep(PACE);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                biased;
                () = &mut pause => {
                    if waiting.is_empty() {
                        break;
                    }
                    waiting.deliver(&sink);
                    pause.as_mut().reset(tokio::time::Instant::now() + PACE);
                }
                received = events.recv() => {
                    if !take(&core, &mut waiting, received).await {
                        return;
                    }
                }
            }
        }
    }
}

/// Takes what was received. False when the core ended.
async fn take(
    core: &Weak<Core>,
    waiting: &mut Waiting,
    received: Result<Arc<CoreEvent>, RecvError>,
) -> bool {
    match received {
        Ok(event) => waiting.add(event),
        Err(RecvError::Closed) => return false,
        Err(RecvError::Lagged(count)) => {
            tracing::debug!(count, "a client fell behind and gets everything anew");
            let Some(core) = core.upgrade() else { return false };
            for event in core.everything().await {
                waiting.add(Arc::new(event));
            }
        }
    }
    true
}
