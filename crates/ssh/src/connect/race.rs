//! Who may speak while the addresses of one host are tried at the same time.
//!
//! An address that shows the right host key has won. One that shows another key waits: a person is asked
//! about it only when no address can prove right any more, about one address at a time, and never once any
//! of them has shown a key that was revoked.

use std::sync::{Arc, Mutex, PoisonError};

use model::{ErrorCode, Failure, HostAddress, HostKeyQuestion};
use tokio::sync::watch;

use crate::interview::Interview;
use crate::{HostKeyAnswer, Progress};

/// How an address does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may still prove right.
    Open,
    /// It has shown a key that nobody vouches for.
    Waiting(Failure),
    /// A person is being asked about its key.
    Asking,
    /// It is out.
    Out(Failure),
}

/// The addresses of one host.
#[derive(Debug)]
pub(super) struct Race(watch::Sender<Vec<Standing>>);

impl Race {
    pub(super) fn new(addresses: usize) -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(vec![Standing::Open; addresses])))
    }

    pub(super) fn set(&self, number: usize, standing: Standing) {
        self.0.send_modify(|standings| {
            if let Some(place) = standings.get_mut(number) {
                *place = standing;
            }
        });
    }

    pub(super) fn standing(&self, number: usize) -> Option<Standing> {
        self.0.borrow().get(number).cloned()
    }

    /// Resolves when this address has shown its key, or is out.
    pub(super) async fn settled(&self, number: usize) {
        let is_settled =
            |standings: &Vec<Standing>| !matches!(standings.get(number), Some(Standing::Open));
        let _ = self.0.subscribe().wait_for(is_settled).await;
    }

    /// Why it is certain that no address will be used, if it is.
    pub(super) fn verdict(&self) -> Option<Failure> {
        let standings = self.0.borrow();
        if standings.iter().any(|standing| matches!(standing, Standing::Open | Standing::Asking)) {
            return None;
        }
        revoked(&standings).cloned()
    }

    fn subscribe(&self) -> watch::Receiver<Vec<Standing>> {
        self.0.subscribe()
    }
}

fn revoked(standings: &[Standing]) -> Option<&Failure> {
    standings.iter().find_map(|standing| match standing {
        Standing::Out(failure) if failure.code == ErrorCode::HostKeyRevoked => Some(failure),
        _ => None,
    })
}

/// Whose key a person is asked about now: first one that has changed, which is the graver news.
fn next_to_ask(standings: &[Standing]) -> Option<usize> {
    let is_undecided =
        standings.iter().any(|standing| matches!(standing, Standing::Open | Standing::Asking));
    if is_undecided || revoked(standings).is_some() {
        return None;
    }
    let waits_with = |code: Option<ErrorCode>| {
        standings.iter().position(|standing| match standing {
            Standing::Waiting(failure) => code.is_none_or(|code| failure.code == code),
            _ => false,
        })
    };
    waits_with(Some(ErrorCode::HostKeyChanged)).or_else(|| waits_with(None))
}

/// One address in the race, and its voice towards whoever watches.
pub(crate) struct Entrant {
    pub(super) race: Arc<Race>,
    /// Which of the host's addresses this is.
    pub(super) number: usize,
    pub(super) address: HostAddress,
    /// Which machine on the way this is.
    pub(super) hop: usize,
    pub(super) interview: Arc<Interview>,
    /// What is told once this is the address that counts; none once it is.
    pub(super) held_back: Mutex<Option<Vec<Progress>>>,
}

impl Entrant {
    pub(crate) fn hop(&self) -> usize {
        self.hop
    }

    pub(crate) fn address(&self) -> &HostAddress {
        &self.address
    }

    pub(crate) fn stage(&self, stage: &str) {
        self.interview.stage(stage);
    }

    /// Tells progress, now or when this turns out to be the address that counts.
    pub(crate) fn progress(&self, progress: Progress) {
        match self.held_back().as_mut() {
            Some(held_back) => held_back.push(progress),
            None => self.interview.progress(progress),
        }
    }

