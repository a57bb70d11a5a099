//! Keys held by an agent: they sign there, and never come here.

use std::path::Path;
use std::time::Duration;

use backend_api::BackendError;
use russh::MethodKind;
use russh::client::AuthResult;
use russh::keys::agent::{AgentIdentity, AgentSessionBinding};

use super::agent_ways::{Agent, Way, ways};
use super::patient::Patient;
use super::{Login, Outcome};

/// How long an agent may take to say which keys it holds. Signing may take as long as a person needs.
const ANSWERS_WITHIN: Duration = Duration::from_secs(15);

impl Login<'_> {
    /// Offers each key of the agent until the server takes one.
    pub(super) async fn with_agent(
        &mut self,
        socket: Option<&Path>,
    ) -> Result<Outcome, BackendError> {
        let binding = self.handle.agent_session_binding().cloned();
        let (mut agent, identities) = match reach(socket, binding.as_ref()).await {
            Ok(reached) => reached,
            Err(problem) => return Ok(Outcome::Unusable(problem)),
        };
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
        let agent = &mut Patient { agent, interview: self.interview, host_name: &self.hop.name };
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

/// The first agent that holds keys, with its keys.
async fn reach(
    socket: Option<&Path>,
    binding: Option<&AgentSessionBinding>,
) -> Result<(Agent, Vec<AgentIdentity>), BackendError> {
    let mut has_answered = false;
    let mut silent = Vec::new();
    for way in ways(socket) {
        match tokio::time::timeout(ANSWERS_WITHIN, keys_of(&way, binding)).await {
            Ok(Ok((agent, keys))) if !keys.is_empty() => return Ok((agent, keys)),
            Ok(Ok(_)) => has_answered = true,
            Ok(Err(error)) => silent.push(format!("{way}: {error}")),
            Err(_) => {
                silent.push(format!("{way}: no answer within {} s", ANSWERS_WITHIN.as_secs()));
            }
        }
    }
    Err(match socket {
        _ if has_answered => BackendError::not_found("the SSH agent holds no keys")
            .with_hint("Add a key with ssh-add, or choose a key file."),
        Some(path) => BackendError::unreachable(format!(
            "the SSH agent at {} does not answer",
            path.display()
        ))
        .with_hint("Start the agent again, or choose a key file.")
        .with_detail(silent.join("\n")),
        None => none_runs(&silent),
    })
}

async fn keys_of(
    way: &Way,
    binding: Option<&AgentSessionBinding>,
) -> Result<(Agent, Vec<AgentIdentity>), russh::keys::Error> {
    let mut agent = way.connect().await?;
    if let Some(binding) = binding
        && let Err(error) = agent.bind_session(binding, false).await
    {
        // Only agents that know destination constraints answer this; the others need not.
        tracing::debug!(%error, "the agent does not bind sessions");
    }
    let keys = agent.request_identities().await?;
    Ok((agent, keys))
}

fn none_runs(silent: &[String]) -> BackendError {
    let hint = if cfg!(windows) {
        "Start the service \"OpenSSH Authentication Agent\" or Pageant and add a key to it, or choose \
         a key file."
    } else {
        "Start an agent and add a key with ssh-add, or choose a key file."
    };
    let problem = BackendError::not_found("no SSH agent is running").with_hint(hint);
    if silent.is_empty() { problem } else { problem.with_detail(silent.join("\n")) }
}
