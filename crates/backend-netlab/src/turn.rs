//! Whose turn it is on a server: one job at a time, first come first served, and no question in between that
//! would disturb it.
//!
//! All sessions of this process to one server share its turns, whichever connection they belong to.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use backend_api::{BackendError, Cx};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use crate::api::STATUS_DEADLINE;

/// An answer that fails later than this was waited for, and the server may still make it.
const IN_VAIN: Duration = Duration::from_secs(5);

/// The turns of one server.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Fair: whoever waits longest is next.
    turn: Arc<Semaphore>,
    /// How many jobs wait for their turn or have it.
    jobs: watch::Sender<usize>,
    /// Numbers of labs that are being made: the server does not know of them yet.
    reserved: Mutex<HashMap<u16, String>>,
    /// Until when the server may work on a question that nobody waits for any more.
    rests_until: Mutex<Option<Instant>>,
}

/// A question that is asked. Dropped before its end, it leaves the server at work on it.
struct Question<'a> {
    turns: &'a Turns,
    is_over: bool,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.turns.rest();
        }
    }
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
        rests_until: Mutex::default(),
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
        let rested = async {
            let permit = turn.await.map_err(|_| BackendError::Cancelled)?;
            if let Some(until) = self.rests_until() {
                tokio::time::sleep_until(until).await;
            }
            Ok(permit)
        };
        let permit = cx.until_cancelled(rested).await?;
        Ok(Turn { _permit: permit, _waiting: waiting })
    }

    /// Runs a question that no job may see; none when a job of ours runs or waits, or an earlier question may still
    /// be answered. A job that comes meanwhile waits for the question, also for one that was given up.
    pub(crate) async fn question<T>(
        &self,
        ask: impl Future<Output = Result<T, BackendError>> + Send,
    ) -> Option<Result<T, BackendError>> {
        let mut jobs = self.jobs.subscribe();
        let permit = tokio::select! {
            biased;
            _ = jobs.wait_for(|jobs| *jobs > 0) => return None,
            permit = self.turn.acquire() => permit.ok()?,
        };
        if self.rests_until().is_some() {
            return None;
        }
        let began = Instant::now();
        let mut question = Question { turns: self, is_over: false };
        let answer = ask.await;
        question.is_over = match &answer {
            Err(BackendError::Cancelled) => false,
            // Refused at once, or waited for in vain.
            Err(BackendError::Unreachable(_)) => began.elapsed() < IN_VAIN,
            _ => true,
        };
        drop(question);
        drop(permit);
        Some(answer)
    }

    /// From now on the server may work on a question that nobody waits for any more.
    pub(crate) fn rest(&self) {
        let mut rests = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        *rests = Some(Instant::now() + STATUS_DEADLINE);
    }

    /// None when that time is over.
    fn rests_until(&self) -> Option<Instant> {
        let rests = self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        rests.filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use backend_api::{BackendError, Cx};
    use tokio_util::sync::CancellationToken;

    use std::time::Duration;

    use tokio::time::Instant;

    use super::{STATUS_DEADLINE, of};

    fn cx() -> Cx {
        Cx::new(CancellationToken::new())
    }

    #[tokio::test]
    async fn sessions_of_one_server_share_its_turns() {
        let (one, other) = (of("share"), of("share"));
        assert!(Arc::ptr_eq(&one, &other) && !Arc::ptr_eq(&one, &of("another")));
        let turn = one.job(&cx()).await.unwrap();
        assert_eq!(other.ahead(), 1);
        assert_eq!(
            other.question(async { Ok(1) }).await.map(Result::ok),
            None,
            "no question while a job runs"
        );
        drop(turn);
        assert_eq!(other.question(async { Ok(1) }).await.map(Result::ok), Some(Some(1)));
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

    #[tokio::test(start_paused = true)]
    async fn a_job_waits_until_a_question_that_was_given_up_must_be_over() {
        let turns = of("rest");
        let never = turns.question(std::future::pending::<Result<(), BackendError>>());
        assert!(tokio::time::timeout(Duration::from_secs(1), never).await.is_err());
        assert!(turns.question(async { Ok(()) }).await.is_none(), "the next is not asked either");
        let began = Instant::now();
        let turn = turns.job(&cx()).await.unwrap();
        assert!(began.elapsed() >= STATUS_DEADLINE, "{:?}", began.elapsed());
        drop(turn);
        let cancelled = turns.question(async { Err::<(), _>(BackendError::Cancelled) }).await;
        assert!(cancelled.is_some());
        let waiting = cx();
        let waits = turns.job(&waiting);
        assert!(tokio::time::timeout(Duration::from_secs(20), waits).await.is_err());
    }
}
