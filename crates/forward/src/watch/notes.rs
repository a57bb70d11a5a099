//! The last requests of a forward.

use std::{collections::VecDeque, time::Duration};

use model::{HttpExchange, TimestampMs};

const KEPT: usize = 100;

/// Names a request while it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoteId(u64);

/// Requests and their answers, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    kept: VecDeque<HttpExchange>,
    /// The number of the first one that is kept.
    first: u64,
}

impl Notes {
    pub(crate) fn request(&mut self, at: TimestampMs, method: String, path: String) -> NoteId {
        self.kept.push_back(HttpExchange { at, method, path, status: None, took_ms: None });
        if self.kept.len() > KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        NoteId(self.first + self.kept.len() as u64 - 1)
    }

    pub(crate) fn answer(&mut self, request: NoteId, status: u16, took: Duration) {
        let index = request.0.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        if let Some(note) = index.and_then(|index| self.kept.get_mut(index)) {
            note.status = Some(status);
            note.took_ms = Some(u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
        }
    }

    /// The newest first.
    pub(crate) fn list(&self) -> Vec<HttpExchange> {
        self.kept.iter().rev().cloned().collect()
    }
}
