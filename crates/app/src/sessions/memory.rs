//! Credentials that worked, kept in memory so that a reconnect asks nothing. Never written anywhere.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{Secret, SshHostId};

type Kept = BTreeMap<(SshHostId, usize), Secret<String>>;

/// Credentials by host and by the position of the login method in its list.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Kept>);

impl Memory {
    pub(crate) fn keep(&self, host: &SshHostId, method: usize, value: Secret<String>) {
        self.lock().insert((host.clone(), method), value);
    }

    pub(crate) fn get(&self, host: &SshHostId, method: usize) -> Option<Secret<String>> {
        self.lock().get(&(host.clone(), method)).cloned()
    }

    /// Forgets a host's credentials: its login was changed.
    pub(crate) fn forget(&self, host: &SshHostId) {
        self.lock().retain(|(id, _), _| id != host);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
