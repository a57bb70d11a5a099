//! One attached window: carries the core's events and streams to it over one Tauri channel.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{BufMut, Bytes, BytesMut};
use ipc::{Client, ClientSink};
use tauri::ipc::{Channel, InvokeResponseBody};

/// The channel of a window as the core sees it.
struct ChannelSink(Channel<InvokeResponseBody>);

impl ClientSink for ChannelSink {
    fn event(&self, json: String) {
        self.send(InvokeResponseBody::Json(json));
    }

    fn stream(&self, stream: u32, chunk: Bytes) {
        let mut frame = BytesMut::with_capacity(4 + chunk.len());
        frame.put_u32_le(stream);
        frame.extend_from_slice(&chunk);
        self.send(InvokeResponseBody::Raw(frame.into()));
    }
}

impl ChannelSink {
    fn send(&self, body: InvokeResponseBody) {
        // A window that is going away takes nothing any more; its client is dropped with it.
        if let Err(error) = self.0.send(body) {
            tracing::debug!(%error, "the window did not take a message");
        }
    }
}

/// The client of the main window. A reloaded page attaches anew, which ends the streams of the old one.
#[derive(Default)]
pub(crate) struct Attachment(Mutex<Option<Arc<Client>>>);

impl Attachment {
    /// Makes the page behind `channel` the attached one.
    pub(crate) fn attach(&self, core: &Arc<app::Core>, channel: Channel<InvokeResponseBody>) {
        let client = Client::attach(core, Arc::new(ChannelSink(channel)));
        *self.lock() = Some(client);
    }

    /// The attached client, if a page has attached.
    pub(crate) fn client(&self) -> Option<Arc<Client>> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Arc<Client>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
