//! From what `ssh_config` says of a host to the SSH host that would be stored, with its jumps.

use model::{HostAddress, ImportHost, SshAuth};
use ssh::{HostConfig, RouteProblem, SshConfig};

use super::places::Places;

/// The keys that OpenSSH tries by itself and that can be read from a file.
const DEFAULT_KEYS: [&str; 3] = ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"];

/// A host and the way to it.
pub(super) struct Way {
    pub(super) host: ImportHost,
    pub(super) jumps: Vec<ImportHost>,
    pub(super) remarks: Vec<String>,
}

/// What is known of a host beside its name; it wins over `ssh_config`.
#[derive(Default)]
pub(super) struct Given<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) key: Option<&'a str>,
}

/// The way to `name`, a host of `ssh_config` or any other.
///
/// # Errors
/// When `ssh_config` describes no way that can be taken.
pub(super) fn way(
    name: &str,
    given: &Given<'_>,
    config: &SshConfig,
    places: &Places<'_>,
) -> Result<Way, RouteProblem> {
    let mut hops = config.route(name)?;
    let Some(mut target) = hops.pop() else { return Err(RouteProblem::BadJump(name.into())) };
    target.user = given.user.map(str::to_owned).or(target.user);
    target.port = given.port.or(target.port);
    if let Some(key) = given.key {
        target.identity_files.insert(0, key.to_owned());
    }
    let mut remarks = remarks(&target);
    let host = host(&target, places, &mut remarks);
    let mut jumps = Vec::new();
    for hop in &hops {
        let mut of_jump = jump_remarks(hop);
        jumps.push(self::host(hop, places, &mut of_jump));
        let named = of_jump.into_iter().map(|remark| format!("Jump host {}: {remark}", hop.alias));
        remarks.extend(named);
    }
    Ok(Way { host, jumps, remarks })
}

fn host(found: &HostConfig, places: &Places<'_>, remarks: &mut Vec<String>) -> ImportHost {
    let user = found.user.clone().unwrap_or_else(|| {
        let login = places.login();
        remarks
            .push(format!("No user is named: you log in as {login}, your name on this computer."));
        login
    });
    ImportHost {
        addresses: vec![HostAddress {
            host: found.host_name.clone(),
            port: found.port.unwrap_or(22),
        }],
        auth: auth(found, &user, places, remarks),
        user,
    }
}

/// Agent first, as with OpenSSH; with `IdentitiesOnly` the named keys first, so that an agent full of
/// keys does not use up the server's patience.
fn auth(
    found: &HostConfig,
    user: &str,
    places: &Places<'_>,
    remarks: &mut Vec<String>,
) -> Vec<SshAuth> {
    let mut keys = Vec::new();
    for path in &found.identity_files {
        let Some(path) = key_path(path, found, user, places, remarks) else { continue };
        if places.files.is_file(&places.expand(&path)) {
            keys.push(path);
        } else {
            remarks.push(format!("The key {path} is not there and is left out."));
        }
    }
    if found.identity_files.is_empty() {
        let there = |key: &&str| places.files.is_file(&places.expand(key));
        keys.extend(DEFAULT_KEYS.iter().copied().filter(there).map(str::to_owned));
    }
    keys.dedup();
    let is_without_key = keys.is_empty();
    let mut auth: Vec<SshAuth> =
        keys.into_iter().map(|path| SshAuth::KeyFile { path, passphrase: None }).collect();
    match agent(found.identity_agent.as_deref(), remarks) {
        Some(agent) if found.identities_only => auth.push(agent),
        Some(agent) => auth.insert(0, agent),
        None => {}
    }
    if is_without_key {
        auth.push(SshAuth::Password { secret: None });
    }
    auth
}

fn agent(named: Option<&str>, remarks: &mut Vec<String>) -> Option<SshAuth> {
    match named {
        None | Some("SSH_AUTH_SOCK") => Some(SshAuth::Agent { socket: None }),
        Some("none") => None,
        Some(path) if path.contains(['%', '$']) => {
            remarks
                .push(format!("IdentityAgent {path} is not understood; the usual agent is asked."));
            Some(SshAuth::Agent { socket: None })
        }
        Some(path) => Some(SshAuth::Agent { socket: Some(path.to_owned()) }),
    }
}

/// A key's path with its `%` words replaced; none when it is not a private key's.
fn key_path(
    path: &str,
    found: &HostConfig,
    user: &str,
    places: &Places<'_>,
    remarks: &mut Vec<String>,
) -> Option<String> {
    if path.eq_ignore_ascii_case("none") {
        return None;
    }
    let mut filled = path.replace("${HOME}", "~").replace("%d", "~");
    for (word, value) in [
        ("%h", found.host_name.as_str()),
        ("%r", user),
        ("%u", &places.login()),
        ("%n", &found.alias),
    ] {
        filled = filled.replace(word, value);
    }
    if filled.contains("${") || filled.replace("%%", "").contains('%') {
        remarks.push(format!("IdentityFile {path} is not understood and is left out."));
        return None;
    }
    let filled = filled.replace("%%", "%");
    if filled.ends_with(".pub") {
        remarks.push(format!("{filled} is a public key: the agent is asked for its other half."));
        return None;
    }
    Some(filled)
}

fn remarks(found: &HostConfig) -> Vec<String> {
    let mut remarks = jump_remarks(found);
    let count = found.forwards.len();
    if count > 0 {
        let forwards =
            if count == 1 { "1 port forward".into() } else { format!("{count} port forwards") };
        remarks.push(format!(
            "{forwards} stay with OpenSSH; Moorline forwards ports of workspaces itself."
        ));
    }
    remarks
}

fn jump_remarks(found: &HostConfig) -> Vec<String> {
    let mut remarks: Vec<String> =
        found.problems.iter().map(|problem| format!("Left out: {problem}.")).collect();
    if found.is_lax {
        remarks.push("StrictHostKeyChecking is relaxed there; here an unknown host key is always shown first.".into());
    }
    if !found.known_hosts_files.is_empty() {
        remarks.push("Its own known_hosts file is not read: its key is shown once.".into());
    }
    let unused: Vec<&str> = found.unused.iter().copied().collect();
    if !unused.is_empty() {
        remarks.push(format!("Not carried over: {}.", unused.join(", ")));
    }
    remarks
}
