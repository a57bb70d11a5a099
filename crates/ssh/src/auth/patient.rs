//! An agent that may take its time to sign: a person may have to touch a security key or to confirm.

use std::time::Duration;

use russh::Signer;
use russh::keys::agent::AgentIdentity;
use russh::keys::{Algorithm, Error, HashAlg};

use super::agent_ways::Agent;
use crate::interview::Interview;

/// As long as servers usually wait for a login.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Patient<'a> {
    pub(super) agent: &'a mut Agent,
    pub(super) interview: &'a Interview,
    pub(super) host_name: &'a str,
}

impl Signer for Patient<'_> {
    type Error = <Agent as Signer>::Error;

    async fn auth_sign(
        &mut self,
        key: &AgentIdentity,
        hash: Option<HashAlg>,
        to_sign: Vec<u8>,
    ) -> Result<Vec<u8>, Self::Error> {
        let _thinking = self.interview.thinking();
        if is_security_key(&key.public_key().algorithm()) {
            self.interview
                .stage(&format!("touch the security key to log in to {}", self.host_name));
        }
        let signing = self.agent.auth_sign(key, hash, to_sign);
        let signed = tokio::time::timeout(PATIENCE, signing).await;
        signed.unwrap_or_else(|_| Err(Error::AgentFailure.into()))
    }
}

fn is_security_key(algorithm: &Algorithm) -> bool {
    matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256)
}
