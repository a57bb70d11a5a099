//! The system's keychain: Secret Service, Windows Credential Manager, the macOS keychain.
//!
//! Owns: connecting, and connecting again after it went away. Deliberately not here: threads and
//! deadlines; every call here may block for as long as a person looks at a prompt.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::{SecretsError, SystemKeychain};

const SERVICE: &str = "moorline";

pub(crate) const NAME: &str = if cfg!(target_os = "macos") {
    "the macOS keychain"
} else if cfg!(windows) {
    "Windows Credential Manager"
} else {
    "the desktop's keyring"
};

/// Makes a connection to the keychain, or says why there is none.
pub(crate) type Connect = Box<dyn Fn() -> keyring_core::Result<Arc<CredentialStore>> + Send>;

/// Why a call had no result.
pub(crate) enum Trouble {
    /// No keychain answers.
    Absent,
    /// One answered and refused.
    Failed(SecretsError),
}

pub(crate) struct Keychain {
    connect: Connect,
    /// None until it answered, and after it went away.
    store: Option<Arc<CredentialStore>>,
}

impl Keychain {
    pub(crate) fn new(system: SystemKeychain) -> Self {
        Self::with(match system {
            SystemKeychain::UseIt => Box::new(connect_system),
            SystemKeychain::DoWithout => Box::new(|| Err(Error::NoDefaultStore)),
        })
    }

    pub(crate) fn with(connect: Connect) -> Self {
        Self { connect, store: None }
    }

    pub(crate) fn read(&mut self, entry: &str) -> Result<Option<Zeroizing<String>>, Trouble> {
        match self.call(entry, &|entry| entry.get_secret()) {
            Ok(bytes) => {
                let mut bytes = Zeroizing::new(bytes);
                match String::from_utf8(std::mem::take(&mut *bytes)) {
                    Ok(text) => Ok(Some(Zeroizing::new(text))),
                    Err(error) => {
                        drop(Zeroizing::new(error.into_bytes()));
                        Err(garbled(entry))
                    }
                }
            }
            Err(Failure::Keychain(Error::NoEntry)) => Ok(None),
            Err(failure) => Err(failure.trouble("read", entry)),
        }
    }

    pub(crate) fn write(&mut self, entry: &str, text: &str) -> Result<(), Trouble> {
        self.call(entry, &|entry| entry.set_secret(text.as_bytes()))
            .map_err(|failure| failure.trouble("keep", entry))
    }

    pub(crate) fn remove(&mut self, entry: &str) -> Result<(), Trouble> {
        match self.call(entry, &|entry| entry.delete_credential()) {
            Ok(()) | Err(Failure::Keychain(Error::NoEntry)) => Ok(()),
            Err(failure) => Err(failure.trouble("forget", entry)),
        }
    }

    /// Whether one answers now. Asks for an entry that is never written, which prompts nobody.
    pub(crate) fn is_there(&mut self) -> bool {
        !matches!(self.read("is-anybody-there"), Err(Trouble::Absent))
    }

    /// Connects anew at the next call.
    pub(crate) fn forget_connection(&mut self) {
        self.store = None;
    }

    /// Does `work`, once more over a fresh connection when an old one broke.
    fn call<T>(
        &mut self,
        name: &str,
        work: &dyn Fn(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, Failure> {
        let had_connection = self.store.is_some();
        match self.call_once(name, work) {
            Err(Failure::Keychain(Error::PlatformFailure(error))) if had_connection => {
                tracing::debug!(%error, "the keychain went away");
                self.store = None;
                self.call_once(name, work)
            }
            result => result,
        }
    }

    fn call_once<T>(
        &mut self,
        name: &str,
        work: &dyn Fn(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, Failure> {
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => {
                let store = (self.connect)().map_err(|error| {
                    tracing::debug!(%error, "no keychain answers");
                    Failure::Absent
                })?;
                Arc::clone(self.store.insert(store))
            }
        };
        let entry = store.build(SERVICE, name, None).map_err(Failure::Keychain)?;
        work(&entry).map_err(Failure::Keychain)
    }
}

enum Failure {
    Absent,
    Keychain(Error),
}

impl Failure {
    fn trouble(self, action: &'static str, entry: &str) -> Trouble {
        match self {
            Self::Absent => Trouble::Absent,
            // Their errors may carry what was read; only those without are put into words.
            Self::Keychain(Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _)) => {
                drop(Zeroizing::new(bytes));
                garbled(entry)
            }
            Self::Keychain(error) => Trouble::Failed(SecretsError::Refused {
                keychain: NAME.into(),
                action,
                entry: entry.to_owned(),
                detail: error.to_string(),
            }),
        }
    }
}

fn garbled(entry: &str) -> Trouble {
    Trouble::Failed(SecretsError::Garbled { keychain: NAME.into(), entry: entry.to_owned() })
}

#[cfg(target_os = "linux")]
fn connect_system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(windows)]
fn connect_system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn connect_system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
fn connect_system() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NoDefaultStore)
}
