//! The HTTP watch: looks at the bytes of a connection beside their way, and notes requests and answers.
//!
//! It never changes, delays or loses a byte. What is not plain HTTP/1.x is not looked at any further.

mod body;
mod head;
mod notes;
mod side;

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, sync::Arc};

use tokio::time::Instant;

use crate::Meter;
use head::{Request, Response};
pub(crate) use notes::{NoteId, Notes};
use side::{Seen, Side};

/// Requests without an answer on one connection; a client that sends more is not followed.
const MOST_OPEN: usize = 256;

/// Looks at one connection.
pub(crate) struct Tap {
    meter: Arc<Meter>,
    requests: Side<Request>,
    responses: Side<Response>,
    open: VecDeque<Open>,
}

/// A request that waits for its answer.
struct Open {
    note: NoteId,
    sent_at: Instant,
    is_head: bool,
    is_connect: bool,
}

impl Tap {
    pub(crate) fn new(meter: &Arc<Meter>) -> Self {
        Self {
            meter: Arc::clone(meter),
            requests: Side::default(),
            responses: Side::default(),
            open: VecDeque::new(),
        }
    }

    /// Bytes towards the target.
    pub(crate) fn up(&mut self, mut bytes: &[u8]) {
        while let Some(seen) = self.requests.see(&mut bytes) {
            match seen {
                Seen::Head(request) if self.open.len() < MOST_OPEN => self.asked(request),
                Seen::Head(_) | Seen::Nonsense => return self.stop(),
            }
        }
    }

    /// Bytes towards the client.
    pub(crate) fn down(&mut self, mut bytes: &[u8]) {
        while let Some(seen) = self.responses.see(&mut bytes) {
            match seen {
                Seen::Head(response) => {
                    if !self.answered(&response) {
                        return self.stop();
                    }
                }
                Seen::Nonsense => return self.stop(),
            }
        }
    }

    fn asked(&mut self, request: Request) {
        self.requests.skip(request.body);
        let is_head = request.method == "HEAD";
        let is_connect = request.method == "CONNECT";
        let note = self.meter.note_request(request.method, request.path);
        self.open.push_back(Open { note, sent_at: Instant::now(), is_head, is_connect });
    }

    /// False when what follows is not HTTP any more.
    fn answered(&mut self, response: &Response) -> bool {
        let is_interim = (100..200).contains(&response.status) && response.status != 101;
        if is_interim {
            return true;
        }
        let Some(open) = self.open.pop_front() else { return false };
        self.meter.note_answer(open.note, response.status, open.sent_at.elapsed());
        let is_switched =
            response.status == 101 || (open.is_connect && (200..300).contains(&response.status));
        let is_empty = open.is_head || matches!(response.status, 204 | 304);
        if !is_switched && !is_empty {
            self.responses.skip(response.body);
        }
        !is_switched
    }

    fn stop(&mut self) {
        self.requests.stop();
        self.responses.stop();
        self.open.clear();
    }
}
