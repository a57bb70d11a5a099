//! Long values (private keys, kubeconfigs): one encrypted file each, its key in the keychain.
//!
//! Deliberately not here: the keychain entry that names file and key.

use std::path::{Path, PathBuf};

use model::Secret;

use crate::entry::{Content, secret_text};
use crate::seal::{self, Key};
use crate::{SecretsError, file};

/// The folder of the encrypted files.
pub(crate) struct LongValues {
    folder: PathBuf,
}

impl LongValues {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.join("sealed") }
    }

    /// Writes a fresh file with a fresh key: an earlier file of the same secret stays readable until
    /// the keychain points to this one.
    pub(crate) fn write(
        &self,
        secret: &str,
        value: &Secret<String>,
    ) -> Result<Content, SecretsError> {
        let name = format!("{:032x}", u128::from_le_bytes(seal::random()?));
        let key = seal::new_key()?;
        let sealed = seal::seal(&key, secret, value.expose().as_bytes())?;
        file::write(&self.path(&name), &sealed)?;
        Ok(Content::File { name, key })
    }

    pub(crate) fn read(
        &self,
        secret: &str,
        name: &str,
        key: &Key,
    ) -> Result<Secret<String>, SecretsError> {
        let path = self.path(name);
        let Some(sealed) = file::read(&path)? else {
            return Err(SecretsError::Lost { path });
        };
        seal::open(key, secret, &sealed)
            .and_then(|mut plain| secret_text(std::mem::take(&mut *plain)))
            .ok_or(SecretsError::Damaged { path })
    }

    /// Removes the file of `content`, when it has one.
    pub(crate) fn remove(&self, content: &Content) -> Result<(), SecretsError> {
        match content {
            Content::Value(_) => Ok(()),
            Content::File { name, .. } => file::remove(&self.path(name)),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
