//! One request: carried to the service, its reply carried back.

use std::io;

use bytes::Buf;
use tokio::{
    io::{ReadHalf, WriteHalf},
    net::tcp,
};

use crate::{
    body::{self, Broken, Sink, Source, Watch, unless_gone},
    head::{BadHead, Framing},
    lane::{Counted, Lane, fill},
    service::Service,
    turn::{self, Action, Answer, Turn},
};

/// The two halves of the browser's connection, and buffers that last as long as it.
pub(crate) struct Sides<'a, 's> {
    pub(crate) watch: Watch<'a, 's>,
    pub(crate) writer: &'a mut tcp::WriteHalf<'s>,
    /// The request's head as it goes to the service.
    pub(crate) up: &'a mut Vec<u8>,
    /// What goes to the browser.
    pub(crate) down: &'a mut Vec<u8>,
}

/// How a request ended.
pub(crate) enum Outcome {
    /// It was answered, and both sides are ready for another one.
    Kept,
    /// It was answered, or cannot be any more; the browser's connection ends.
    Ended,
    /// It became a WebSocket, over this connection to the service.
    Switched(Lane),
    /// Nothing was answered yet, for this reason.
    Failed(String),
}

/// Carries one request and its reply.
pub(crate) async fn exchange(service: &Service, turn: &Turn, mut sides: Sides<'_, '_>) -> Outcome {
    let outcome = if turn.framing == Framing::None || may_switch(turn) {
        without_body(service, turn, &mut sides).await
    } else {
        with_body(service, turn, &mut sides).await
    };
    outcome.unwrap_or_else(|stopped| match stopped {
        Stopped::Left => Outcome::Ended,
        Stopped::Failed(reason) => Outcome::Failed(reason),
    })
}

/// Whether the service may change to another protocol: it was asked to, by a request without a body.
fn may_switch(turn: &Turn) -> bool {
    matches!(turn.action, Action::Upgrade)
        && matches!(turn.framing, Framing::None | Framing::Length(0))
}

/// Why an exchange went no further.
enum Stopped {
    /// One side broke off in the middle.
    Left,
    /// Nothing was answered yet.
    Failed(String),
}

impl From<Broken> for Stopped {
    fn from(_: Broken) -> Self {
        Self::Left
    }
}

async fn without_body(
    service: &Service,
    turn: &Turn,
    sides: &mut Sides<'_, '_>,
) -> Result<Outcome, Stopped> {
    // A WebSocket keeps its connection to the service, so it gets one of its own.
    let is_plain = matches!(turn.action, Action::Pass);
    let mut kept = if is_plain { service.pool.take() } else { None };
    let may_repeat = is_plain && turn.is_safe;
    loop {
        let is_kept = kept.is_some();
        let mut lane = match kept.take() {
            Some(lane) => lane,
            None => open(service, &mut sides.watch).await?,
        };
        let (up, down) = (&*sides.up, &mut *sides.down);
        let ask = async {
            body::send(&mut lane.writer, up).await.map_err(|error| broke_off(&error))?;
            answer(service, turn, &mut lane.reader, &mut lane.read, down).await
        };
        match unless_gone(&mut sides.watch, ask).await.ok_or(Stopped::Left)? {
            Ok(answer) => return deliver(service, turn, lane, answer, sides).await,
            Err(_) if is_kept && may_repeat && lane.read.is_empty() => {}
            Err(reason) => return Err(Stopped::Failed(reason)),
        }
    }
}

async fn open(service: &Service, watch: &mut Watch<'_, '_>) -> Result<Lane, Stopped> {
    let opened = unless_gone(watch, service.pool.open()).await.ok_or(Stopped::Left)?;
    opened.map_err(|error| Stopped::Failed(error.to_string()))
}

/// Waits for the head of the reply, and writes it for the browser to `down`.
async fn answer(
    service: &Service,
    turn: &Turn,
    reader: &mut ReadHalf<Counted>,
    read: &mut bytes::BytesMut,
    down: &mut Vec<u8>,
) -> Result<Answer, String> {
    loop {
        match turn::reply(service, turn, read, down) {
            Ok(Some(answer)) => {
                read.advance(answer.head_bytes);
                if answer.is_switch() && !may_switch(turn) {
                    return Err("It changed to another protocol without being asked".to_owned());
                }
                if !answer.is_early() {
                    return Ok(answer);
                }
            }
            Ok(None) => {
                if fill(reader, read).await.map_err(|error| broke_off(&error))? == 0 {
                    return Err("It broke off before it answered".to_owned());
                }
            }
            Err(BadHead::NotHttp) => return Err("It does not speak HTTP".to_owned()),
            Err(BadHead::TooLong) => return Err("The head of its answer is too long".to_owned()),
            Err(BadHead::Framing) => {
                return Err("It does not say clearly where its answer ends".to_owned());
            }
        }
    }
}

