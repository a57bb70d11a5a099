//! Answers what an SSH link asks while it is made: with what a person says, and nothing else.
//!
//! Credentials are remembered only after the link was made with them: in memory for reconnecting, and
//! in the keychain when the person said so.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use model::{
    ConnectionId, HostKeyQuestion, HostKeyVerdict, QuestionKind, Secret, SecretRef, SshAuth,
    SshHost, TunnelId,
};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer};
use tokio::sync::OwnedSemaphorePermit;

use super::{Answer, ask};
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
}

struct Given {
    hop: usize,
    method: usize,
    value: Secret<String>,
    remember: bool,
}

impl LinkAsker {
    pub(crate) fn new(
        shared: Arc<Shared>,
        subject: String,
        told_by: ToldBy,
        hosts: Vec<SshHost>,
    ) -> Self {
        let (turn, given) = Default::default();
        Self { shared, subject, told_by, turn, hosts, given }
    }

    /// The turn to log in that this attempt has.
    pub(crate) fn with_turn(mut self, turn: Option<OwnedSemaphorePermit>) -> Self {
        self.turn = Mutex::new(turn);
        self
    }

    /// Lets another attempt log in.
    pub(crate) fn end_turn(&self) {
        drop(self.turn.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    async fn ask(&self, question: QuestionKind) -> Option<Answer> {
        self.end_turn();
        ask(&self.shared, &self.subject, question).await
    }

    /// The link was made: keeps what it was made with.
    pub(crate) async fn keep_answers(&self) {
        let given = std::mem::take(&mut *self.given.lock().unwrap_or_else(PoisonError::into_inner));
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
        let verdict = question.verdict;
        match (self.ask(QuestionKind::HostKey(question)).await, verdict) {
            (Some(Answer::TrustHostKey), HostKeyVerdict::Unknown) => HostKeyAnswer::Trust,
            (Some(Answer::ReplaceHostKey { .. }), HostKeyVerdict::Changed) => {
                HostKeyAnswer::Replace
            }
            _ => HostKeyAnswer::Refuse,
        }
    }

    async fn credentials(&self, request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        let question = QuestionKind::Credentials {
            title: request.title,
            instruction: request.instruction,
            prompts: request.prompts,
            can_remember: request.can_remember,
            refused: request.refused,
        };
        let Some(Answer::Credentials { values, remember }) = self.ask(question).await else {
            return None;
        };
        if request.can_remember
            && let [value] = values.as_slice()
        {
            let given =
                Given { hop: request.hop, method: request.method, value: value.clone(), remember };
            let mut all = self.given.lock().unwrap_or_else(PoisonError::into_inner);
            // A later answer to the same prompt replaces the refused one.
            all.retain(|old| (old.hop, old.method) != (given.hop, given.method));
            all.push(given);
        }
        Some(values)
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
