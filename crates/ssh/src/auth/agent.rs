//! Keys held by an agent: they sign there, and never come here.

use std::path::Path;

use backend_api::BackendError;
use russh::MethodKind;
use russh::client::AuthResult;
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::{AgentClient, AgentStream};

use super::{Login, Outcome};

type Agent = AgentClient<Box<dyn AgentStream + Send + Unpin>>;

impl Login<'_> {
    /// Offers each key of the agent until the server takes one.
    pub(super) async fn with_agent(
        &mut self,
        socket: Option<&Path>,
    ) -> Result<Outcome, BackendError> {
        let mut agent = match connect(socket).await {
            Ok(agent) => agent,
            Err(problem) => return Ok(Outcome::Unusable(problem)),
        };
        if let Some(binding) = self.handle.agent_session_binding().cloned() {
            // Only agents that know destination constraints answer this; the others need not.
            if let Err(error) = agent.bind_session(&binding, false).await {
                tracing::debug!(%error, "the agent does not bind sessions");
            }
        }
        let identities = match agent.request_identities().await {
            Ok(identities) => identities,
            Err(error) => return Ok(Outcome::Unusable(no_answer(socket, &error.to_string()))),
        };
        if identities.is_empty() {
            return Ok(Outcome::Unusable(
                BackendError::not_found("the SSH agent holds no keys")
                    .with_hint("Add a key with ssh-add, or choose a key file."),
            ));
        }
        for identity in identities {
            let outcome = self.offer(&mut agent, identity).await?;
            // A server that takes no keys is not bothered with the rest: it counts attempts.
            let goes_on = !self.handle.is_closed() && self.offered.contains(&MethodKind::PublicKey);
            if !matches!(outcome, Outcome::Refused) || !goes_on {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Refused)
    }

    async fn offer(
        &mut self,
        agent: &mut Agent,
        identity: AgentIdentity,
    ) -> Result<Outcome, BackendError> {
        let Ok(hash) = self.signing_hash(&identity.public_key().algorithm()).await? else {
            return Ok(Outcome::Refused);
        };
        self.offering(&identity.public_key());
        let user = &self.hop.user;
        let result = match identity {
            AgentIdentity::PublicKey { key, .. } => {
                self.handle.authenticate_publickey_with(user, key, hash, agent).await
            }
            AgentIdentity::Certificate { certificate, .. } => {
                self.handle.authenticate_certificate_with(user, certificate, hash, agent).await
            }
        };
        let result = result.unwrap_or_else(|error| {
            // A key that the agent declines to use is as good as one that the server refuses.
            tracing::debug!(%error, "the agent does not sign");
            AuthResult::Failure { remaining_methods: self.offered.clone(), partial_success: false }
        });
        Ok(self.outcome(result))
    }
}

#[cfg(unix)]
async fn connect(socket: Option<&Path>) -> Result<Agent, BackendError> {
    let Some(path) = socket else {
        return Err(BackendError::not_found("no SSH agent is running")
            .with_hint("Start an agent and add a key with ssh-add, or choose a key file."));
    };
    let agent = AgentClient::connect_uds(path).await;
    agent.map(AgentClient::dynamic).map_err(|error| no_answer(socket, &error.to_string()))
}

#[cfg(windows)]
async fn connect(socket: Option<&Path>) -> Result<Agent, BackendError> {
    let agent = match socket {
        Some(pipe) => AgentClient::connect_named_pipe(pipe).await.map(AgentClient::dynamic),
        None => AgentClient::connect_pageant().await.map(AgentClient::dynamic),
    };
    agent.map_err(|error| no_answer(socket, &error.to_string()))
}

fn no_answer(socket: Option<&Path>, detail: &str) -> BackendError {
    let message = match socket {
        Some(path) => format!("the SSH agent at {} does not answer", path.display()),
        None => "the SSH agent does not answer".to_owned(),
    };
    BackendError::unreachable(message)
        .with_hint("Start the agent again, or choose a key file.")
        .with_detail(detail)
}
