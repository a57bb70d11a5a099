//! One connection of a browser: its requests one after the other, and the WebSocket it may end as.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use http::Response;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    body::{self, Watch},
    exchange::{Outcome, Sides, exchange},
    head::{BadHead, Framing},
    lane::fill,
    pages,
    service::Service,
    tunnel::Tunnel,
    turn::{self, Action, Turn},
};

/// How long a browser may take to send a request's head, or keep an idle connection.
const HEAD_DEADLINE: Duration = Duration::from_secs(90);
/// How long the rest of a request is listened to after its last reply, so that the reply arrives.
const LINGER: Duration = Duration::from_secs(1);
const MOST_LINGER_BYTES: usize = 1024 * 1024;

/// Where a connection is, for whoever ends it.
#[derive(Debug)]
pub(crate) struct Place {
    is_idle: AtomicBool,
    is_ending: AtomicBool,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { is_idle: AtomicBool::new(true), is_ending: AtomicBool::new(false) }
    }

    /// Says that no further request is taken. True: none is being answered.
    pub(crate) fn end(&self) -> bool {
        self.is_ending.store(true, Ordering::Relaxed);
        self.is_idle.load(Ordering::Relaxed)
    }
}

/// A browser's connection with its buffers.
pub(crate) struct Browser {
    stream: TcpStream,
    read: BytesMut,
    up: Vec<u8>,
    down: Vec<u8>,
}

impl Browser {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, read: BytesMut::new(), up: Vec::new(), down: Vec::new() }
    }

    /// Answers requests until the connection ends; gives the WebSocket it became.
    ///
    /// Errors: the browser's side broke.
    pub(crate) async fn serve(
        mut self,
        service: &Service,
        place: &Place,
    ) -> io::Result<Option<Tunnel>> {
        loop {
            place.is_idle.store(true, Ordering::Relaxed);
            let Some(turn) = self.next(service).await? else { return Ok(None) };
            place.is_idle.store(false, Ordering::Relaxed);
            service.requests.fetch_add(1, Ordering::Relaxed);
            let mut turn = match turn {
                Ok(turn) => turn,
                Err(reason) => {
                    self.page(&pages::unreadable(reason), None).await?;
                    return Ok(None);
                }
            };
            turn.is_kept &= !place.is_ending.load(Ordering::Relaxed);
            self.read.advance(turn.head_bytes);
            match self.answer(service, &turn).await? {
                Outcome::Kept if !place.is_ending.load(Ordering::Relaxed) => {}
                Outcome::Switched(lane) => {
                    return Ok(Some(Tunnel { browser: self.stream, said: self.read, lane }));
                }
                Outcome::Kept | Outcome::Ended | Outcome::Failed(_) => return Ok(None),
            }
        }
    }

    /// Waits for the head of a request. None: there comes no more.
    async fn next(&mut self, service: &Service) -> io::Result<Option<Result<Turn, BadHead>>> {
        loop {
            match turn::request(service, &self.read, &mut self.up) {
                Ok(Some(turn)) => return Ok(Some(Ok(turn))),
                Ok(None) => {}
                Err(reason) => return Ok(Some(Err(reason))),
            }
            let more = timeout(HEAD_DEADLINE, fill(&mut self.stream, &mut self.read)).await;
            if !matches!(more, Ok(Ok(1..))) {
                return Ok(None);
            }
        }
    }

    async fn answer(&mut self, service: &Service, turn: &Turn) -> io::Result<Outcome> {
        if let Action::Page(page) = &turn.action {
            return self.page(page, Some(turn)).await;
        }
        let (mut reader, mut writer) = self.stream.split();
        let sides = Sides {
            watch: Watch { reader: &mut reader, read: &mut self.read },
            writer: &mut writer,
            up: &mut self.up,
            down: &mut self.down,
        };
        match exchange(service, turn, sides).await {
            Outcome::Failed(reason) => {
                let page = pages::unreachable(&service.label, &reason, turn.wants_page);
                self.page(&page, Some(turn)).await
            }
            outcome @ (Outcome::Kept | Outcome::Switched(_)) => Ok(outcome),
            Outcome::Ended => {
                self.linger().await;
                Ok(Outcome::Ended)
            }
        }
    }

    /// Answers with a page of ours.
    async fn page(&mut self, page: &Response<Bytes>, turn: Option<&Turn>) -> io::Result<Outcome> {
        let is_kept =
            turn.is_some_and(|turn| turn.is_kept && matches!(turn.framing, Framing::None));
        let is_to_head = turn.is_some_and(|turn| turn.is_to_head);
        self.down.clear();
        pages::write(page, is_to_head, is_kept, &mut self.down);
        body::send(&mut self.stream, &self.down).await?;
        if is_kept {
            return Ok(Outcome::Kept);
        }
        self.linger().await;
        Ok(Outcome::Ended)
    }

    /// Closes our side and listens a moment longer: closing with unread bytes would take back the reply.
    async fn linger(&mut self) {
        let rest = async {
            self.stream.shutdown().await?;
            let mut left = MOST_LINGER_BYTES;
            while left > 0 {
                self.read.clear();
                match self.stream.read_buf(&mut self.read).await? {
                    0 => break,
                    count => left = left.saturating_sub(count),
                }
            }
            io::Result::Ok(())
        };
        // Whatever happens here, the reply was given.
        drop(timeout(LINGER, rest).await);
    }
}

/// Counts a connection while it lives.
pub(crate) struct Open(Arc<Service>);

impl Open {
    pub(crate) fn count(service: &Arc<Service>) -> Self {
        service.open_connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(service))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open_connections.fetch_sub(1, Ordering::Relaxed);
    }
}
