//! Where each secret goes and comes from: the keychain when one answers, else the vault.
//!
//! Blocking, and used from one thread only. Deliberately not here: the cache and the deadlines.

use std::path::Path;

use model::{Secret, SecretRef};

use crate::entry::{Content, SHORT_BYTES};
use crate::keychain::{Keychain, NAME, Trouble};
use crate::long::LongValues;
use crate::vault::Vault;
use crate::{Kept, SecretsError};

pub(crate) struct Keeper {
    pub(crate) keychain: Keychain,
    pub(crate) vault: Vault,
    long_values: LongValues,
}

impl Keeper {
    pub(crate) fn new(folder: &Path, keychain: Keychain) -> Self {
        Self { keychain, vault: Vault::new(folder), long_values: LongValues::new(folder) }
    }

    pub(crate) fn get(&mut self, name: &SecretRef) -> Result<Option<Secret<String>>, SecretsError> {
        let name = name.as_str();
        match self.read_entry(name) {
            Ok(Some(Content::Value(value))) => Ok(Some(value)),
            Ok(Some(Content::File { name: file, key })) => {
                self.long_values.read(name, &file, &key).map(Some)
            }
            // It may have been kept at a time when there was no keychain.
            Ok(None) if self.vault.holds(name)? => self.vault.get(name),
            Ok(None) => Ok(None),
            Err(Trouble::Absent) => self.vault.get(name),
            Err(Trouble::Failed(error)) => Err(error),
        }
    }

    pub(crate) fn set(
        &mut self,
        name: &SecretRef,
        value: Secret<String>,
    ) -> Result<(), SecretsError> {
        let name = name.as_str();
        // An entry that cannot be read is replaced like any other.
        let earlier = match self.read_entry(name) {
            Ok(earlier) => earlier,
            Err(Trouble::Absent) => return self.vault.set(name, &value),
            Err(Trouble::Failed(SecretsError::Garbled { .. })) => None,
            Err(Trouble::Failed(error)) => return Err(error),
        };
        let content = if value.expose().len() > SHORT_BYTES {
            self.long_values.write(name, &value)?
        } else {
            Content::Value(value)
        };
        if let Err(trouble) = self.keychain.write(name, &content.to_text()) {
            self.long_values.remove(&content)?;
            return Err(spoken(trouble));
        }
        if let Some(earlier) = earlier {
            self.long_values.remove(&earlier)?;
        }
        self.vault.delete(name)
    }

    /// Without a keychain an entry in it stays there: nothing can reach it now.
    pub(crate) fn delete(&mut self, name: &SecretRef) -> Result<(), SecretsError> {
        let name = name.as_str();
        match self.read_entry(name) {
            Ok(None) | Err(Trouble::Absent) => {}
            Ok(Some(content)) => {
                self.keychain.remove(name).map_err(spoken)?;
                self.long_values.remove(&content)?;
            }
            Err(Trouble::Failed(SecretsError::Garbled { .. })) => {
                self.keychain.remove(name).map_err(spoken)?;
            }
            Err(Trouble::Failed(error)) => return Err(error),
        }
        self.vault.delete(name)
    }

    pub(crate) fn state(&mut self) -> Kept {
        if self.keychain.is_there() {
            return Kept::Keychain { name: NAME.into() };
        }
        self.vault.state()
    }

    fn read_entry(&mut self, name: &str) -> Result<Option<Content>, Trouble> {
        let Some(text) = self.keychain.read(name)? else { return Ok(None) };
        let content = Content::from_text(&text);
        content.map(Some).ok_or_else(|| {
            Trouble::Failed(SecretsError::Garbled { keychain: NAME.into(), entry: name.to_owned() })
        })
    }
}

/// The keychain answered a moment ago; that it went away meanwhile is told as such.
fn spoken(trouble: Trouble) -> SecretsError {
    match trouble {
        Trouble::Absent => SecretsError::WentAway { keychain: NAME.into() },
        Trouble::Failed(error) => error,
    }
}
