//! Answers that go on: logs, events, measurements, waiting for the end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::reply::{self, Reply, no_container};
use super::state::{Container, Server};

/// Followed, the answer's header comes with the first line and not before.
pub(super) async fn logs(
    server: Arc<Server>,
    id: String,
    tail: Option<usize>,
    is_followed: bool,
) -> Reply {
    let Some(length) = server.state().container(&id).map(|one| one.log.len()) else {
        return no_container(&id);
    };
    let first = tail.map_or(0, |tail| length.saturating_sub(tail));
    if !is_followed {
        let frames = server
            .state()
            .container(&id)
            .map(|one| one.log.iter().skip(first).flatten().copied().collect::<Vec<u8>>());
        return reply::bytes(200, frames.unwrap_or_default());
    }
    let mut frames = Box::pin(followed(server, id, first));
    let begun = frames.next().await;
    reply::stream(stream::iter(begun).chain(frames))
}

fn followed(
    server: Arc<Server>,
    id: String,
    first: usize,
) -> impl Stream<Item = Bytes> + Send + 'static {
    stream::unfold((server, id, first), |(server, id, at)| async move {
        let next = server.until(|state| match state.container(&id) {
            Some(one) => match one.log.get(at) {
                Some(frame) => Some(Some(Bytes::from(frame.clone()))),
                None => (!one.is_running()).then_some(None),
            },
            None => Some(None),
        });
        let frame = next.await?;
        Some((frame, (server, id, at + 1)))
    })
}

pub(super) fn events(server: Arc<Server>, since: i64) -> Reply {
    let lines = stream::unfold((server, 0), move |(server, at)| async move {
        let next = server.until(|state| {
            let (index, (_, line)) =
                state.events.iter().enumerate().skip(at).find(|(_, (time, _))| *time >= since)?;
            Some((index + 1, Bytes::from(line.clone())))
        });
        let (at, line) = next.await;
        Some((line, (server, at)))
    });
    reply::stream(lines)
}

/// One report at once, then one every interval; what does not run is all zeroes.
pub(super) fn stats(server: Arc<Server>, seconds: u64) -> Reply {
    let ticks = tokio::time::interval(Duration::from_secs(seconds.max(1)));
    let reports = stream::unfold((server, ticks), |(server, mut ticks)| async move {
        ticks.tick().await;
        let stats: Vec<Value> = server.state().containers.iter_mut().map(measured).collect();
        let report = json!({ "Error": null, "Stats": stats });
        Some((Bytes::from(format!("{report}\n")), (server, ticks)))
    });
    reply::stream(reports)
}

fn measured(container: &mut Container) -> Value {
    if !container.is_running() {
        return json!({
            "ContainerID": container.id, "Name": container.name, "CPUNano": 0, "SystemNano": 0,
            "MemUsage": 0, "MemLimit": 0, "NetInput": 0, "NetOutput": 0, "PIDs": 0,
        });
    }
    container.cpu_nano += 1_000_000;
    let now = OffsetDateTime::now_utc().unix_timestamp_nanos();
    json!({
        "ContainerID": container.id, "Name": container.name, "CPUNano": container.cpu_nano,
        "SystemNano": u64::try_from(now).unwrap_or_default(), "MemUsage": 602_112,
        "MemLimit": 67_108_864, "NetInput": 176, "NetOutput": 254, "PIDs": 2,
    })
}

/// Answers when the container has ended.
pub(super) async fn wait(server: &Server, id: &str) -> Reply {
    let ended = server.until(|state| match state.container(id) {
        Some(one) => (!one.is_running()).then(|| reply::bytes(200, "0\n")),
        None => Some(no_container(id)),
    });
    ended.await
}
