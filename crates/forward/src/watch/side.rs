//! One direction of an HTTP connection: heads, and the bodies between them that are passed over.

use super::{
    body::{Body, Rest},
    head::Head,
};

/// Longer heads are not looked at; servers refuse them.
const LONGEST_HEAD: usize = 32 * 1024;

/// What was found.
pub(super) enum Seen<T> {
    Head(T),
    /// This is not plain HTTP.
    Nonsense,
}

/// Where it stands.
pub(super) struct Side<T> {
    state: State,
    /// The head so far.
    head: Vec<u8>,
    kind: std::marker::PhantomData<T>,
}

enum State {
    Head,
    Body(Body),
    Off,
}

impl<T> Default for Side<T> {
    fn default() -> Self {
        Self { state: State::Head, head: Vec::new(), kind: std::marker::PhantomData }
    }
}

impl<T: Head> Side<T> {
    /// Takes from `bytes` up to the next thing worth telling; None once all are taken.
    pub(super) fn see(&mut self, bytes: &mut &[u8]) -> Option<Seen<T>> {
        while let Some((first, rest)) = bytes.split_first() {
            match &mut self.state {
                State::Off => return None,
                State::Body(body) => match body.pass(bytes) {
                    Rest::More => return None,
                    Rest::Done => self.state = State::Head,
                    Rest::Nonsense => return Some(Seen::Nonsense),
                },
                State::Head => {
                    *bytes = rest;
                    if let Some(seen) = self.head_byte(*first) {
                        return Some(seen);
                    }
                }
            }
        }
        None
    }

    /// The next bytes are a body.
    pub(super) fn skip(&mut self, body: Body) {
        self.state = State::Body(body);
    }

    /// Nothing more is looked at.
    pub(super) fn stop(&mut self) {
        self.state = State::Off;
        self.head = Vec::new();
    }

    fn head_byte(&mut self, byte: u8) -> Option<Seen<T>> {
        let is_between = self.head.is_empty() && matches!(byte, b'\r' | b'\n');
        if is_between {
            return None;
        }
        self.head.push(byte);
        if !T::may_begin(&self.head) || self.head.len() > LONGEST_HEAD {
            return Some(Seen::Nonsense);
        }
        let is_over = self.head.ends_with(b"\n\r\n") || self.head.ends_with(b"\n\n");
        if !is_over {
            return None;
        }
        let head = std::mem::take(&mut self.head);
        Some(T::read(&head).map_or(Seen::Nonsense, Seen::Head))
    }
}
