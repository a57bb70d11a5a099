//! Streams of bytes to one client, with credit: beyond 512 KiB unacknowledged a stream waits, and so does
//! whoever is read from, or it drops its oldest bytes; nothing piles up.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::{DoctorFollow, Lines, MetricsFollow, Rates, TerminalFollow};
use bytes::{BufMut as _, Bytes, BytesMut};
use futures::StreamExt as _;
use model::{ErrorCode, Failure};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{ClientEvent, ClientSink, StreamEnd, client::send};

/// Bytes that may be on their way.
const CREDIT: u64 = 512 * 1024;
/// The largest chunk.
const CHUNK: usize = 64 * 1024;

/// Where the bytes of a stream come from.
pub(crate) enum Source {
    Terminal(TerminalFollow),
    Lines(Lines),
    Metrics(MetricsFollow),
    Doctor(DoctorFollow),
    Rates(Rates),
}

impl Source {
    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        Ok(match self {
            Self::Terminal(follow) => follow.next().await,
            Self::Lines(lines) => match lines.next().await {
                Some(batch) => Some(json_lines(&batch?)?),
                None => None,
            },
            Self::Metrics(follow) => match follow.next().await {
                Some(batch) => Some(json_lines(&batch)?),
                None => None,
            },
            Self::Rates(rates) => match rates.next().await {
                Some(batch) => Some(json_lines(&[batch?])?),
                None => None,
            },
            Self::Doctor(follow) => match follow.next().await {
                Some(report) => Some(json_lines(&[report])?),
                None => None,
            },
        })
    }
}

/// One JSON value a line.
fn json_lines<T: Serialize>(values: &[T]) -> Result<Bytes, Failure> {
    let mut writer = BytesMut::new().writer();
    for value in values {
        serde_json::to_writer(&mut writer, value).map_err(|error| {
            Failure::new(ErrorCode::Internal, "a line could not be written")
                .with_hint("Report this as a defect.")
                .with_detail(error.to_string())
        })?;
        writer.get_mut().put_u8(b'\n');
    }
    Ok(writer.into_inner().freeze())
}

struct Open {
    /// Tells it from one that is opened later under the same number.
    mark: Arc<()>,
    cancel: CancellationToken,
    /// Bytes sent and not yet acknowledged.
    pending: watch::Sender<u64>,
}

/// The open streams of one client.
#[derive(Default)]
pub(crate) struct Streams(Mutex<BTreeMap<u32, Open>>);

impl Streams {
    /// Opens a stream; the future carries it until it ends or `cancel` fires.
    pub(crate) fn open(
        self: &Arc<Self>,
        stream: u32,
        cancel: CancellationToken,
        source: Source,
        sink: Arc<dyn ClientSink>,
    ) -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
        let mut open = self.lock();
        if open.contains_key(&stream) {
            return Err(Failure::new(
                ErrorCode::Conflict,
                format!("the stream {stream} is open already"),
            )
            .with_hint("Choose another number.")
            .with_field("stream"));
        }
        let pending = watch::Sender::new(0);
        let mark = Arc::new(());
        let entry =
            Open { mark: Arc::clone(&mark), cancel: cancel.clone(), pending: pending.clone() };
        open.insert(stream, entry);
        drop(open);
        let streams = Arc::clone(self);
        Ok(async move {
            let carried = tokio::select! {
                biased;
                () = cancel.cancelled() => None,
                result = carry(stream, source, &pending, &sink) => Some(result),
            };
            streams.forget(stream, &mark);
            // A client that closed a stream does not wait for its end.
            if let Some(result) = carried {
                let end = StreamEnd { stream, error: result.err() };
                send(&sink, &ClientEvent::StreamEnd(end));
            }
        })
    }

    pub(crate) fn ack(&self, stream: u32, bytes: u32) {
        if let Some(open) = self.lock().get(&stream) {
            open.pending.send_modify(|pending| *pending = pending.saturating_sub(bytes.into()));
        }
    }

    pub(crate) fn close(&self, stream: u32) {
        if let Some(open) = self.lock().remove(&stream) {
            open.cancel.cancel();
        }
    }

    fn forget(&self, stream: u32, mark: &Arc<()>) {
        let mut open = self.lock();
        if open.get(&stream).is_some_and(|open| Arc::ptr_eq(&open.mark, mark)) {
            open.remove(&stream);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn carry(
    stream: u32,
    mut source: Source,
    pending: &watch::Sender<u64>,
    sink: &Arc<dyn ClientSink>,
) -> Result<(), Failure> {
    let mut acks = pending.subscribe();
    loop {
        // Waits before it reads, so that what is read is always the newest there is.
        if acks.wait_for(|pending| *pending < CREDIT).await.is_err() {
            return Ok(());
        }
        let Some(mut bytes) = source.next().await? else { return Ok(()) };
        while !bytes.is_empty() {
            if acks.wait_for(|pending| *pending < CREDIT).await.is_err() {
                return Ok(());
            }
            let chunk = bytes.split_to(bytes.len().min(CHUNK));
            pending.send_modify(|pending| *pending += chunk.len() as u64);
            sink.stream(stream, chunk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_json_one_each() {
        let bytes = json_lines(&["a\nb", "c"]).unwrap();
        assert_eq!(bytes, "\"a\\nb\"\n\"c\"\n");
    }

    struct Nowhere;

    impl ClientSink for Nowhere {
        fn event(&self, _json: String) {}

        fn stream(&self, _stream: u32, _chunk: Bytes) {}
    }

    #[tokio::test]
    async fn a_number_may_be_used_again_as_soon_as_its_stream_is_closed() {
        let streams = Arc::new(Streams::default());
        let open = || {
            let source = Source::Lines(futures::stream::pending().boxed());
            streams.open(1, CancellationToken::new(), source, Arc::new(Nowhere))
        };
        let first = open().unwrap();
        streams.close(1);
        let second = tokio::spawn(open().unwrap());
        first.await;
        assert!(open().is_err(), "the end of the first one leaves the second one alone");
        streams.close(1);
        second.await.unwrap();
        assert!(open().is_ok());
    }
}
