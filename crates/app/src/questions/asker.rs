//! Answers what an SSH link asks while it is made: with what a person says, and nothing else.
//!
//! Credentials are remembered only after a login with them: in memory for reconnecting, and, once the whole
//! link was made, in the keychain when the person said so.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use model::{
    ConnectionId, HostKeyQuestion, QuestionKind, Secret, SecretRef, SshAuth, SshHost, TunnelId,
};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer, Progress};
use tokio::sync::OwnedSemaphorePermit;

use super::{
    Answer, ask,
    once::{Asking, Declined},
};
use crate::{sessions, shared::Shared, tunnels};

/// Whose state says what an attempt to make a link is doing.
#[derive(Debug, Clone)]
pub(crate) enum ToldBy {
    Connection {
        id: ConnectionId,
        attempt: u64,
    },
    Tunnel {
        id: TunnelId,
        attempt: u64,
    },
    /// The attempt is nobody's: a test, a login for one purpose.
    Nobody,
}

/// Answers for one attempt to make a link.
pub(crate) struct LinkAsker {
    pub(crate) shared: Arc<Shared>,
    /// The name of the connection or tunnel, for the person.
    pub(crate) subject: String,
    told_by: ToldBy,
    /// Given back as soon as a person is asked, who may take their time.
    turn: Mutex<Option<OwnedSemaphorePermit>>,
    /// The hops in their order; the last is the target.
    pub(crate) hosts: Vec<SshHost>,
    given: Mutex<Vec<Given>>,
    /// The hop that was told of last.
    reached: AtomicUsize,
    pub(super) shared_questions: Option<Asking>,
}

/// What the person said for a login.
pub(super) struct Given {
    pub(super) hop: usize,
    pub(super) method: usize,
    pub(super) value: Secret<String>,
    pub(super) remember: bool,
}

impl LinkAsker {
    pub(crate) fn new(
        shared: Arc<Shared>,
        subject: String,
        told_by: ToldBy,
        hosts: Vec<SshHost>,
    ) -> Self {
        let (turn, given, reached) = Default::default();
        let shared_questions = None;
        Self { shared, subject, told_by, turn, hosts, given, reached, shared_questions }
    }

    /// What several attempts want to know at the same moment is asked once, from now on.
    pub(crate) fn sharing_questions(mut self) -> Self {
        let since = self.shared.links.questions.now();
        self.shared_questions = Some(Asking::new(since));
        self
    }

    /// The turn to log in that this attempt has.
    pub(crate) fn has_turn(&self, turn: Option<OwnedSemaphorePermit>) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }

    /// Lets another attempt log in.
    fn end_turn(&self) {
        self.has_turn(None);
    }

    /// The attempt is over, whatever it came to: others log in, and ask.
    pub(crate) fn ended(&self) {
        self.end_turn();
        if let Some(asking) = &self.shared_questions {
            asking.end();
        }
    }

    /// The position of the machine at which the attempt is, or where it ended.
    pub(crate) fn reached(&self) -> usize {
        self.reached.load(Ordering::Relaxed)
    }

    pub(super) async fn ask(&self, question: QuestionKind) -> Option<Answer> {
        self.end_turn();
        ask(&self.shared, &self.subject, question).await
    }

    /// The link was made: keeps what it was made with.
    pub(crate) async fn keep_answers(&self) {
        let given = std::mem::take(&mut *self.given());
        for answer in given {
            let Some(host) = self.hosts.get(answer.hop) else { continue };
            self.shared.links.memory.keep(host, answer.method, answer.value.clone());
            if answer.remember
                && let Err(failure) = self.store(host, answer.method, answer.value).await
            {
                tracing::warn!(%failure, "a credential could not be remembered");
            }
        }
    }

    pub(super) fn given(&self) -> MutexGuard<'_, Vec<Given>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A later answer to the same prompt replaces the refused one.
    pub(super) fn was_given(&self, given: Given) {
        let mut all = self.given();
        all.retain(|old| (old.hop, old.method) != (given.hop, given.method));
        all.push(given);
    }

    async fn store(
        &self,
        host: &SshHost,
        method: usize,
        value: Secret<String>,
    ) -> Result<(), model::Failure> {
        let stored = self.shared.store.get_ssh_host(&host.id).await?;
        // What was logged in to may be a form that was never saved, or what the host was before.
        let same = stored.filter(|stored| sessions::is_same_login(stored, host, method));
        let Some(mut host) = same else { return Ok(()) };
        let slot = match host.auth.get_mut(method) {
            Some(SshAuth::KeyFile { passphrase, .. }) => passphrase,
            Some(SshAuth::Password { secret }) => secret,
            Some(SshAuth::Agent { .. } | SshAuth::KeyboardInteractive) | None => return Ok(()),
        };
        let name = slot.get_or_insert_with(|| SecretRef::generate("ssh")).clone();
        self.shared.vault.write(&self.shared, &self.subject, &name, value).await?;
        self.shared.store.put_ssh_host(&host).await?;
        let job = move |state: &mut crate::state::State| {
            state.ssh_hosts.insert(host.id.clone(), host);
            state.changes.is_connections = true;
        };
        self.shared.owner.with(job).await
    }
}

#[async_trait]
impl Asker for LinkAsker {
    async fn host_key(&self, question: HostKeyQuestion) -> HostKeyAnswer {
        self.host_key_once(question).await
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        match self.learned(&request).await {
            Ok(None) => {}
            Ok(Some(value)) => return Some(vec![value]),
            Err(Declined) => return None,
        }
        let CredentialsRequest { hop, method, can_remember, .. } = request;
        let question = QuestionKind::Credentials {
            title: request.title,
            instruction: request.instruction,
            prompts: request.prompts,
            can_remember,
            refused: request.refused,
        };
        let Some(Answer::Credentials { values, remember }) = self.ask(question).await else {
            self.declined(hop, method);
            return None;
        };
        if can_remember && let [value] = values.as_slice() {
            let given = Given { hop, method, value: value.clone(), remember };
            self.answered(&given);
            self.was_given(given);
        }
        Some(values)
    }

    fn progress(&self, progress: Progress) {
        self.reached.store(progress.hop(), Ordering::Relaxed);
        if let Progress::LoggedIn { hop, .. } = progress {
            self.logged_in(hop);
        }
    }

    fn stage(&self, stage: &str) {
        match &self.told_by {
            ToldBy::Connection { id, attempt } => {
                sessions::post_stage(&self.shared, id, *attempt, stage);
            }
            ToldBy::Tunnel { id, attempt } => {
                tunnels::post_stage(&self.shared, id, *attempt, stage);
            }
            ToldBy::Nobody => {}
        }
    }
}
