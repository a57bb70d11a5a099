//! From an item that was ticked to the input that makes a connection. Jump hosts that are stored already
//! are used again, as they are.

use std::collections::BTreeMap;

use model::{
    ConnectionInput, ImportHost, ImportItem, SshAuth, SshAuthInput, SshHost, SshHostId,
    SshHostInput,
};

/// The input for an item, under the name the person gave it.
pub(super) fn input(
    item: ImportItem,
    name: String,
    stored: &BTreeMap<SshHostId, SshHost>,
) -> ConnectionInput {
    let jumps = item.jumps.iter().map(|jump| jump_input(jump, stored)).collect();
    ConnectionInput {
        kind: item.kind,
        name,
        fields: item.fields,
        secrets: BTreeMap::new(),
        ssh_host: Some(SshHostInput { jumps, ..host_input(&item.host) }),
        connect_at_start: true,
    }
}

fn jump_input(jump: &ImportHost, stored: &BTreeMap<SshHostId, SshHost>) -> SshHostInput {
    let is_it = |host: &&SshHost| {
        host.jumps.is_empty() && host.user == jump.user && host.addresses == jump.addresses
    };
    match stored.values().find(is_it) {
        // Its ways to log in stay as the person may have changed them.
        Some(host) => SshHostInput {
            id: Some(host.id.clone()),
            auth: host.auth.iter().map(auth_input).collect(),
            ..host_input(jump)
        },
        None => host_input(jump),
    }
}

fn host_input(host: &ImportHost) -> SshHostInput {
    SshHostInput {
        id: None,
        addresses: host.addresses.clone(),
        user: host.user.clone(),
        auth: host.auth.iter().map(auth_input).collect(),
        jumps: Vec::new(),
    }
}

fn auth_input(auth: &SshAuth) -> SshAuthInput {
    match auth {
        SshAuth::Agent { socket } => SshAuthInput::Agent { socket: socket.clone() },
        SshAuth::KeyFile { path, .. } => {
            SshAuthInput::KeyFile { path: path.clone(), passphrase: None }
        }
        SshAuth::Password { .. } => SshAuthInput::Password { password: None },
        SshAuth::KeyboardInteractive => SshAuthInput::KeyboardInteractive,
    }
}
