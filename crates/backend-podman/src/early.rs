//! The list that was asked for together with the question what answers, so that the first look at a
//! server takes no round trip of its own. It is given out once, and only as what it is.

use std::sync::{Arc, Mutex, PoisonError};

use crate::wire::Listed;

/// A list from the moment of connecting.
#[derive(Debug)]
pub(crate) struct Early {
    /// The question.
    pub(crate) path: String,
    pub(crate) listed: Vec<Listed>,
}

/// At most one such list. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct EarlyList(Arc<Mutex<Option<Early>>>);

impl EarlyList {
    pub(crate) fn put(&self, early: Early) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(early);
    }

    /// The answer to this question, the first time somebody wants it.
    pub(crate) fn take(&self, path: &str) -> Option<Vec<Listed>> {
        let early = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        (early.path == path).then_some(early.listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_given_out_once_and_for_its_own_question() {
        let early = || {
            let list = EarlyList::default();
            list.put(Early { path: "all".into(), listed: Vec::new() });
            list
        };
        let list = early();
        assert!(list.take("all").is_some() && list.take("all").is_none());
        assert!(early().take("some").is_none());
    }
}
