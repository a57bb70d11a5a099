//! The vault: an encrypted file for computers without a keychain, opened with a passphrase.
//!
//! A random key seals each entry; the passphrase seals that key. Names of entries are readable, so
//! that one can be forgotten while the vault is locked. Deliberately not here: when a vault is used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use serde::{Deserialize, Serialize};

use crate::derive::Derivation;
use crate::entry::secret_text;
use crate::seal::{self, Key};
use crate::{Kept, SecretsError, file};

const VERSION: u32 = 1;
/// What the sealed key is bound to. No reference to a secret has a space in it.
const KEY_NAME: &str = "the vault's key";

#[derive(Serialize, Deserialize)]
struct Header {
    moorline_vault: u32,
    derivation: Derivation,
    key: String,
}

#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(flatten)]
    header: Header,
    /// Over the header, to tell a damaged file from a wrong passphrase.
    checksum: String,
    entries: BTreeMap<String, String>,
}

pub(crate) struct Vault {
    path: PathBuf,
    /// Set while it is open.
    key: Option<Key>,
}

impl Vault {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { path: folder.join("vault.json"), key: None }
    }

    pub(crate) fn state(&self) -> Kept {
        if self.key.is_some() {
            Kept::VaultUnlocked
        } else if self.path.exists() {
            Kept::VaultLocked
        } else {
            Kept::VaultMissing
        }
    }

    pub(crate) fn create(&mut self, passphrase: &Secret<String>) -> Result<(), SecretsError> {
        if passphrase.expose().is_empty() {
            return Err(SecretsError::EmptyPassphrase);
        }
        if self.path.exists() {
            return Err(SecretsError::VaultExists { path: self.path.clone() });
        }
        let derivation = Derivation::new()?;
        let passphrase_key = derivation.derive(passphrase).ok_or_else(|| self.damaged())?;
        let key = seal::new_key()?;
        let sealed = seal::seal(&passphrase_key, KEY_NAME, key.as_slice())?;
        let header = Header { moorline_vault: VERSION, derivation, key: STANDARD.encode(sealed) };
        let checksum = checksum(&header)?;
        self.save(&Content { header, checksum, entries: BTreeMap::new() })?;
        self.key = Some(key);
        Ok(())
    }

    pub(crate) fn unlock(&mut self, passphrase: &Secret<String>) -> Result<(), SecretsError> {
        let content = self.load()?.ok_or(SecretsError::VaultMissing)?;
        let sealed = STANDARD.decode(&content.header.key).map_err(|_| self.damaged())?;
        let passphrase_key =
            content.header.derivation.derive(passphrase).ok_or_else(|| self.damaged())?;
        let key =
            seal::open(&passphrase_key, KEY_NAME, &sealed).ok_or(SecretsError::WrongPassphrase)?;
        let key = key.as_slice().try_into().map_err(|_| self.damaged())?;
        self.key = Some(Key::new(key));
        Ok(())
    }

    /// Whether an entry of this name is in the vault, open or not.
    pub(crate) fn holds(&self, name: &str) -> Result<bool, SecretsError> {
        Ok(self.load()?.is_some_and(|content| content.entries.contains_key(name)))
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<Secret<String>>, SecretsError> {
        let content = self.load()?.ok_or(SecretsError::VaultMissing)?;
        let key = self.key.as_ref().ok_or(SecretsError::VaultLocked)?;
        let Some(sealed) = content.entries.get(name) else { return Ok(None) };
        let sealed = STANDARD.decode(sealed).map_err(|_| self.damaged())?;
        let mut plain = seal::open(key, name, &sealed).ok_or_else(|| self.damaged())?;
        secret_text(std::mem::take(&mut *plain)).map(Some).ok_or_else(|| self.damaged())
    }

    pub(crate) fn set(&self, name: &str, value: &Secret<String>) -> Result<(), SecretsError> {
        let mut content = self.load()?.ok_or(SecretsError::VaultMissing)?;
        let key = self.key.as_ref().ok_or(SecretsError::VaultLocked)?;
        let sealed = seal::seal(key, name, value.expose().as_bytes())?;
        content.entries.insert(name.to_owned(), STANDARD.encode(sealed));
        self.save(&content)
    }

    /// Forgets an entry, open or not; fine when there is no such entry, and no vault.
    pub(crate) fn delete(&self, name: &str) -> Result<(), SecretsError> {
        let Some(mut content) = self.load()? else { return Ok(()) };
        if content.entries.remove(name).is_none() {
            return Ok(());
        }
        self.save(&content)
    }

    fn load(&self) -> Result<Option<Content>, SecretsError> {
        let Some(bytes) = file::read(&self.path)? else { return Ok(None) };
        let version: Version = serde_json::from_slice(&bytes).map_err(|_| self.damaged())?;
        if version.moorline_vault > VERSION {
            return Err(SecretsError::Newer { path: self.path.clone() });
        }
        let content: Content = serde_json::from_slice(&bytes).map_err(|_| self.damaged())?;
        if checksum(&content.header)? != content.checksum {
            return Err(self.damaged());
        }
        Ok(Some(content))
    }

    fn save(&self, content: &Content) -> Result<(), SecretsError> {
        let bytes = serde_json::to_vec_pretty(content).map_err(internal)?;
        file::write(&self.path, &bytes)
    }

    fn damaged(&self) -> SecretsError {
        SecretsError::Damaged { path: self.path.clone() }
    }
}

/// Read first, so that a later format is told from a damaged file.
#[derive(Deserialize)]
struct Version {
    moorline_vault: u32,
}

fn checksum(header: &Header) -> Result<String, SecretsError> {
    let bytes = serde_json::to_vec(header).map_err(internal)?;
    Ok(STANDARD.encode(seal::checksum(&bytes)?))
}

fn internal(error: serde_json::Error) -> SecretsError {
    SecretsError::Internal { detail: error.to_string() }
}
