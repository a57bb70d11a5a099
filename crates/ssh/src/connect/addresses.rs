//! The addresses of one host, tried at the same time with staggered starts. The first one that shows the
//! right host key is used; the others are closed before anybody logs in there.

use std::sync::Arc;
use std::time::Duration;

use backend_api::BackendError;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use model::{ErrorCode, Failure};

use super::race::{Entrant, Race, Standing};
use super::{Attempt, Shaken};
use crate::connection::Connection;
use crate::{Hop, Progress};

/// How long an address has to show its key before the next one is tried as well.
pub(super) const HEAD_START: Duration = Duration::from_millis(250);

type Running<'a> = FuturesUnordered<BoxFuture<'a, (Arc<Entrant>, Result<Shaken, BackendError>)>>;

impl Attempt<'_> {
    /// Finds the address that shows the right key.
    pub(super) async fn shake_hands(
        &self,
        index: usize,
        hop: &Hop,
        via: Option<&Connection>,
    ) -> Result<(Shaken, tokio_util::sync::DropGuard), BackendError> {
        let race = Race::new(hop.addresses.len());
        let entrants: Vec<Arc<Entrant>> = self.entrants(index, hop, &race);
        let mut waiting = entrants.iter();
        let mut running: Running<'_> = FuturesUnordered::new();
        let mut problems = Vec::new();
        loop {
            let newest = entrants.len() - waiting.len();
            if newest == 0 || (running.is_empty() && waiting.len() > 0) {
                let Some(first) = waiting.next() else { break };
                running.push(self.run(Arc::clone(first), hop, via));
                continue;
            }
            let next_start = async {
                let shown = race.settled(newest - 1);
                let _ = tokio::time::timeout(HEAD_START, shown).await;
            };
            tokio::select! {
                biased;
                done = running.next(), if !running.is_empty() => {
                    let Some((entrant, result)) = done else { break };
                    match self.judge(&entrant, result) {
                        Judged::Won(shaken) => return Ok(self.crown(&entrant, &entrants, *shaken)),
                        Judged::Over(error) => return Err(error),
                        Judged::Out(error) => problems.push(error),
                    }
                    if running.is_empty() && waiting.len() == 0 {
                        break;
                    }
                }
                () = next_start, if waiting.len() > 0 => {
                    if let Some(next) = waiting.next() {
                        running.push(self.run(Arc::clone(next), hop, via));
                    }
                }
            }
            if let Some(verdict) = race.verdict() {
                return Err(BackendError::Trust(verdict));
            }
        }
        Err(none_left(hop, problems))
    }

    fn entrants(&self, index: usize, hop: &Hop, race: &Arc<Race>) -> Vec<Arc<Entrant>> {
        let is_alone = hop.addresses.len() == 1;
        let entrant = |(number, address): (usize, &model::HostAddress)| {
            Arc::new(Entrant {
                race: Arc::clone(race),
                number,
                address: address.clone(),
                hop: index,
                interview: Arc::clone(self.interview),
                held_back: (!is_alone).then(Vec::new).into(),
            })
        };
        hop.addresses.iter().enumerate().map(entrant).collect()
    }

    fn run<'a>(
        &'a self,
        entrant: Arc<Entrant>,
        hop: &'a Hop,
        via: Option<&'a Connection>,
    ) -> BoxFuture<'a, (Arc<Entrant>, Result<Shaken, BackendError>)> {
        Box::pin(async move {
            let result = self.try_address(&entrant, hop, via).await;
            (entrant, result)
        })
    }

    fn judge(&self, entrant: &Entrant, result: Result<Shaken, BackendError>) -> Judged {
        let error = match result {
            Ok(shaken) => return Judged::Won(Box::new(shaken)),
            Err(error) => error,
        };
        let was_asked = entrant.race.standing(entrant.number) == Some(Standing::Asking);
        let failure = Failure::from(error.clone());
        entrant.race.set(entrant.number, Standing::Out(failure.clone()));
        if was_asked && !matches!(error, BackendError::Unreachable(_)) {
            return Judged::Over(error);
        }
        self.failed(entrant, failure);
        Judged::Out(error)
    }

    fn failed(&self, entrant: &Entrant, failure: Failure) {
        let (hop, address) = (entrant.hop, entrant.address.clone());
        self.interview.progress(Progress::AddressFailed { hop, address, failure });
    }

    /// The winner speaks from now on; those that showed another key are reported.
    fn crown(
        &self,
        winner: &Entrant,
        all: &[Arc<Entrant>],
        shaken: Shaken,
    ) -> (Shaken, tokio_util::sync::DropGuard) {
        for loser in all.iter().filter(|entrant| entrant.number != winner.number) {
            if let Some(Standing::Waiting(failure)) = winner.race.standing(loser.number) {
                self.failed(loser, failure);
            }
        }
        winner.speak();
        let guard = shaken.lot.cut.clone().drop_guard();
        (shaken, guard)
    }
}

/// What the end of one address means for the race.
enum Judged {
    Won(Box<Shaken>),
    /// A person has decided.
    Over(BackendError),
    Out(BackendError),
}

/// What to say when no address is left: anything but silence is news.
fn none_left(hop: &Hop, mut problems: Vec<BackendError>) -> BackendError {
    let gravity = |error: &BackendError| match Failure::from(error.clone()).code {
        ErrorCode::HostKeyRevoked => 0,
        ErrorCode::HostKeyChanged => 1,
        ErrorCode::HostKeyUnknown => 2,
        ErrorCode::Unreachable => 4,
        _ => 3,
    };
    problems.sort_by_key(gravity);
    let silent = problems.iter().all(|error| matches!(error, BackendError::Unreachable(_)));
    if problems.len() > 1 && silent {
        let others: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return BackendError::unreachable(format!(
            "cannot reach {} at any of its {} addresses",
            hop.name,
            others.len()
        ))
        .with_hint("Check the network or VPN, and the addresses of the host.")
        .with_detail(others.join("\n"));
    }
    problems.into_iter().next().unwrap_or_else(|| {
        BackendError::invalid(format!("{} has no address", hop.name))
            .with_hint("Add the address of the host.")
    })
}
