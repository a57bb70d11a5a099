//! Secrets: from a `SecretRef` to its value, through the system's keychain or a passphrase vault.
//!
//! Owns: the keychain entries, the encrypted files beside them, the vault. Deliberately not here:
//! asking a person anything, and plaintext on disk in any form.

mod derive;
mod entry;
mod error;
mod file;
mod keeper;
mod keychain;
mod long;
mod seal;
#[cfg(test)]
mod tests;
mod vault;
mod worker;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::{Secret, SecretRef};

use keeper::Keeper;
use keychain::Keychain;
use worker::Worker;

pub use error::SecretsError;

/// A person may need this long to answer the keychain's prompt.
const DEADLINE: Duration = Duration::from_secs(20);

/// Whether the system's keychain may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemKeychain {
    /// Use it when it answers.
    UseIt,
    /// Behave as if there were none: for tests, and for a person who prefers the vault.
    DoWithout,
}

/// Where secrets are kept at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In the system's keychain, by this name.
    Keychain { name: String },
    /// Nowhere: no keychain answers and no vault was made.
    VaultMissing,
    /// In the vault, which waits for its passphrase.
    VaultLocked,
    /// In the vault, which is open.
    VaultUnlocked,
}

/// The keeper of secrets. Clones share it. Every call ends within 20 seconds; what was read once is
/// kept in memory until the last clone is dropped.
#[derive(Clone)]
pub struct Secrets {
    worker: Worker,
    cache: Arc<Cache>,
}

impl Secrets {
    /// Uses `folder` for the encrypted files. Touches neither disk nor keychain yet.
    #[must_use]
    pub fn open(folder: &Path, system: SystemKeychain) -> Self {
        Self::with(folder, Keychain::new(system), DEADLINE)
    }

    fn with(folder: &Path, keychain: Keychain, deadline: Duration) -> Self {
        let worker = Worker::start(Keeper::new(folder, keychain), deadline);
        Self { worker, cache: Arc::default() }
    }

    /// The value of `name`, or none when it was never kept.
    pub async fn get(&self, name: &SecretRef) -> Result<Option<Secret<String>>, SecretsError> {
        if let Some(value) = self.cache.get(name) {
            return Ok(Some(value));
        }
        let (cache, name) = (Arc::clone(&self.cache), name.clone());
        let job = move |keeper: &mut Keeper| {
            // Another caller may have read it while this one waited for its turn.
            if let Some(value) = cache.get(&name) {
                return Ok(Some(value));
            }
            let value = keeper.get(&name)?;
            if let Some(value) = &value {
                cache.put(&name, value.clone());
            }
            Ok(value)
        };
        self.worker.ask(job).await
    }

    /// Keeps `value` under `name`, instead of an earlier value.
    pub async fn set(&self, name: &SecretRef, value: Secret<String>) -> Result<(), SecretsError> {
        let (cache, name) = (Arc::clone(&self.cache), name.clone());
        let job = move |keeper: &mut Keeper| {
            cache.forget(&name);
            keeper.set(&name, value.clone())?;
            cache.put(&name, value);
            Ok(())
        };
        self.worker.ask(job).await
    }

    /// Forgets `name`; fine when it was never kept.
    pub async fn delete(&self, name: &SecretRef) -> Result<(), SecretsError> {
        let (cache, name) = (Arc::clone(&self.cache), name.clone());
        let job = move |keeper: &mut Keeper| {
            cache.forget(&name);
            keeper.delete(&name)
        };
        self.worker.ask(job).await
    }

    /// Where secrets are kept now. Looks for a keychain that appeared since the last call; one that is
    /// busy with a prompt counts as there.
    pub async fn state(&self) -> Kept {
        let busy = || Kept::Keychain { name: keychain::NAME.into() };
        self.worker.ask(|keeper| Ok(keeper.state())).await.unwrap_or_else(|_| busy())
    }

    /// Makes the vault and leaves it open.
    pub async fn vault_create(&self, passphrase: Secret<String>) -> Result<(), SecretsError> {
        self.worker.ask(move |keeper| keeper.vault.create(&passphrase)).await
    }

    /// Opens the vault for as long as the app runs.
    pub async fn vault_unlock(&self, passphrase: Secret<String>) -> Result<(), SecretsError> {
        self.worker.ask(move |keeper| keeper.vault.unlock(&passphrase)).await
    }
}

/// What was read or kept since the start.
#[derive(Default)]
struct Cache(Mutex<HashMap<SecretRef, Secret<String>>>);

impl Cache {
    fn get(&self, name: &SecretRef) -> Option<Secret<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn put(&self, name: &SecretRef, value: Secret<String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), value);
    }

    fn forget(&self, name: &SecretRef) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}
