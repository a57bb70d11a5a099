//! One operation on the server: waiting for its turn, its lines as they come, how it ends.

use std::time::Duration;

use backend_api::{BackendError, Cx};
use futures::{FutureExt, StreamExt};
use https::{Call, Reply, Streaming};
use model::LogStream;

use crate::api::Api;
use crate::events::{Event, Events};
use crate::steps::{QUEUE, RUN, Steps};
use crate::words::{Attempt, is_busy, retry_after, without_colours, words_of};

/// The longest wait for a lab that does something else: the server ends everything after ten minutes.
const QUEUE_LIMIT: Duration = Duration::from_secs(15 * 60);
/// The server answers a stream at once; without one it answers at the end, at most ten minutes later.
const BEGIN_LIMIT: Duration = Duration::from_secs(60);
pub(crate) const WHOLE_LIMIT: Duration = Duration::from_secs(15 * 60);
/// A stream says something at least every 25 seconds; twice that and more is a dead connection.
const SILENCE_LIMIT: Duration = Duration::from_secs(12 * 60);

/// How an operation ended, as far as its stream tells.
#[derive(Debug)]
pub(crate) enum End {
    /// The server says that it is done.
    Done,
    /// It says that it failed, in these words.
    Failed(String),
    /// The stream ended without a result.
    Unsaid,
    /// The connection broke, or a person cancelled: the server stops what it was doing.
    Broken(BackendError),
}

/// Carries an operation out and logs what it says. `attempt` is for sentences.
///
/// # Errors
/// When the server does not take the operation at all.
pub(crate) async fn run(
    api: &Api,
    call: Call,
    attempt: Attempt<'_>,
    steps: &Steps<'_>,
    cx: &Cx,
) -> Result<End, BackendError> {
    steps.begin(QUEUE);
    let streaming = async {
        let waited = tokio::time::timeout(QUEUE_LIMIT, in_turn(api, &call, cx)).await;
        waited.unwrap_or_else(|_| {
            Err(BackendError::busy(format!("the lab on \"{}\" stays busy", api.server)))
        })
    };
    match streaming.await {
        Ok(Ok(streaming)) => {
            steps.begin(RUN);
            Ok(read(streaming, cx).await)
        }
        Ok(Err(reply)) => Err(attempt.refused(&reply)),
        // The server may have begun before it answered.
        Err(error @ (BackendError::Cancelled | BackendError::Unreachable(_))) => {
            Ok(End::Broken(error))
        }
        Err(error) => Err(error),
    }
}

/// Asks again while the lab is busy, as long as the server says to wait.
async fn in_turn(
    api: &Api,
    call: &Call,
    cx: &Cx,
) -> Result<Result<Streaming, Reply>, BackendError> {
    let mut said = String::new();
    loop {
        let reply = match api.stream(call.clone().within(BEGIN_LIMIT), cx).await? {
            Err(reply) if is_busy(&reply) => reply,
            other => return Ok(other),
        };
        let words = words_of(&reply);
        if words != said {
            cx.log.line(LogStream::Note, &words);
            said = words;
        }
        let pause = tokio::time::sleep(Duration::from_secs(retry_after(&reply))).map(Ok);
        cx.until_cancelled(pause).await?;
    }
}

async fn read(streaming: Streaming, cx: &Cx) -> End {
    let mut events = Events::default();
    let mut body = streaming.body;
    loop {
        let next = cx.until_cancelled(async {
            tokio::time::timeout(SILENCE_LIMIT, body.next()).await.map_err(|_| {
                BackendError::unreachable("the server says nothing any more about the operation")
            })
        });
        let came = match next.await {
            Ok(Some(Ok(bytes))) => events.push(&bytes),
            Ok(Some(Err(error))) | Err(error) => return End::Broken(error),
            Ok(None) => {
                return events.finish().and_then(|event| heard(event, cx)).unwrap_or(End::Unsaid);
            }
        };
        for event in came {
            if let Some(end) = heard(event, cx) {
                return end;
            }
        }
    }
}

fn heard(event: Event, cx: &Cx) -> Option<End> {
    match event {
        Event::Log(stream, line) => {
            cx.log.line(stream, &without_colours(&line));
            None
        }
        Event::Done(message) => {
            if !message.is_empty() {
                cx.log.line(LogStream::Stdout, &message);
            }
            Some(End::Done)
        }
        Event::Failed(words) => Some(End::Failed(words)),
    }
}

/// The same for a server that answers at the end with one text.
pub(crate) async fn run_whole(
    api: &Api,
    call: Call,
    attempt: Attempt<'_>,
    steps: &Steps<'_>,
    cx: &Cx,
) -> Result<End, BackendError> {
    steps.begin(QUEUE);
    steps.begin(RUN);
    let reply = match api.send(call.within(WHOLE_LIMIT).bulk(), cx).await {
        Ok(reply) => reply,
        Err(error) => return Ok(End::Broken(error)),
    };
    let words = output_of(&reply);
    for line in without_colours(&words).lines() {
        cx.log.line(LogStream::Stdout, line);
    }
    match reply.status.as_u16() {
        200..300 => Ok(End::Done),
        500.. => Ok(End::Failed(words)),
        _ => Err(attempt.refused(&reply)),
    }
}

/// What an operation printed, or why it failed.
fn output_of(reply: &Reply) -> String {
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let text = ["output", "message", "error"].iter().find_map(|key| body.get(key)?.as_str());
    text.map_or_else(|| words_of(reply), str::to_owned)
}