/// Carries the reply's body, and keeps what can be kept.
async fn deliver(
    service: &Service,
    turn: &Turn,
    mut lane: Lane,
    answer: Answer,
    sides: &mut Sides<'_, '_>,
) -> Result<Outcome, Stopped> {
    if answer.is_switch() {
        body::send(sides.writer, sides.down).await.map_err(|_| Stopped::Left)?;
        return Ok(Outcome::Switched(lane));
    }
    let watch = Watch { reader: &mut *sides.watch.reader, read: &mut *sides.watch.read };
    back(&answer, &mut lane.reader, &mut lane.read, (sides.down, sides.writer), Some(watch))
        .await?;
    Ok(keep(service, turn, lane, &answer))
}

async fn back(
    answer: &Answer,
    reader: &mut ReadHalf<Counted>,
    read: &mut bytes::BytesMut,
    (out, writer): (&mut Vec<u8>, &mut tcp::WriteHalf<'_>),
    watch: Option<Watch<'_, '_>>,
) -> Result<(), Broken> {
    let sink = Sink { out, writer, is_chunked: answer.is_chunked };
    body::carry(answer.framing, Source { reader, read }, sink, watch).await
}

fn keep(service: &Service, turn: &Turn, lane: Lane, answer: &Answer) -> Outcome {
    if answer.is_lane_kept && lane.read.is_empty() {
        service.pool.put(lane);
    }
    let is_whole = turn.is_http_11 || answer.framing != Framing::UntilClose;
    if answer.is_kept && is_whole { Outcome::Kept } else { Outcome::Ended }
}

/// A request with a body: both directions at once, because a service may answer before it has read all.
async fn with_body(
    service: &Service,
    turn: &Turn,
    sides: &mut Sides<'_, '_>,
) -> Result<Outcome, Stopped> {
    if turn.waits {
        let ask = b"HTTP/1.1 100 Continue\r\n\r\n";
        body::send(sides.writer, ask).await.map_err(|_| Stopped::Left)?;
    }
    let mut lane = match service.pool.take() {
        Some(lane) => lane,
        None => open(service, &mut sides.watch).await?,
    };
    let (answer, is_sent) = both_ways(service, turn, &mut lane, sides).await?;
    // A request that was answered before it was all there leaves both sides in the middle of it.
    Ok(if is_sent { keep(service, turn, lane, &answer) } else { Outcome::Ended })
}

/// Gives the reply, which has arrived, and whether the whole request was sent before.
async fn both_ways(
    service: &Service,
    turn: &Turn,
    lane: &mut Lane,
    sides: &mut Sides<'_, '_>,
) -> Result<(Answer, bool), Stopped> {
    let Lane { reader, writer, read } = lane;
    let (down, browser) = (&mut *sides.down, &mut *sides.writer);
    let mut download = Box::pin(async {
        let answer = answer(service, turn, reader, read, down).await.map_err(Stopped::Failed)?;
        back(&answer, reader, read, (down, browser), None).await?;
        Ok::<_, Stopped>(answer)
    });
    let mut upload = Box::pin(upload(turn, &mut sides.watch, sides.up, writer));
    tokio::select! {
        answer = &mut download => Ok((answer?, false)),
        sent = &mut upload => {
            drop(upload);
            let is_sent = match sent {
                Ok(()) => true,
                Err(Broken::Sink) => false,
                Err(Broken::Source | Broken::Gone) => return Err(Stopped::Left),
            };
            let answer = unless_gone(&mut sides.watch, &mut download).await;
            Ok((answer.ok_or(Stopped::Left)??, is_sent))
        }
    }
}

async fn upload(
    turn: &Turn,
    watch: &mut Watch<'_, '_>,
    out: &mut Vec<u8>,
    writer: &mut WriteHalf<Counted>,
) -> Result<(), Broken> {
    let source = Source { reader: &mut *watch.reader, read: &mut *watch.read };
    let is_chunked = turn.framing == Framing::Chunked;
    body::carry(turn.framing, source, Sink { out, writer, is_chunked }, None).await
}

fn broke_off(error: &io::Error) -> String {
    format!("It broke off before it answered ({error})")
}
