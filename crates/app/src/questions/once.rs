//! Asking for several attempts at once: what one of them learns, the others go on with.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{HostKey, HostKeyQuestion, HostKeyVerdict, QuestionKind, Secret, SshAuth};
use ssh::{CredentialsRequest, HostKeyAnswer};

use super::{
    Answer,
    asker::{Given, LinkAsker},
    turns::{Matter, Settled, Turn},
};

/// What an attempt asks for others too.
pub(super) struct Asking {
    /// What was settled since is news to this attempt.
    since: u64,
    /// By hop and method; held until the answer has proven good.
    turns: Mutex<BTreeMap<(usize, usize), Step>>,
    /// A host key that was accepted and may not be written down yet.
    accepted: Mutex<Option<(Turn, HostKey, HostKeyAnswer)>>,
}

enum Step {
    /// This attempt asks.
    Asks(Turn),
    /// An answer was used that was had then.
    Taught(u64),
}

/// The person said no to whoever asked first.
pub(super) struct Declined;

impl Asking {
    pub(super) fn new(since: u64) -> Self {
        Self { since, turns: Mutex::default(), accepted: Mutex::default() }
    }

    /// Lets others ask.
    pub(super) fn end(&self) {
        self.key_is_kept();
        self.turns().clear();
    }

    /// The attempt went on: the host key it accepted is known, and those that come from now on ask nobody.
    fn key_is_kept(&self) {
        let accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((turn, shown, answer)) = accepted {
            turn.settle(Settled::HostKey(shown, answer));
        }
    }

    fn key_is_judged(&self, turn: Turn, shown: HostKey, answer: HostKeyAnswer) {
        if answer == HostKeyAnswer::Refuse {
            turn.settle(Settled::HostKey(shown, answer));
            return;
        }
        let mut accepted = self.accepted.lock().unwrap_or_else(PoisonError::into_inner);
        *accepted = Some((turn, shown, answer));
    }

    fn turns(&self) -> MutexGuard<'_, BTreeMap<(usize, usize), Step>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Asking {
    /// An attempt that is given up after a host key was accepted takes the answer back from nobody.
    fn drop(&mut self) {
        self.key_is_kept();
    }
}

impl LinkAsker {
    /// What another attempt learned that asked first; none when this one is to ask. `Err` when the person
    /// declined there.
    pub(super) async fn learned(
        &self,
        request: &CredentialsRequest,
    ) -> Result<Option<Secret<String>>, Declined> {
        let (Some(asking), Some(host)) = (&self.shared_questions, self.hosts.get(request.hop))
        else {
            return Ok(None);
        };
        asking.key_is_kept();
        let step = (request.hop, request.method);
        let has_asked = matches!(asking.turns().get(&step), Some(Step::Asks(_)));
        if has_asked {
            return Ok(None);
        }
        // What somebody else was told, and is refused here, is asked about again.
        let mut since = match asking.turns().get(&step) {
            Some(Step::Taught(at)) => *at,
            _ => asking.since,
        };
        loop {
            let matter = Matter::of(host, request.method);
            match self.shared.links.questions.take(matter, since).await {
                Ok(turn) => {
                    asking.turns().insert(step, Step::Asks(turn));
                    return Ok(None);
                }
                Err((_, Settled::Declined)) => return Err(Declined),
                Err((at, Settled::Passphrase { value, remember })) => {
                    asking.turns().insert(step, Step::Taught(at));
                    let CredentialsRequest { hop, method, .. } = *request;
                    self.was_given(Given { hop, method, value: value.clone(), remember });
                    return Ok(Some(value));
                }
                Err((at, _)) => since = at,
            }
            if request.can_remember
                && request.prompts.len() == 1
                && let Some(value) = self.shared.links.memory.get(host, request.method)
            {
                asking.turns().insert(step, Step::Taught(since));
                return Ok(Some(value));
            }
        }
    }

    /// The person answered: a passphrase serves those at once that wait for the same key.
    pub(super) fn answered(&self, given: &Given) {
        let Some(asking) = &self.shared_questions else { return };
        let Some(host) = self.hosts.get(given.hop) else { return };
        if !matches!(host.auth.get(given.method), Some(SshAuth::KeyFile { .. })) {
            return;
        }
        let step = (given.hop, given.method);
        let before = asking.turns().remove(&step);
        if let Some(Step::Asks(turn)) = before {
            let (value, remember) = (given.value.clone(), given.remember);
            let at = turn.settle(Settled::Passphrase { value, remember });
            asking.turns().insert(step, Step::Taught(at));
        }
    }

    pub(super) fn declined(&self, hop: usize, method: usize) {
        let Some(asking) = &self.shared_questions else { return };
        if let Some(Step::Asks(turn)) = asking.turns().remove(&(hop, method)) {
            turn.settle(Settled::Declined);
        }
    }

    /// What the person said for this hop works: those that wait for it go on.
    pub(super) fn logged_in(&self, hop: usize) {
        let Some(asking) = &self.shared_questions else { return };
        asking.key_is_kept();
        let Some(host) = self.hosts.get(hop) else { return };
        for given in self.given().iter().filter(|given| given.hop == hop) {
            self.shared.links.memory.keep(host, given.method, given.value.clone());
        }
        let all = std::mem::take(&mut *asking.turns());
        let (of_hop, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            all.into_iter().partition(|((of, _), _)| *of == hop);
        *asking.turns() = others;
        for step in of_hop.into_values() {
            if let Step::Asks(turn) = step {
                turn.settle(Settled::LoggedIn);
            }
        }
    }

    /// Judges a host key by what the person says of it, to this attempt or to another one.
    pub(super) async fn host_key_once(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        let Some(asking) = &self.shared_questions else { return self.judge(question).await };
        asking.key_is_kept();
        let mut since = asking.since;
        loop {
            let matter = Matter::HostKey(question.address.to_string());
            match self.shared.links.questions.take(matter, since).await {
                Ok(turn) => {
                    let shown = question.shown.clone();
                    let answer = self.judge(question).await;
                    asking.key_is_judged(turn, shown, answer);
                    return answer;
                }
                Err((_, Settled::HostKey(shown, answer))) if shown == question.shown => {
                    return answer;
                }
                Err((at, _)) => since = at,
            }
        }
    }

    async fn judge(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        let verdict = question.verdict;
        match (self.ask(QuestionKind::HostKey(question)).await, verdict) {
            (Some(Answer::TrustHostKey), HostKeyVerdict::Unknown) => HostKeyAnswer::Trust,
            (Some(Answer::ReplaceHostKey { .. }), HostKeyVerdict::Changed) => {
                HostKeyAnswer::Replace
            }
            _ => HostKeyAnswer::Refuse,
        }
    }
}
