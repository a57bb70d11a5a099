//! The first list, asked for together with the question what answers, so that it takes no round trip
//! of its own. Whatever is changed through the same client puts an end to it.

use std::sync::{Arc, Mutex, PoisonError};

use model::TimestampMs;

use crate::wire::Listed;

/// How long it stands for a list: only until whoever connected asks for the first one.
const HOLDS_MS: i64 = 5_000;

/// A list that was asked for before anybody wanted it.
#[derive(Debug)]
pub(crate) struct Early {
    /// The question.
    pub(crate) path: String,
    pub(crate) listed: Vec<Listed>,
    pub(crate) at: TimestampMs,
}

/// At most one such list; it is given out once. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct EarlyList(Arc<Mutex<Option<Early>>>);

impl EarlyList {
    pub(crate) fn put(&self, early: Early) {
        self.replace(Some(early));
    }

    /// The answer to this question, if it came a moment ago.
    pub(crate) fn take(&self, path: &str, now: TimestampMs) -> Option<Vec<Listed>> {
        let early = self.replace(None)?;
        let is_fresh = (0..HOLDS_MS).contains(&(now - early.at));
        (early.path == path && is_fresh).then_some(early.listed)
    }

    /// Something is being changed: the list may no longer be true.
    pub(crate) fn forget(&self) {
        self.replace(None);
    }

    fn replace(&self, by: Option<Early>) -> Option<Early> {
        std::mem::replace(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn early() -> EarlyList {
        let list = EarlyList::default();
        list.put(Early { path: "all".into(), listed: Vec::new(), at: 10 });
        list
    }

    #[test]
    fn it_is_given_out_once_for_its_own_question_and_only_while_fresh() {
        let list = early();
        assert!(list.take("all", 11).is_some() && list.take("all", 12).is_none());
        assert!(early().take("some", 11).is_none());
        assert!(early().take("all", 10 + HOLDS_MS).is_none());
        assert!(early().take("all", 9).is_none(), "the clock was set back");
        let list = early();
        list.forget();
        assert!(list.take("all", 11).is_none());
    }
}
