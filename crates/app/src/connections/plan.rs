//! From a form's input to what is stored: records with references, and the secrets to keep beside them.

use std::collections::BTreeMap;

use model::{
    Connection, ConnectionId, ConnectionInput, HostAddress, Secret, SecretRef, SshAuth,
    SshAuthInput, SshHost, SshHostId, SshHostInput, TimestampMs,
};

/// Everything that storing an input changes.
pub(crate) struct Planned {
    pub(crate) connection: Connection,
    /// Jumps first, the target last: the order in which they can be stored.
    pub(crate) hosts: Vec<SshHost>,
    /// Values to keep, by reference.
    pub(crate) kept: Vec<(SecretRef, Secret<String>)>,
    /// References that nothing needs any more once this is stored.
    pub(super) forgotten: Vec<SecretRef>,
}

/// Plans what to store. `old` is the connection as it is stored, `hosts` all stored SSH hosts.
pub(crate) fn plan(
    input: ConnectionInput,
    old: Option<&Connection>,
    hosts: &BTreeMap<SshHostId, SshHost>,
    now: TimestampMs,
) -> Planned {
    let mut plan = Planned {
        connection: Connection {
            id: old.map_or_else(ConnectionId::generate, |old| old.id.clone()),
            kind: input.kind,
            name: input.name.trim().to_owned(),
            fields: input.fields,
            secrets: old.map(|old| old.secrets.clone()).unwrap_or_default(),
            ssh_host_id: None,
            connect_at_start: input.connect_at_start,
            created_at: old.map_or(now, |old| old.created_at),
        },
        hosts: Vec::new(),
        kept: Vec::new(),
        forgotten: Vec::new(),
    };
    for (field, value) in input.secrets {
        let name = plan.keep("field", value);
        plan.forgotten.extend(plan.connection.secrets.insert(field, name));
    }
    if let Some(mut host) = input.ssh_host {
        let mut jumps = Vec::new();
        for jump in std::mem::take(&mut host.jumps) {
            jumps.push(plan.host(jump, hosts, Vec::new()));
        }
        plan.connection.ssh_host_id = Some(plan.host(host, hosts, jumps));
    }
    plan
}

impl Planned {
    fn keep(&mut self, purpose: &str, value: Secret<String>) -> SecretRef {
        let name = SecretRef::generate(purpose);
        self.kept.push((name.clone(), value));
        name
    }

    fn host(
        &mut self,
        input: SshHostInput,
        hosts: &BTreeMap<SshHostId, SshHost>,
        jumps: Vec<SshHostId>,
    ) -> SshHostId {
        let old = input.id.as_ref().and_then(|id| hosts.get(id));
        let id = old.map_or_else(SshHostId::generate, |old| old.id.clone());
        let stored: &[SshAuth] = old.map_or(&[], |old| &old.auth);
        let auth: Vec<SshAuth> = input
            .auth
            .into_iter()
            .enumerate()
            .map(|(index, method)| self.method(method, stored.get(index)))
            .collect();
        let used: Vec<&SecretRef> = auth.iter().filter_map(reference).collect();
        let unused = stored.iter().filter_map(reference).filter(|name| !used.contains(name));
        self.forgotten.extend(unused.cloned());
        let trimmed = |address: HostAddress| HostAddress {
            host: address.host.trim().to_owned(),
            port: address.port,
        };
        self.hosts.push(SshHost {
            id: id.clone(),
            addresses: input.addresses.into_iter().map(trimmed).collect(),
            user: input.user.trim().to_owned(),
            auth,
            jumps,
        });
        id
    }

    /// A value that was left out keeps what is stored at the same place of the list.
    fn method(&mut self, input: SshAuthInput, stored: Option<&SshAuth>) -> SshAuth {
        let given = |value: Option<Secret<String>>| value.filter(|v| !v.expose().is_empty());
        match input {
            SshAuthInput::Agent { socket } => {
                SshAuth::Agent { socket: socket.filter(|path| !path.trim().is_empty()) }
            }
            SshAuthInput::KeyboardInteractive => SshAuth::KeyboardInteractive,
            SshAuthInput::Password { password } => {
                let old = match stored {
                    Some(SshAuth::Password { secret }) => secret.clone(),
                    _ => None,
                };
                let new = given(password).map(|value| self.keep("password", value));
                SshAuth::Password { secret: new.or(old) }
            }
            SshAuthInput::KeyFile { path, passphrase } => {
                let path = path.trim().to_owned();
                let old = match stored {
                    Some(SshAuth::KeyFile { path: old_path, passphrase }) if *old_path == path => {
                        passphrase.clone()
                    }
                    _ => None,
                };
                let new = given(passphrase).map(|value| self.keep("passphrase", value));
                SshAuth::KeyFile { path, passphrase: new.or(old) }
            }
        }
    }
}

/// The reference to a stored secret, where a method has one.
pub(crate) fn reference(method: &SshAuth) -> Option<&SecretRef> {
    match method {
        SshAuth::KeyFile { passphrase, .. } => passphrase.as_ref(),
        SshAuth::Password { secret } => secret.as_ref(),
        SshAuth::Agent { .. } | SshAuth::KeyboardInteractive => None,
    }
}
