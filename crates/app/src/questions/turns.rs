//! One question about one thing: several attempts may need the same answer at the same moment. The first
//! asks; the others wait, and go on with what it learned, or stop where the person declined.
//!
//! Deliberately not here: what is remembered for later.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use model::{HostKey, Secret, SshAuth, SshHost, SshHostId};
use ssh::HostKeyAnswer;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a person is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// The key shown at an address.
    HostKey(String),
    /// A login method of a host, by its position.
    Login(SshHostId, usize),
    /// The passphrase of a key file, whichever hosts it is for.
    KeyFile(String),
}

impl Matter {
    /// What a question about this login method of the host is about.
    pub(crate) fn of(host: &SshHost, method: usize) -> Self {
        match host.auth.get(method) {
            Some(SshAuth::KeyFile { path, .. }) => Self::KeyFile(path.clone()),
            _ => Self::Login(host.id.clone(), method),
        }
    }
}

/// How a matter was settled.
#[derive(Debug, Clone)]
pub(crate) enum Settled {
    Declined,
    /// What the person said works.
    LoggedIn,
    /// What the person said of a key file. Whoever has the file finds out without a server whether it is
    /// right, so nobody waits for a login.
    Passphrase {
        value: Secret<String>,
        remember: bool,
    },
    HostKey(HostKey, HostKeyAnswer),
}

/// When a matter was settled, and how.
pub(crate) type News = (u64, Settled);

/// Who asks about what, and what became of it.
#[derive(Default)]
pub(crate) struct Turns {
    places: Mutex<BTreeMap<Matter, Arc<Place>>>,
    clock: Arc<AtomicU64>,
}

struct Place {
    turn: Arc<Semaphore>,
    /// What came of it last, and when.
    settled: Mutex<Option<News>>,
    clock: Arc<AtomicU64>,
}

/// The right to ask. Dropped without a word, the next one asks.
pub(crate) struct Turn {
    place: Arc<Place>,
    _permit: OwnedSemaphorePermit,
}

impl Turns {
    /// Now, as `take` wants it: the number of matters that were settled so far.
    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Waits for the right to ask, or for how the matter was settled after `since`. Dropping the future
    /// gives up the wait.
    pub(crate) async fn take(&self, matter: Matter, since: u64) -> Result<Turn, News> {
        let place = self.place(matter);
        let permit = Arc::clone(&place.turn).acquire_owned().await;
        let settled = place.settled().clone();
        match (settled, permit) {
            (Some(news), _) if news.0 > since => Err(news),
            (_, Ok(permit)) => Ok(Turn { place, _permit: permit }),
            // Nobody closes it.
            (_, Err(_)) => Err((since, Settled::Declined)),
        }
    }

    fn place(&self, matter: Matter) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Place {
            turn: Arc::new(Semaphore::new(1)),
            settled: Mutex::default(),
            clock: Arc::clone(&self.clock),
        };
        Arc::clone(places.entry(matter).or_insert_with(|| Arc::new(new())))
    }
}

impl Place {
    fn settled(&self) -> MutexGuard<'_, Option<News>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Tells those that wait; gives when, as `take` wants it.
    pub(crate) fn settle(self, settled: Settled) -> u64 {
        let at = self.place.clock.fetch_add(1, Ordering::SeqCst) + 1;
        *self.place.settled() = Some((at, settled));
        at
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn matter() -> Matter {
        Matter::Login(SshHostId::from_raw("jump"), 0)
    }

    #[tokio::test]
    async fn those_that_wait_hear_how_it_was_settled_and_later_ones_ask_anew() {
        let turns = Turns::default();
        let Ok(first) = turns.take(matter(), turns.now()).await else { panic!("nobody asks") };
        let mut second = turns.take(matter(), turns.now()).boxed();
        assert!(futures::poll!(&mut second).is_pending());
        let elsewhere = Matter::Login(SshHostId::from_raw("other"), 0);
        assert!(turns.take(elsewhere, turns.now()).await.is_ok());
        first.settle(Settled::Declined);
        assert!(matches!(second.await, Err((_, Settled::Declined))));
        assert!(turns.take(matter(), turns.now()).await.is_ok());
    }

    #[tokio::test]
    async fn whoever_gives_up_leaves_the_question_to_the_next() {
        let turns = Turns::default();
        let first = turns.take(matter(), turns.now()).await;
        let mut second = turns.take(matter(), turns.now()).boxed();
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        assert!(second.await.is_ok());
    }
}