    /// From now on everything is told at once, beginning with what was held back.
    pub(super) fn speak(&self) {
        let held_back = self.held_back().take();
        for progress in held_back.into_iter().flatten() {
            self.interview.progress(progress);
        }
    }

    fn held_back(&self) -> std::sync::MutexGuard<'_, Option<Vec<Progress>>> {
        self.held_back.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks a person about the key of this address, when it is its turn. `failure` is what there is to
    /// say of it if the turn does not come.
    pub(crate) async fn ask(&self, question: HostKeyQuestion, failure: Failure) -> HostKeyAnswer {
        self.race.set(self.number, Standing::Waiting(failure));
        let mut race = self.race.subscribe();
        let is_next = |standings: &Vec<Standing>| next_to_ask(standings) == Some(self.number);
        if race.wait_for(is_next).await.is_err() {
            return HostKeyAnswer::Refuse;
        }
        self.race.set(self.number, Standing::Asking);
        self.speak();
        self.interview.host_key(question).await
    }

    /// Runs a handshake for at most `limit` of its own time: neither the time a person thinks nor the
    /// time it waits for its turn counts.
    pub(super) async fn within<T>(
        &self,
        limit: std::time::Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let clock = async {
            let mut race = self.race.subscribe();
            let is_waiting = |standings: &Vec<Standing>| {
                matches!(standings.get(self.number), Some(Standing::Waiting(_)))
            };
            loop {
                let _ = race.wait_for(|standings| !is_waiting(standings)).await;
                tokio::select! {
                    () = self.interview.quiet_for(limit) => return,
                    _ = race.wait_for(is_waiting) => {}
                }
            }
        };
        tokio::select! {
            biased;
            result = work => Some(result),
            () = clock => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn failure(code: ErrorCode) -> Failure {
        Failure::new(code, "x")
    }

    #[test]
    fn nobody_is_asked_while_an_address_may_still_prove_right() {
        let unknown = Standing::Waiting(failure(ErrorCode::HostKeyUnknown));
        let changed = Standing::Waiting(failure(ErrorCode::HostKeyChanged));
        let dead = Standing::Out(failure(ErrorCode::Unreachable));
        let revoked = Standing::Out(failure(ErrorCode::HostKeyRevoked));
        let next = |standings: &[&Standing]| {
            next_to_ask(&standings.iter().map(|standing| (*standing).clone()).collect::<Vec<_>>())
        };
        assert_eq!(next(&[&unknown, &Standing::Open]), None);
        assert_eq!(next(&[&unknown, &dead]), Some(0));
        assert_eq!(next(&[&unknown, &changed, &dead]), Some(1));
        assert_eq!(next(&[&unknown, &Standing::Asking]), None);
        assert_eq!(next(&[&unknown, &revoked]), None);
        assert_eq!(next(&[&dead]), None);
    }

    fn any_standing() -> impl Strategy<Value = Standing> {
        prop_oneof![
            Just(Standing::Open),
            Just(Standing::Asking),
            Just(Standing::Waiting(failure(ErrorCode::HostKeyUnknown))),
            Just(Standing::Waiting(failure(ErrorCode::HostKeyChanged))),
            Just(Standing::Out(failure(ErrorCode::Unreachable))),
            Just(Standing::Out(failure(ErrorCode::HostKeyRevoked))),
        ]
    }

    proptest! {
        /// Whatever happened: the race goes on by itself, somebody is asked, or there is a verdict.
        #[test]
        fn no_race_hangs(standings in prop::collection::vec(any_standing(), 1..6)) {
            let race = Race(watch::Sender::new(standings.clone()));
            let goes_on = standings.iter().any(|s| matches!(s, Standing::Open | Standing::Asking));
            let is_out = standings.iter().all(|s| matches!(s, Standing::Out(_)));
            let next = next_to_ask(&standings);
            let ends = race.verdict().is_some();
            prop_assert!(goes_on || is_out || next.is_some() || ends);
            prop_assert!(!(next.is_some() && (goes_on || ends)));
        }
    }
}
