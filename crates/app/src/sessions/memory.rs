//! Credentials that worked, kept in memory so that a reconnect asks nothing. Never written anywhere.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{Secret, SshAuth, SshHost, SshHostId};

/// What a credential is for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// A host, and the position of the login method in its list.
    Login(SshHostId, usize),
    /// A key file: its passphrase goes to no server, so it serves every host that has the key.
    KeyFile(String),
}

impl Use {
    fn of(host: &SshHost, method: usize) -> Self {
        match host.auth.get(method) {
            Some(SshAuth::KeyFile { path, .. }) => Self::KeyFile(path.clone()),
            _ => Self::Login(host.id.clone(), method),
        }
    }
}

/// Credentials, each with the host as it was when it worked there last.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Use, (SshHost, Secret<String>)>>);

impl Memory {
    pub(crate) fn keep(&self, host: &SshHost, method: usize, value: Secret<String>) {
        self.lock().insert(Use::of(host, method), (host.clone(), value));
    }

    /// What worked for the same login on the same server, or for the same key file.
    pub(crate) fn get(&self, host: &SshHost, method: usize) -> Option<Secret<String>> {
        let kept = self.lock();
        let wanted = Use::of(host, method);
        let (then, value) = kept.get(&wanted)?;
        let serves = matches!(wanted, Use::KeyFile(_)) || is_same_login(then, host, method);
        serves.then(|| value.clone())
    }

    /// Forgets what worked for a host last: its login was changed.
    pub(crate) fn forget(&self, host: &SshHostId) {
        self.lock().retain(|_, (then, _)| then.id != *host);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Use, (SshHost, Secret<String>)>> {
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

    #[test]
    fn a_passphrase_serves_every_host_that_has_the_key() {
        let key = |path: &str| vec![SshAuth::KeyFile { path: path.into(), passphrase: None }];
        let memory = Memory::default();
        memory.keep(&host("forge-1", "dev", key("~/.ssh/id")), 0, Secret::new("canary".into()));
        let elsewhere =
            SshHost { id: SshHostId::from_raw("other"), ..host("b", "root", Vec::new()) };
        let with = |auth: Vec<SshAuth>| SshHost { auth, ..elsewhere.clone() };
        assert!(memory.get(&with(key("~/.ssh/id")), 0).is_some());
        assert!(memory.get(&with(key("~/.ssh/id2")), 0).is_none());
        assert!(memory.get(&with(vec![SshAuth::Password { secret: None }]), 0).is_none());
        memory.forget(&SshHostId::from_raw("h"));
        assert!(memory.get(&with(key("~/.ssh/id")), 0).is_none());
    }
}
