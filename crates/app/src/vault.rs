//! Secrets with a person at hand: asks for the vault's passphrase where there is no keychain.
//!
//! How secrets are kept is the business of `secrets`.

use std::sync::Arc;

use model::{ErrorCode, Failure, QuestionKind, Secret, SecretRef};
use secrets::{Kept, Secrets, SecretsError};
use tokio::sync::Semaphore;

use crate::{
    questions::{Answer, ask},
    shared::Shared,
};

/// The keeper of secrets, and the one question about it at a time.
pub(crate) struct Vault {
    secrets: Secrets,
    asking: Semaphore,
}

impl Vault {
    pub(crate) fn new(secrets: Secrets) -> Self {
        Self { secrets, asking: Semaphore::new(1) }
    }

    /// Where secrets are kept now.
    pub(crate) async fn state(&self) -> Kept {
        self.secrets.state().await
    }

    /// The value of `name`. None when it was never kept, or the person keeps the vault locked.
    pub(crate) async fn read(
        &self,
        shared: &Arc<Shared>,
        subject: &str,
        name: &SecretRef,
    ) -> Result<Option<Secret<String>>, Failure> {
        match self.secrets.get(name).await {
            Ok(value) => Ok(value),
            Err(SecretsError::VaultMissing) => Ok(None),
            Err(SecretsError::VaultLocked) => match self.read_locked(shared, subject, name).await {
                Err(failure) if failure.code == ErrorCode::SecretsLocked => {
                    tracing::info!(%failure, "a stored secret stays locked");
                    Ok(None)
                }
                read => read,
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a value, asking for the vault's passphrase where that is needed.
    pub(crate) async fn write(
        &self,
        shared: &Arc<Shared>,
        subject: &str,
        name: &SecretRef,
        value: Secret<String>,
    ) -> Result<(), Failure> {
        match self.secrets.set(name, value.clone()).await {
            Ok(()) => Ok(()),
            Err(SecretsError::VaultMissing | SecretsError::VaultLocked) => {
                self.open(shared, subject).await?;
                Ok(self.secrets.set(name, value).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets a value, in a locked vault too. False when it may still be kept.
    pub(crate) async fn forget(&self, name: &SecretRef) -> bool {
        let forgotten = self.secrets.delete(name).await;
        if let Err(error) = &forgotten {
            tracing::warn!(%error, secret = name.as_str(), "a secret could not be forgotten");
        }
        forgotten.is_ok()
    }

    async fn open(&self, shared: &Arc<Shared>, subject: &str) -> Result<(), Failure> {
        let Ok(_permit) = self.asking.acquire().await else {
            return Err(SecretsError::VaultLocked.into());
        };
        let mut refused = None;
        loop {
            let is_new = match self.secrets.state().await {
                Kept::Keychain { .. } | Kept::VaultUnlocked => return Ok(()),
                Kept::VaultMissing => true,
                Kept::VaultLocked => false,
            };
            refused = match self.ask_for(shared, subject, is_new, refused).await? {
                Asked::Opened => return Ok(()),
                Asked::Refused(why) => Some(why),
            };
        }
    }

    /// Reads what the vault holds once a person has opened it. There may be a keychain too: one that came
    /// after the vault was made.
    async fn read_locked(
        &self,
        shared: &Arc<Shared>,
        subject: &str,
        name: &SecretRef,
    ) -> Result<Option<Secret<String>>, Failure> {
        let Ok(_permit) = self.asking.acquire().await else {
            return Err(SecretsError::VaultLocked.into());
        };
        let mut refused = None;
        loop {
            // Somebody else may have had it opened meanwhile.
            match self.secrets.get(name).await {
                Err(SecretsError::VaultLocked) => {}
                read => return Ok(read?),
            }
            refused = match self.ask_for(shared, subject, false, refused).await? {
                Asked::Opened => None,
                Asked::Refused(why) => Some(why),
            };
        }
    }

    async fn ask_for(
        &self,
        shared: &Arc<Shared>,
        subject: &str,
        is_new: bool,
        refused: Option<String>,
    ) -> Result<Asked, Failure> {
        let question = QuestionKind::VaultPassphrase { is_new, refused };
        let Some(Answer::VaultPassphrase { passphrase }) = ask(shared, subject, question).await
        else {
            let error = if is_new { SecretsError::VaultMissing } else { SecretsError::VaultLocked };
            return Err(error.into());
        };
        let opened = match is_new {
            true => self.secrets.vault_create(passphrase).await,
            false => self.secrets.vault_unlock(passphrase).await,
        };
        match opened {
            Ok(()) => Ok(Asked::Opened),
            Err(error @ (SecretsError::WrongPassphrase | SecretsError::EmptyPassphrase)) => {
                Ok(Asked::Refused(error.to_string()))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// What came of asking for the vault's passphrase.
enum Asked {
    Opened,
    Refused(String),
}
