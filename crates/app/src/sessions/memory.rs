//! Credentials that worked, kept in memory so that a reconnect asks nothing. Never written anywhere.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{Secret, SshAuth, SshHost, SshHostId};

/// A credential, and the host as it was when it worked there.
type Kept = BTreeMap<(SshHostId, usize), (SshHost, Secret<String>)>;

/// Credentials by host and by the position of the login method in its list.
#[derive(Default)]
pub(crate) struct Memory(Mutex<Kept>);

impl Memory {
    pub(crate) fn keep(&self, host: &SshHost, method: usize, value: Secret<String>) {
        self.lock().insert((host.id.clone(), method), (host.clone(), value));
    }

    /// What worked for the same login on the same server.
    pub(crate) fn get(&self, host: &SshHost, method: usize) -> Option<Secret<String>> {
        let kept = self.lock();
        let (then, value) = kept.get(&(host.id.clone(), method))?;
        is_same_login(then, host, method).then(|| value.clone())
    }

    /// Forgets a host's credentials: its login was changed.
    pub(crate) fn forget(&self, host: &SshHostId) {
        self.lock().retain(|(id, _), _| id != host);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a credential for this method of the one is for the same login, on the same server, of the other.
pub(crate) fn is_same_login(one: &SshHost, other: &SshHost, method: usize) -> bool {
    let method_of = |host: &SshHost| host.auth.get(method).map(without_secret);
    one.id == other.id
        && one.addresses == other.addresses
        && one.user == other.user
        && method_of(one) == method_of(other)
}

fn without_secret(method: &SshAuth) -> SshAuth {
    match method {
        SshAuth::KeyFile { path, .. } => SshAuth::KeyFile { path: path.clone(), passphrase: None },
        SshAuth::Password { .. } => SshAuth::Password { secret: None },
        SshAuth::Agent { .. } | SshAuth::KeyboardInteractive => method.clone(),
    }
}

#[cfg(test)]
mod tests {
    use model::HostAddress;

    use super::*;

    fn host(address: &str, user: &str, auth: Vec<SshAuth>) -> SshHost {
        SshHost {
            id: SshHostId::from_raw("h"),
            addresses: vec![HostAddress { host: address.into(), port: 22 }],
            user: user.into(),
            auth,
            jumps: Vec::new(),
        }
    }

    #[test]
    fn a_credential_serves_only_the_login_it_worked_for() {
        let password = || vec![SshAuth::Password { secret: None }];
        let key = vec![SshAuth::KeyFile { path: "~/.ssh/id".into(), passphrase: None }];
        let memory = Memory::default();
        memory.keep(&host("forge-1", "dev", password()), 0, Secret::new("canary".into()));
        assert!(memory.get(&host("forge-1", "dev", password()), 0).is_some());
        let others = [
            host("elsewhere", "dev", password()),
            host("forge-1", "root", password()),
            host("forge-1", "dev", key),
        ];
        for other in others {
            assert!(memory.get(&other, 0).is_none(), "{other:?}");
        }
    }
}
