//! Which fixes go with a failure of a machine's stage. Pure: a stage and a failure in, fixes out.

use model::{DiagnosedHop, Diagnosis, ErrorCode, Failure, Fix, Stage};

use super::copy_key::FILE;

/// Public keys that are shown; an agent may hold dozens.
const MOST_KEYS: usize = 3;

/// The fixes for `failure` in `stage`; `offered` are public keys by machine.
pub(super) fn fixes(
    state: &Diagnosis,
    stage: &Stage,
    failure: &Failure,
    offered: &[(usize, String)],
) -> Vec<Fix> {
    let hop = stage.hop.and_then(|hop| usize::try_from(hop).ok());
    let Some((index, hop)) = hop.and_then(|index| Some((index, state.hops.get(index)?))) else {
        return failure.field.iter().map(|field| Fix::EditField { field: field.clone() }).collect();
    };
    let field = |name: &str| {
        let is_target = index + 1 == state.hops.len();
        let path =
            if is_target { "ssh_host".to_owned() } else { format!("ssh_host.jumps.{index}") };
        Fix::EditField { field: format!("{path}.{name}") }
    };
    match stage.id.as_str() {
        "name" => vec![field("addresses.0.host")],
        "port" => {
            let mut fixes = vec![field("addresses.0.port")];
            fixes.extend(by_hand("ssh", state, index, hop));
            fixes
        }
        "host_key" => match failure.code {
            ErrorCode::HostKeyUnknown | ErrorCode::HostKeyChanged => vec![Fix::CompareHostKey],
            ErrorCode::HostKeyRevoked => Vec::new(),
            _ => vec![field("addresses.0.port")],
        },
        "login" => {
            let is_asking = failure.code == ErrorCode::SecretsLocked;
            let mut fixes = if is_asking { vec![Fix::AskCredentials] } else { Vec::new() };
            let own = offered.iter().filter(|(of, _)| *of == index).take(MOST_KEYS);
            let lines: Vec<&String> = own.map(|(_, line)| line).collect();
            if let Some(line) = lines.first().filter(|_| accepts_passwords(failure)) {
                fixes.push(copy_key(index, line));
            }
            fixes.extend([field("auth"), field("user")]);
            fixes.extend(lines.into_iter().map(|line| Fix::PublicKey { line: line.clone() }));
            if accepts_passwords(failure) {
                fixes.extend(by_hand("ssh-copy-id", state, index, hop));
            }
            fixes.extend(by_hand("ssh", state, index, hop));
            fixes
        }
        _ => Vec::new(),
    }
}

fn copy_key(index: usize, line: &str) -> Fix {
    let hop = u32::try_from(index).unwrap_or(u32::MAX);
    Fix::CopyKey { hop, line: line.to_owned(), file: FILE.to_owned() }
}

fn accepts_passwords(failure: &Failure) -> bool {
    let lines = failure.detail.as_deref().unwrap_or_default().lines();
    lines
        .filter_map(|line| line.strip_prefix("the server accepts: "))
        .any(|ways| ways.split(", ").any(|way| way == "password" || way == "keyboard-interactive"))
}

/// The same by hand, to see whether it is Moorline's fault. Only words that a shell takes as they are.
fn by_hand(program: &str, state: &Diagnosis, index: usize, hop: &DiagnosedHop) -> Option<Fix> {
    let address = hop.addresses.first()?;
    let mut words = vec![program.to_owned()];
    if address.port != 22 {
        words.push(format!("-p {}", address.port));
    }
    let jumps: Vec<String> = state.hops.get(..index)?.iter().filter_map(jump).collect();
    if !jumps.is_empty() {
        words.push(format!("-o ProxyJump={}", jumps.join(",")));
    }
    words.push(format!("{}@{}", hop.user, address.host));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " -_.:@=,%[]".contains(c);
    let line = words.join(" ");
    let place = "on this computer".to_owned();
    line.chars().all(is_plain).then_some(Fix::Command { place, line })
}

fn jump(hop: &DiagnosedHop) -> Option<String> {
    Some(format!("{}@{}", hop.user, hop.addresses.first()?))
}

#[cfg(test)]
mod tests {
    use model::{HostAddress, StageStatus};

    use super::*;

    fn hop(host: &str, user: &str, port: u16) -> DiagnosedHop {
        let addresses = vec![HostAddress { host: host.into(), port }];
        DiagnosedHop { name: host.into(), addresses, user: user.into() }
    }

    fn fixes_of(id: &str, index: u32, failure: &Failure) -> Vec<Fix> {
        let state = Diagnosis {
            connection_id: None,
            name: "forge-1".into(),
            kind_title: "Podman".into(),
            hops: vec![hop("jump-1", "ann", 2222), hop("forge-1", "bob", 22)],
            stages: Vec::new(),
            started_at: 0,
            ended_at: None,
        };
        let stage = Stage {
            id: id.into(),
            hop: Some(index),
            title: String::new(),
            status: StageStatus::Running,
            summary: None,
            failure: None,
            fixes: Vec::new(),
            duration_ms: None,
        };
        fixes(&state, &stage, failure, &[(1, "ssh-ed25519 AAAA bob".into())])
    }

    #[test]
    fn a_login_that_is_refused_shows_the_key_and_what_to_type() {
        let failure = Failure::new(ErrorCode::Unauthorized, "no")
            .with_detail("tried password: refused\nthe server accepts: publickey, password");
        let lines: Vec<String> = fixes_of("login", 1, &failure)
            .into_iter()
            .map(|fix| match fix {
                Fix::EditField { field } => field,
                Fix::CopyKey { hop, line, file } => format!("{line} to {file} of {hop}"),
                Fix::Command { line, .. } | Fix::PublicKey { line } => line,
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            lines,
            [
                "ssh-ed25519 AAAA bob to ~/.ssh/authorized_keys of 1",
                "ssh_host.auth",
                "ssh_host.user",
                "ssh-ed25519 AAAA bob",
                "ssh-copy-id -o ProxyJump=ann@jump-1:2222 bob@forge-1",
                "ssh -o ProxyJump=ann@jump-1:2222 bob@forge-1",
            ]
        );
    }

    #[test]
    fn a_jump_hosts_field_is_named_by_its_place() {
        let failure = Failure::new(ErrorCode::Unreachable, "no");
        let fixes = fixes_of("name", 0, &failure);
        let field = "ssh_host.jumps.0.addresses.0.host".to_owned();
        assert_eq!(fixes, [Fix::EditField { field }]);
    }

    #[test]
    fn nothing_that_a_shell_would_read_differently_is_offered() {
        let state = Diagnosis {
            connection_id: None,
            name: String::new(),
            kind_title: String::new(),
            hops: vec![hop("forge-1", "a;reboot", 22)],
            stages: Vec::new(),
            started_at: 0,
            ended_at: None,
        };
        assert_eq!(by_hand("ssh", &state, 0, &state.hops[0]), None);
    }
}
