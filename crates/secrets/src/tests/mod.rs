//! The keeper of secrets over an in-memory keychain that can be taken away, and over none.
//!
//! Deliberately not here: a real keychain, but for Windows'; the others are the integration tests' part.

mod keychain;
mod vault;
#[cfg(windows)]
mod windows;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{CredentialStore, Error, mock};
use model::{Secret, SecretRef};

use crate::keychain::Keychain;
use crate::{Secrets, SystemKeychain};

const CANARY: &str = "canary-7f3a-do-not-find-me";

/// An in-memory keychain.
#[derive(Clone)]
struct Fake {
    store: Arc<mock::Store>,
    is_away: Arc<AtomicBool>,
    connects: Arc<AtomicU32>,
}

impl Fake {
    fn new() -> Self {
        Self {
            store: mock::Store::new().unwrap(),
            is_away: Arc::default(),
            connects: Arc::default(),
        }
    }

    fn secrets(&self, folder: &Path) -> Secrets {
        let fake = self.clone();
        let connect = move || {
            fake.connects.fetch_add(1, Ordering::SeqCst);
            if fake.is_away.load(Ordering::SeqCst) {
                return Err(Error::NoDefaultStore);
            }
            let store: Arc<CredentialStore> = fake.store.clone();
            Ok(store)
        };
        Secrets::with(folder, Keychain::with(Box::new(connect)), Duration::from_secs(20))
    }

    /// The next call for this entry fails with `error`.
    fn fail_next(&self, name: &SecretRef, error: Error) {
        let entry = self.store.build("moorline", name.as_str(), None).unwrap();
        entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
    }

    fn raw(&self, name: &SecretRef) -> Option<String> {
        let entry = self.store.build("moorline", name.as_str(), None).unwrap();
        entry.get_secret().ok().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn set_raw(&self, name: &SecretRef, bytes: &[u8]) {
        let entry = self.store.build("moorline", name.as_str(), None).unwrap();
        entry.set_secret(bytes).unwrap();
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn without_keychain(folder: &Path) -> Secrets {
    Secrets::open(folder, SystemKeychain::DoWithout)
}

async fn value(secrets: &Secrets, name: &SecretRef) -> Option<String> {
    secrets.get(name).await.unwrap().map(|value| value.expose().clone())
}

/// Every file below `folder` with its bytes.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn assert_no_canary(folder: &Path) {
    for (path, bytes) in files(folder) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(CANARY), "plaintext in {}", path.display());
    }
}
