//! Answers what an SSH link asks while it is made: with what a person says, and nothing else.
//!
//! Credentials are remembered only after the link was made with them: in memory for reconnecting, and
//! in the keychain when the person said so.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use model::{
    ConnectionId, HostKeyQuestion, HostKeyVerdict, QuestionKind, Secret, SecretRef, SshAuth,
    SshHost,
};
use ssh::{Asker, CredentialsRequest, HostKeyAnswer};

use super::{Answer, ask};
use crate::{sessions, shared::Shared};

/// Answers for one attempt to make a link.
pub(crate) struct LinkAsker {
    pub(crate) shared: Arc<Shared>,
    /// The connection's name, for the person.
    pub(crate) subject: String,
    pub(crate) connection_id: ConnectionId,
    pub(crate) attempt: u64,
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
        connection_id: ConnectionId,
        attempt: u64,
        hosts: Vec<SshHost>,
    ) -> Self {
        Self { shared, subject, connection_id, attempt, hosts, given: Mutex::default() }
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
        match (ask(&self.shared, &self.subject, QuestionKind::HostKey(question)).await, verdict) {
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
        let Some(Answer::Credentials { values, remember }) =
            ask(&self.shared, &self.subject, question).await
        else {
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
        sessions::post_stage(&self.shared, &self.connection_id, self.attempt, stage);
    }
}
