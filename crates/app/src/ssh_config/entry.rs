//! The entries of the managed config as text. Pure: what cannot be written safely is left out.
//!
//! Names and paths come from servers and from inside workspaces, so each is checked against the form it has
//! to have; nothing is ever escaped into place.

use std::path::Path;

use super::alias::slug;

/// Sockets of shared connections have to fit into 104 bytes, with what OpenSSH adds while making one.
const LONGEST_SOCKET_PATH: usize = 86;

/// The files an entry names.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// Moorline's folder for SSH.
    pub(super) folder: String,
    /// Host keys of workspaces.
    pub(super) workspace_keys: String,
    /// Host keys of SSH hosts: Moorline's own file, then the person's.
    pub(super) host_keys: Vec<String>,
    /// Windows' OpenSSH shares no connections.
    pub(super) can_share: bool,
}

/// One SSH host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hop {
    pub(super) alias: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    /// Private keys to offer.
    pub(super) key_files: Vec<String>,
    /// Set when another agent than the environment's is to be asked.
    pub(super) agent: Option<String>,
    /// Aliases to go through, nearest first.
    pub(super) through: Vec<String>,
}

/// One workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Door {
    /// Full name first.
    pub(super) aliases: Vec<String>,
    pub(super) host_key_alias: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) key_files: Vec<String>,
    pub(super) agent: Option<String>,
    pub(super) through: Vec<String>,
}

impl Files {
    /// A quoted path; none when OpenSSH could read it as something else.
    pub(super) fn quoted(path: &Path) -> Option<String> {
        let text = path.to_str()?;
        let text = if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() };
        let is_clean = !text.chars().any(|c| c.is_control() || c == '"' || c == '\\');
        (is_clean && !text.contains("${")).then(|| format!("\"{}\"", text.replace('%', "%%")))
    }
}

/// The entry of an SSH host.
pub(super) fn hop_text(hop: &Hop, files: &Files) -> Option<String> {
    let mut lines = vec![format!("HostName {}", address(&hop.host)?)];
    lines.push(format!("Port {}", hop.port));
    lines.push(format!("User {}", login(&hop.user)?));
    lines.extend(keys(&hop.key_files, hop.agent.as_deref()));
    lines.extend(jump(&hop.through));
    lines.push(format!("UserKnownHostsFile {}", files.host_keys.join(" ")));
    Some(block(std::slice::from_ref(&hop.alias), lines, files))
}

/// The entry of a workspace.
pub(super) fn door_text(door: &Door, files: &Files) -> Option<String> {
    let mut lines = vec![format!("HostName {}", address(&door.host)?)];
    lines.push(format!("Port {}", door.port));
    lines.push(format!("User {}", login(&door.user)?));
    lines.extend(keys(&door.key_files, door.agent.as_deref()));
    lines.extend(jump(&door.through));
    lines.push(format!("HostKeyAlias {}", door.host_key_alias));
    lines.push(format!("UserKnownHostsFile {}", files.workspace_keys));
    // What runs in a workspace is not trusted with the person's keys.
    lines.push("ForwardAgent no".into());
    lines.push("ForwardX11 no".into());
    Some(block(&door.aliases, lines, files))
}

fn block(aliases: &[String], mut lines: Vec<String>, files: &Files) -> String {
    lines.push("StrictHostKeyChecking yes".into());
    lines.push("UpdateHostKeys no".into());
    lines.push("ConnectTimeout 15".into());
    lines.push("ServerAliveInterval 30".into());
    lines.push("ServerAliveCountMax 6".into());
    // The socket's name changes with the entry, so that an old connection never serves a new meaning.
    let socket = format!("{}/{:016x}", files.folder, digest(&lines));
    if files.can_share && socket.len() <= LONGEST_SOCKET_PATH {
        lines.push("ControlMaster auto".into());
        lines.push(format!("ControlPath \"{}\"", socket.replace('%', "%%")));
        lines.push("ControlPersist 60".into());
    }
    format!("Host {}\n    {}\n", aliases.join(" "), lines.join("\n    "))
}

fn keys(files: &[String], agent: Option<&str>) -> Vec<String> {
    let quoted = |path: &str| Files::quoted(Path::new(path));
    let mut lines: Vec<String> =
        files.iter().filter_map(|path| Some(format!("IdentityFile {}", quoted(path)?))).collect();
    lines.extend(agent.and_then(quoted).map(|path| format!("IdentityAgent {path}")));
    lines
}

fn jump(through: &[String]) -> Option<String> {
    (!through.is_empty()).then(|| format!("ProxyJump {}", through.join(",")))
}

fn address(host: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".-_:%".contains(c);
    let is_address = !host.is_empty() && !host.starts_with('-') && host.chars().all(is_part);
    is_address.then(|| host.replace('%', "%%"))
}

