//! Whose turn it is on a server: one job at a time, first come first served, and no question in between that
//! would disturb it.
//!
//! All sessions of this process to one server share its turns, whichever connection they belong to.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use backend_api::{BackendError, Cx};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// The turns of one server.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Fair: whoever waits longest is next.
    turn: Arc<Semaphore>,
    /// How many jobs wait for their turn or have it.
    jobs: watch::Sender<usize>,
    /// Numbers of labs that are being made: the server does not know of them yet.
    reserved: Mutex<HashMap<u16, String>>,
}

/// A job's turn; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
    _waiting: Waiting,
}

/// Counts a job from the moment it waits.
#[derive(Debug)]
struct Waiting(Arc<Turns>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.jobs.send_modify(|jobs| *jobs = jobs.saturating_sub(1));
    }
}

static SERVERS: LazyLock<Mutex<HashMap<String, Weak<Turns>>>> = LazyLock::new(Mutex::default);

/// The turns of the server with this name.
pub(crate) fn of(server: &str) -> Arc<Turns> {
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    servers.retain(|_, turns| turns.strong_count() > 0);
    if let Some(turns) = servers.get(server).and_then(Weak::upgrade) {
        return turns;
    }
    let turns = Arc::new(Turns {
        turn: Arc::new(Semaphore::new(1)),
        jobs: watch::Sender::new(0),
        reserved: Mutex::default(),
    });
    servers.insert(server.to_owned(), Arc::downgrade(&turns));
    turns
}

impl Turns {
    /// The numbers that were given to labs, with their folders.
    pub(crate) fn reserved(&self) -> Vec<(u16, String)> {
        let reserved = self.reserved.lock().unwrap_or_else(PoisonError::into_inner);
        reserved.iter().map(|(number, folder)| (*number, folder.clone())).collect()
    }

    /// Keeps a number for the lab in a folder; false when another lab was faster.
    pub(crate) fn reserve(&self, number: u16, folder: &str) -> bool {
        let mut reserved = self.reserved.lock().unwrap_or_else(PoisonError::into_inner);
        reserved.entry(number).or_insert_with(|| folder.to_owned()) == folder
    }

    /// Gives the numbers of the lab in a folder back.
    pub(crate) fn release(&self, folder: &str) {
        let mut reserved = self.reserved.lock().unwrap_or_else(PoisonError::into_inner);
        reserved.retain(|_, of| of != folder);
    }

    /// How many jobs are before one that would come now.
    pub(crate) fn ahead(&self) -> usize {
        *self.jobs.borrow()
    }

    /// Waits for a job's turn.
    ///
    /// # Errors
    /// `Cancelled`; nothing was done then.
    pub(crate) async fn job(self: &Arc<Self>, cx: &Cx) -> Result<Turn, BackendError> {
        self.jobs.send_modify(|jobs| *jobs += 1);
        let waiting = Waiting(Arc::clone(self));
        let turn = Arc::clone(&self.turn).acquire_owned();
        let permit =
            cx.until_cancelled(async { turn.await.map_err(|_| BackendError::Cancelled) }).await?;
        Ok(Turn { _permit: permit, _waiting: waiting })
    }

    /// Runs a question that no job may see; none when a job of ours runs or waits. A job that comes meanwhile
    /// waits for the question.
    pub(crate) async fn question<T>(&self, ask: impl Future<Output = T> + Send) -> Option<T> {
        let mut jobs = self.jobs.subscribe();
        let permit = tokio::select! {
            biased;
            _ = jobs.wait_for(|jobs| *jobs > 0) => return None,
            permit = self.turn.acquire() => permit.ok()?,
        };
        let answer = ask.await;
        drop(permit);
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use backend_api::{BackendError, Cx};
    use tokio_util::sync::CancellationToken;

    use super::of;

    fn cx() -> Cx {
        Cx::new(CancellationToken::new())
    }

    #[tokio::test]
    async fn sessions_of_one_server_share_its_turns() {
        let (one, other) = (of("share"), of("share"));
        assert!(Arc::ptr_eq(&one, &other) && !Arc::ptr_eq(&one, &of("another")));
        let turn = one.job(&cx()).await.unwrap();
        assert_eq!(other.ahead(), 1);
        assert_eq!(other.question(async { 1 }).await, None, "no question while a job runs");
        drop(turn);
        assert_eq!(other.question(async { 1 }).await, Some(1));
    }

    #[tokio::test]
    async fn a_job_that_waits_can_be_cancelled_and_the_next_comes_on() {
        let turns = of("cancel");
        let first = turns.job(&cx()).await.unwrap();
        let waits = cx();
        let second = turns.job(&waits);
        let other = cx();
        let third = turns.job(&other);
        let cancel = async { waits.cancel.cancel() };
        let (second, ()) = tokio::join!(second, cancel);
        assert!(matches!(second, Err(BackendError::Cancelled)));
        drop(first);
        third.await.unwrap();
        assert_eq!(turns.ahead(), 0);
    }

    #[tokio::test]
    async fn jobs_come_in_the_order_they_asked() {
        let turns = of("order");
        let first = turns.job(&cx()).await.unwrap();
        let (cx_second, cx_third) = (cx(), cx());
        let mut second = Box::pin(turns.job(&cx_second));
        assert!(futures::poll!(&mut second).is_pending());
        let mut third = Box::pin(turns.job(&cx_third));
        assert!(futures::poll!(&mut third).is_pending());
        drop(first);
        let turn = second.await.unwrap();
        assert!(futures::poll!(&mut third).is_pending());
        drop(turn);
        third.await.unwrap();
    }
}
