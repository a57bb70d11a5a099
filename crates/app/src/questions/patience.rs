//! Time limits that stand still while a person is asked.

use tokio::sync::watch;

/// Whether somebody is being asked now.
pub(super) struct Patience(watch::Sender<usize>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    /// A person thinks for as long as what it returns lives, also when whoever waited gave up.
    pub(super) fn thinking(&self) -> impl Drop + '_ {
        self.0.send_modify(|open| *open += 1);
        Thinking(&self.0)
    }

    /// Waits for `work` until `limit` is over, which begins anew after each question. None when it was.
    pub(super) async fn within<T, L: Future>(
        &self,
        limit: impl Fn() -> L,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.quiet_for(limit) => None,
        }
    }

    async fn quiet_for<L: Future>(&self, limit: impl Fn() -> L) {
        let mut asking = self.0.subscribe();
        loop {
            if asking.wait_for(|open| *open == 0).await.is_err() {
                return;
            }
            tokio::select! {
                biased;
                changed = asking.changed() => if changed.is_err() { return },
                _ = limit() => return,
            }
        }
    }
}

struct Thinking<'a>(&'a watch::Sender<usize>);

impl Drop for Thinking<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open = open.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        pin::pin,
        task::Poll::{Pending, Ready},
    };

    use futures::poll;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn the_time_a_person_takes_does_not_count() {
        let (patience, time) = (Patience::new(), Notify::new());
        let mut waiting = pin!(patience.within(|| time.notified(), pending::<()>()));
        assert_eq!(poll!(waiting.as_mut()), Pending);
        let (first, second) = (patience.thinking(), patience.thinking());
        assert_eq!(poll!(waiting.as_mut()), Pending);
        time.notify_waiters();
        assert_eq!(poll!(waiting.as_mut()), Pending, "the time was over for nobody");
        drop(first);
        assert_eq!(poll!(waiting.as_mut()), Pending);
        time.notify_waiters();
        assert_eq!(poll!(waiting.as_mut()), Pending, "one question is still open");
        drop(second);
        assert_eq!(poll!(waiting.as_mut()), Pending, "it begins anew");
        time.notify_waiters();
        assert_eq!(poll!(waiting.as_mut()), Ready(None));
    }

    #[tokio::test]
    async fn what_is_done_in_time_counts() {
        let (patience, done) = (Patience::new(), Notify::new());
        let mut waiting = pin!(patience.within(pending::<()>, done.notified()));
        assert_eq!(poll!(waiting.as_mut()), Pending);
        done.notify_waiters();
        assert_eq!(poll!(waiting.as_mut()), Ready(Some(())));
    }
}
