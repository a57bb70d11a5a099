//! Secrets: from a `SecretRef` to its value, through the system's keychain or a passphrase vault.
//!
//! Owns: the keychain entries, the encrypted files beside them, the vault. Deliberately not here:
//! asking a person anything, and plaintext on disk in any form.

mod error;

use std::path::Path;

use model::{Secret, SecretRef};

pub use error::SecretsError;

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

/// The keeper of secrets. Clones share it.
#[derive(Clone)]
pub struct Secrets {}

#[allow(unused_variables, clippy::unused_async, clippy::todo)]
impl Secrets {
    /// Uses `folder` for the encrypted files. Touches neither disk nor keychain yet.
    #[must_use]
    pub fn open(folder: &Path, system: SystemKeychain) -> Self {
        todo!()
    }
    /// The value of `name`, or none when it was never kept.
    pub async fn get(&self, name: &SecretRef) -> Result<Option<Secret<String>>, SecretsError> {
        todo!()
    }
    /// Keeps `value` under `name`, instead of an earlier value.
    pub async fn set(&self, name: &SecretRef, value: Secret<String>) -> Result<(), SecretsError> {
        todo!()
    }
    /// Forgets `name`; fine when it was never kept.
    pub async fn delete(&self, name: &SecretRef) -> Result<(), SecretsError> {
        todo!()
    }
    /// Where secrets are kept now. Looks for a keychain that appeared since the last call.
    pub async fn state(&self) -> Kept {
        todo!()
    }
    /// Makes the vault and leaves it open.
    pub async fn vault_create(&self, passphrase: Secret<String>) -> Result<(), SecretsError> {
        todo!()
    }
    /// Opens the vault for as long as the app runs.
    pub async fn vault_unlock(&self, passphrase: Secret<String>) -> Result<(), SecretsError> {
        todo!()
    }
}
