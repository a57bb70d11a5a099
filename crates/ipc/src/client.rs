//! One attached interface: forwards the core's events to it and owns its streams.

use std::sync::Arc;

use app::{Core, CoreEvent};
use bytes::Bytes;
use model::Failure;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ClientEvent, forward,
    streams::{Source, Streams},
};

/// Takes what goes to an interface. Must not block.
pub trait ClientSink: Send + Sync {
    /// One `ClientEvent` as JSON.
    fn event(&self, json: String);
    /// The next bytes of a stream that the client opened.
    fn stream(&self, stream: u32, chunk: Bytes);
}

/// One attached window or WebSocket. Dropping it ends its events and closes its streams.
pub struct Client {
    sink: Arc<dyn ClientSink>,
    streams: Arc<Streams>,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

impl Client {
    /// Attaches an interface and starts to forward events. Call it inside a tokio runtime.
    #[must_use]
    pub fn attach(core: &Arc<Core>, sink: Arc<dyn ClientSink>) -> Arc<Self> {
        let cancel = CancellationToken::new();
        let tasks = TaskTracker::new();
        let events = core.events();
        let work = forward::forward(Arc::downgrade(core), events, Arc::clone(&sink));
        let token = cancel.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = token.cancelled() => {}
                () = work => {}
            }
        });
        Arc::new(Self { sink, streams: Arc::default(), cancel, tasks })
    }

    /// Carries a source to the client under the number it chose.
    ///
    /// # Errors
    /// `Conflict` when the number is in use.
    pub(crate) fn open_stream(&self, stream: u32, source: Source) -> Result<(), Failure> {
        let token = self.cancel.child_token();
        let carrier = self.streams.open(stream, token, source, Arc::clone(&self.sink))?;
        self.tasks.spawn(carrier);
        Ok(())
    }

    /// The client consumed bytes of a stream.
    pub(crate) fn ack(&self, stream: u32, bytes: u32) {
        self.streams.ack(stream, bytes);
    }

    /// The client no longer wants a stream.
    pub(crate) fn close_stream(&self, stream: u32) {
        self.streams.close(stream);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// One event of the core as a client gets it.
pub(crate) fn send(sink: &Arc<dyn ClientSink>, event: &ClientEvent) {
    match serde_json::to_string(event) {
        Ok(json) => sink.event(json),
        Err(error) => tracing::error!(%error, "an event could not be written"),
    }
}

/// What two events must share so that the later one makes the earlier one needless.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    Questions,
    Connections,
    Workspaces(model::ConnectionId),
    Terminals,
    Settings,
    Update,
    Notices,
    Links,
    Tunnel(model::TunnelId),
    Labs(model::ConnectionId),
    Templates,
    Run(model::RunId),
}

impl Topic {
    /// The topic of an event; none for those that must all arrive.
    pub(crate) fn of(event: &CoreEvent) -> Option<Self> {
        Some(match event {
            CoreEvent::Questions { .. } => Self::Questions,
            CoreEvent::Connections { .. } => Self::Connections,
            CoreEvent::Workspaces { connection_id, .. } => Self::Workspaces(connection_id.clone()),
            CoreEvent::Terminals { .. } => Self::Terminals,
            CoreEvent::Settings { .. } => Self::Settings,
            CoreEvent::Update { .. } => Self::Update,
            CoreEvent::Notices { .. } => Self::Notices,
            CoreEvent::Links { .. } => Self::Links,
            CoreEvent::Tunnel { tunnel_id, .. } => Self::Tunnel(tunnel_id.clone()),
            CoreEvent::Labs { connection_id, .. } => Self::Labs(connection_id.clone()),
            CoreEvent::Templates { .. } => Self::Templates,
            CoreEvent::Run { run } => Self::Run(run.id.clone()),
            CoreEvent::Navigate { .. } => return None,
        })
    }
}
