//! The one task that owns the product's state. Everybody else sends it short jobs and waits for the reply.
//!
//! A job never waits and does no I/O; after each batch the owner publishes what changed.

use std::sync::Arc;

use backend_api::{Clock as _, SystemClock};
use model::{ErrorCode, Failure, RunId};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::{CoreEvent, state::State, tray::TrayState};

/// Jobs waiting; a sender that finds the queue full waits.
const QUEUE: usize = 1024;
/// Jobs done before what changed is published.
const BATCH: usize = 64;

type Job = Box<dyn FnOnce(&mut State) + Send>;

/// The way to the owner of the state.
#[derive(Clone)]
pub(crate) struct Owner {
    jobs: mpsc::Sender<Job>,
}

/// Where changes are published.
pub(crate) struct Outlets {
    pub(crate) events: broadcast::Sender<Arc<CoreEvent>>,
    pub(crate) tray: watch::Sender<TrayState>,
}

impl Owner {
    /// The handle and the queue that `run` works off.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Job>) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        (Self { jobs }, queue)
    }

    /// Does `job` on the state and gives back what it returns. `Cancelled` once the app is ending.
    pub(crate) async fn with<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut State) -> R + Send + 'static,
    ) -> Result<R, Failure> {
        let (sender, receiver) = oneshot::channel();
        let boxed: Job = Box::new(move |state| {
            // A caller that no longer waits does not need the result.
            drop(sender.send(job(state)));
        });
        self.jobs.send(boxed).await.map_err(|_| ending())?;
        receiver.await.map_err(|_| ending())
    }

    /// Does `job` soon, unless the queue is full: only for words of progress that may be lost.
    pub(crate) fn post(&self, job: impl FnOnce(&mut State) + Send + 'static) {
        if self.jobs.try_send(Box::new(job)).is_err() {
            tracing::debug!("a word of progress was dropped");
        }
    }
}

fn ending() -> Failure {
    Failure::new(ErrorCode::Cancelled, "moorline is shutting down")
        .with_hint("Start Moorline again.")
}

/// Works the queue off until `cancel` fires.
pub(crate) async fn run(
    mut state: State,
    mut queue: mpsc::Receiver<Job>,
    outlets: Outlets,
    cancel: CancellationToken,
) {
    publish(&mut state, &outlets);
    loop {
        let job = tokio::select! {
            biased;
            () = cancel.cancelled() => return,
            job = queue.recv() => job,
        };
        let Some(job) = job else { return };
        job(&mut state);
        for _ in 1..BATCH {
            let Ok(job) = queue.try_recv() else { break };
            job(&mut state);
        }
        publish(&mut state, &outlets);
    }
}

fn publish(state: &mut State, outlets: &Outlets) {
    let changes = std::mem::take(&mut state.changes);
    let is_tray_touched = changes.is_connections
        || changes.is_menu
        || !changes.workspaces.is_empty()
        || !changes.labs.is_empty()
        || !changes.tunnels.is_empty();
    let send = |event: CoreEvent| {
        // Nobody listens while no window is attached.
        drop(outlets.events.send(Arc::new(event)));
    };
    if changes.is_questions {
        send(CoreEvent::Questions { questions: state.questions.views() });
    }
    if changes.is_connections {
        send(CoreEvent::Connections { connections: state.connection_views() });
    }
    for connection_id in changes.workspaces {
        let workspaces = state.workspace_views_of(&connection_id);
        send(CoreEvent::Workspaces { connection_id, workspaces });
    }
    for connection_id in changes.labs {
        let labs = state.lab_views_of(&connection_id);
        send(CoreEvent::Labs { connection_id, labs });
    }
    if changes.is_templates {
        send(CoreEvent::Templates { templates: state.templates.views() });
    }
    let now = SystemClock.now();
    for tunnel_id in changes.tunnels {
        let tunnel = state.tunnel_view(&tunnel_id, now).map(Box::new);
        if let (Some(entry), Some(view)) = (state.tunnels.get_mut(&tunnel_id), &tunnel) {
            entry.was_shown(view);
        }
        send(CoreEvent::Tunnel { tunnel_id, tunnel });
    }
    if changes.is_terminals {
        send(CoreEvent::Terminals { terminals: state.terminal_views() });
    }
    if changes.is_links {
        send(CoreEvent::Links { links: state.links.clone() });
    }
    let mut seen: Vec<RunId> = Vec::new();
    for run in changes.runs.into_iter().rev() {
        if !seen.contains(&run.id) {
            seen.push(run.id.clone());
            send(CoreEvent::Run { run: Box::new(run) });
        }
    }
    if is_tray_touched {
        let tray = state.tray_state();
        outlets.tray.send_if_modified(|old| {
            let is_changed = *old != tray;
            *old = tray;
            is_changed
        });
    }
}