fn login(user: &str) -> Option<&str> {
    is_login(user).then_some(user)
}

/// Whether a name may stand behind `User` as it is.
pub(crate) fn is_login(user: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._-@+$".contains(c);
    !user.is_empty() && !user.starts_with('-') && user.chars().all(is_part)
}

/// Lines of the known-hosts file of workspaces: their own keys, and the authority that may vouch for them.
pub(super) fn trust_text(doors: &[(String, Vec<String>)], authority: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(authority) = authority.and_then(public_key) {
        text.push_str(&format!("@cert-authority moorline-* {authority}\n"));
    }
    for (alias, keys) in doors {
        for key in keys.iter().filter_map(|key| public_key(key)) {
            text.push_str(&format!("{} {key}\n", slug(alias)));
        }
    }
    text
}

/// Exactly an algorithm and a key.
pub(super) fn public_key(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (algorithm, key) = (words.next()?, words.next()?);
    let is_algorithm = |c: char| c.is_ascii_alphanumeric() || "-@.".contains(c);
    let is_key = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let is_well_formed = algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
        && algorithm.chars().all(is_algorithm)
        && key.chars().all(is_key);
    is_well_formed.then(|| format!("{algorithm} {key}"))
}

/// FNV-1a, the same in every build.
fn digest(lines: &[String]) -> u64 {
    let bytes = lines.iter().flat_map(|line| line.bytes().chain([b'\n']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn files() -> Files {
        Files {
            folder: "/data/ssh".into(),
            workspace_keys: "\"/data/ssh/known_hosts\"".into(),
            host_keys: vec!["\"/data/known_hosts\"".into()],
            can_share: true,
        }
    }

    fn door(host: &str, user: &str, key_file: &str) -> Door {
        Door {
            aliases: vec!["moorline-forge.api".into(), "api".into()],
            host_key_alias: "moorline-3ac6".into(),
            host: host.into(),
            port: 2200,
            user: user.into(),
            key_files: vec![key_file.into()],
            agent: None,
            through: vec!["moorline-forge.jump.1".into(), "moorline-forge".into()],
        }
    }

    #[test]
    fn a_workspace_is_behind_its_server() {
        let text = door_text(&door("127.0.0.1", "dev", "/home/a b/key%1"), &files()).unwrap();
        assert!(
            text.starts_with("Host moorline-forge.api api\n    HostName 127.0.0.1\n"),
            "{text}"
        );
        for line in [
            "    ProxyJump moorline-forge.jump.1,moorline-forge",
            "    HostKeyAlias moorline-3ac6",
            "    IdentityFile \"/home/a b/key%%1\"",
            "    StrictHostKeyChecking yes",
            "    ControlMaster auto",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} in {text}");
        }
        let alone = Files { can_share: false, ..files() };
        let text = door_text(&door("127.0.0.1", "dev", "/k"), &alone).unwrap();
        assert!(!text.contains("Control"), "{text}");
    }

    #[test]
    fn what_could_mean_something_else_is_not_written() {
        assert_eq!(door_text(&door("-oProxyCommand=x", "dev", "/k"), &files()), None);
        assert_eq!(door_text(&door("127.0.0.1", "dev\nProxyCommand x", "/k"), &files()), None);
        let text = door_text(&door("127.0.0.1", "dev", "/k\"\nProxyCommand x"), &files()).unwrap();
        assert!(!text.contains("ProxyCommand"), "{text}");
    }

    #[test]
    fn a_key_that_would_say_more_is_not_pinned() {
        let keys = vec!["ssh-ed25519 AAAA".to_owned(), "@revoked * ssh-rsa AAAA".to_owned()];
        let text = trust_text(&[("moorline-1".into(), keys)], Some("ssh-ed25519 BBBB a comment"));
        let expected = "@cert-authority moorline-* ssh-ed25519 BBBB\nmoorline-1 ssh-ed25519 AAAA\n";
        assert_eq!(text, expected);
    }

    proptest! {
        #[test]
        fn no_value_adds_a_line(host in ".{0,40}", user in ".{0,40}", key in "\\PC{0,40}") {
            if let Some(text) = door_text(&door(&host, &user, &key), &files()) {
                let known = text.lines().skip(1).all(|line| line.starts_with("    "));
                prop_assert!(known && text.lines().count() <= 20, "{}", text);
                prop_assert_eq!(text.matches("\n    HostName ").count(), 1);
            }
        }

        #[test]
        fn no_key_adds_a_line(key in ".{0,80}") {
            let text = trust_text(&[("moorline-1".into(), vec![key])], None);
            prop_assert!(text.lines().count() <= 1);
            prop_assert!(text.is_empty() || text.starts_with("moorline-1 "));
        }
    }
}
