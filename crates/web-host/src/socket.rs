//! One WebSocket: commands in, replies, events and stream chunks out.
//!
//! Text in is `{id, name, args}`; text out is `{id, ok}`, `{id, err}` or a `ClientEvent`; binary out is a
//! stream's number as four little-endian bytes and its payload.

use std::sync::Arc;

use app::Core;
use bytes::{BufMut, Bytes, BytesMut};
use futures::{SinkExt, Stream, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use ipc::{AppError, Client, ClientSink, dispatch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        protocol::{Role, WebSocketConfig},
    },
};
use tokio_util::sync::CancellationToken;

/// Messages that wait for a slow browser. One that is further behind is cut off and comes back with a
/// fresh state: every event carries the whole of its topic.
const MOST_WAITING: usize = 1024;
/// Commands of one browser that run at once; further ones wait in the socket.
const MOST_RUNNING: usize = 64;
const MOST_MESSAGE_BYTES: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Call {
    id: u64,
    name: String,
    args: Value,
}

#[derive(Serialize)]
struct Reply {
    id: u64,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok(Value),
    Err(AppError),
}

/// Serves a browser until it leaves. Dropping the future cuts it off.
pub(crate) async fn run(core: &Arc<Core>, upgraded: Upgraded) {
    let config = WebSocketConfig::default().max_message_size(Some(MOST_MESSAGE_BYTES));
    let io = TokioIo::new(upgraded);
    let (mut out, calls) =
        WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await.split();
    let (queue, mut waiting) = mpsc::channel(MOST_WAITING);
    let too_slow = CancellationToken::new();
    let sink = Arc::new(Queue { queue: queue.clone(), too_slow: too_slow.clone() });
    let client = Client::attach(core, sink);
    let write = async {
        while let Some(message) = waiting.recv().await {
            if let Err(error) = out.send(message).await {
                tracing::debug!(%error, "cannot write to a browser");
                break;
            }
        }
    };
    tokio::select! {
        () = write => {}
        () = read(core, &client, calls, &queue) => {}
        () = too_slow.cancelled() => tracing::warn!("a browser was too slow and was cut off"),
    }
}

async fn read(
    core: &Arc<Core>,
    client: &Arc<Client>,
    mut calls: impl Stream<Item = Result<Message, Error>> + Unpin,
    queue: &mpsc::Sender<Message>,
) {
    let mut running = JoinSet::new();
    loop {
        let message = tokio::select! {
            message = calls.next(), if running.len() < MOST_RUNNING => message,
            Some(_) = running.join_next() => continue,
        };
        match message {
            Some(Ok(Message::Text(text))) => match serde_json::from_str::<Call>(&text) {
                Ok(call) => {
                    running.spawn(carry_out(core.clone(), client.clone(), call, queue.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a browser sent something that is no call");
                    return;
                }
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_) | Message::Close(_) | Message::Frame(_)) | Err(_))
            | None => {
                return;
            }
        }
    }
}

async fn carry_out(core: Arc<Core>, client: Arc<Client>, call: Call, queue: mpsc::Sender<Message>) {
    let outcome = match dispatch(&core, &client, &call.name, call.args).await {
        Ok(value) => Outcome::Ok(value),
        Err(error) => Outcome::Err(error),
    };
    match serde_json::to_string(&Reply { id: call.id, outcome }) {
        // A closed queue means that the browser left.
        Ok(text) => drop(queue.send(Message::text(text)).await),
        Err(error) => tracing::error!(%error, name = call.name, "a reply cannot be written"),
    }
}

/// Takes what the core tells this browser, without ever waiting.
struct Queue {
    queue: mpsc::Sender<Message>,
    too_slow: CancellationToken,
}

impl Queue {
    fn put(&self, message: Message) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(message) {
            self.too_slow.cancel();
        }
    }
}

impl ClientSink for Queue {
    fn event(&self, json: String) {
        self.put(Message::text(json));
    }

    fn stream(&self, stream: u32, chunk: Bytes) {
        self.put(Message::Binary(frame(stream, &chunk)));
    }
}

fn frame(stream: u32, chunk: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(4 + chunk.len());
    frame.put_u32_le(stream);
    frame.put_slice(chunk);
    frame.freeze()
}

#[cfg(test)]
mod tests {
    use model::{ErrorCode, Failure};
    use serde_json::json;

    use super::*;

    #[test]
    fn frames_begin_with_their_stream() {
        assert_eq!(frame(258, b"hi").as_ref(), &[2, 1, 0, 0, b'h', b'i']);
    }

    #[test]
    fn replies_say_ok_or_err() {
        let ok = Reply { id: 7, outcome: Outcome::Ok(json!({"a": 1})) };
        assert_eq!(serde_json::to_value(ok).unwrap(), json!({"id": 7, "ok": {"a": 1}}));
        let failure = Failure::new(ErrorCode::NotFound, "there is no run");
        let err = Reply { id: 8, outcome: Outcome::Err(failure.into()) };
        let value = serde_json::to_value(err).unwrap();
        assert_eq!(value["id"], 8);
        assert_eq!(value["err"]["message"], "there is no run");
    }

    #[test]
    fn a_full_queue_cuts_the_browser_off() {
        let (queue, _waiting) = mpsc::channel(1);
        let too_slow = CancellationToken::new();
        let sink = Queue { queue, too_slow: too_slow.clone() };
        sink.event("{}".to_owned());
        assert!(!too_slow.is_cancelled());
        sink.event("{}".to_owned());
        assert!(too_slow.is_cancelled());
    }
}
