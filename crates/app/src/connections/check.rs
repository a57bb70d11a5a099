//! Judges what the connection form sends. The first thing that will not do is named by its field.

use std::collections::BTreeSet;

use backend_api::Backend;
use model::{
    ConnectionInput, ErrorCode, Failure, Field, FieldKind, HostAddress, SshAuthInput, SshHostInput,
};

/// What judging needs to know beside the input.
pub(super) struct Known<'a> {
    /// Names of the other connections.
    pub(super) names: &'a [String],
    /// Whether a file of this computer can be read.
    pub(super) has_file: &'a dyn Fn(&str) -> bool,
}

/// The first problem of the input, if any.
pub(super) fn check(
    input: &ConnectionInput,
    backend: &dyn Backend,
    known: &Known<'_>,
) -> Result<(), Failure> {
    check_name(&input.name, known.names)?;
    let descriptor = backend.descriptor();
    for field in &descriptor.fields {
        check_field(field, input, &descriptor.title)?;
    }
    if let Some(problem) = backend.validate(&input.fields).into_iter().next() {
        let hint = match problem.suggestion {
            Some(value) => format!("{value} would work."),
            None => "Change the value and try again.".into(),
        };
        return Err(invalid(problem.field, problem.message, hint));
    }
    match &input.ssh_host {
        Some(host) => check_chain(host, known),
        None => Ok(()),
    }
}

fn check_name(name: &str, names: &[String]) -> Result<(), Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(invalid("name", "a connection needs a name", "Enter a name, such as forge-1."));
    }
    if name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            "the name is longer than 64 characters, or has characters that do not show",
            "Enter a shorter name.",
        ));
    }
    if names.iter().any(|other| other == name) {
        return Err(Failure::new(
            ErrorCode::Conflict,
            format!("there is a connection \"{name}\" already"),
        )
        .with_hint(format!("{} is free.", free_name(name, names)))
        .with_field("name"));
    }
    Ok(())
}

fn free_name(name: &str, names: &[String]) -> String {
    (2..)
        .map(|number| format!("{name}-{number}"))
        .find(|free| !names.contains(free))
        .unwrap_or_default()
}

fn check_field(field: &Field, input: &ConnectionInput, title: &str) -> Result<(), Failure> {
    let value = input.fields.get(&field.name).map_or("", |value| value.trim());
    let is_given = match field.kind {
        FieldKind::SshHost => input.ssh_host.is_some(),
        // A secret left out keeps its stored value; whether there is one shows at connecting.
        FieldKind::Secret => return Ok(()),
        _ => !value.is_empty(),
    };
    if !is_given {
        return match (field.is_required, &field.kind) {
            (false, _) => Ok(()),
            (true, FieldKind::SshHost) => Err(invalid(
                "ssh_host",
                format!(
                    "{title} on this computer is not driven: what runs there could reach your own files"
                ),
                "Name a server that is reached by SSH; the practice server is one.",
            )),
            (true, _) => Err(invalid(
                &field.name,
                format!("{} is missing", field.label),
                "Fill the field in.",
            )),
        };
    }
    match &field.kind {
        FieldKind::Port if !value.parse::<u16>().is_ok_and(|port| port > 0) => {
            Err(invalid(&field.name, format!("\"{value}\" is not a port"), PORT_HINT))
        }
        FieldKind::Number { min, max, unit }
            if !value.parse::<u32>().is_ok_and(|number| (*min..=*max).contains(&number)) =>
        {
            Err(invalid(
                &field.name,
                format!("\"{value}\" will not do for {}", field.label),
                format!("Enter a whole number from {min} to {max} {unit}."),
            ))
        }
        FieldKind::Choice { choices, open: false }
            if !choices.iter().any(|choice| choice.value == value) =>
        {
            Err(invalid(
                &field.name,
                format!("\"{value}\" is not a choice for {}", field.label),
                "Choose one of the list.",
            ))
        }
        _ => Ok(()),
    }
}

const PORT_HINT: &str = "Enter a port from 1 to 65535; SSH usually listens on 22.";

pub(super) fn check_chain(host: &SshHostInput, known: &Known<'_>) -> Result<(), Failure> {
    check_host(host, "ssh_host", known)?;
    let mut seen = BTreeSet::new();
    seen.insert(identity(host));
    let mut ids: BTreeSet<_> = host.id.iter().collect();
    for (index, jump) in host.jumps.iter().enumerate() {
        let path = format!("ssh_host.jumps.{index}");
        check_host(jump, &path, known)?;
        if !jump.jumps.is_empty() {
            return Err(invalid(
                path,
                "a jump host cannot have jump hosts of its own here",
                "List all of them in order, the nearest to this computer first.",
            ));
        }
        let is_new = jump.id.as_ref().is_none_or(|id| ids.insert(id));
        if !is_new || !seen.insert(identity(jump)) {
            let name = jump.addresses.first().map_or_else(String::new, ToString::to_string);
            return Err(invalid(
                format!("{path}.addresses.0.host"),
                format!("the way goes through {name} twice"),
                "Remove one of the two.",
            ));
        }
    }
    Ok(())
}

/// Where it is and who logs in: the same twice on one way is a loop.
fn identity(host: &SshHostInput) -> (String, u16, String) {
    let first = host.addresses.first();
    let address = first.map_or_else(Default::default, |a| (a.host.trim().to_lowercase(), a.port));
    (address.0, address.1, host.user.trim().to_owned())
}

fn check_host(host: &SshHostInput, path: &str, known: &Known<'_>) -> Result<(), Failure> {
    if host.addresses.is_empty() {
        return Err(invalid(
            format!("{path}.addresses.0.host"),
            "the server's address is missing",
            "Enter a host name or an IP address.",
        ));
    }
    for (index, address) in host.addresses.iter().enumerate() {
        check_address(address, &format!("{path}.addresses.{index}"))?;
    }
    let user = host.user.trim();
    if user.is_empty() {
        return Err(invalid(
            format!("{path}.user"),
            "the login name is missing",
            "Enter the name you log in with on the server.",
        ));
    }
    if user.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(invalid(
            format!("{path}.user"),
            "a login name has no spaces",
            "Enter the name you log in with on the server.",
        ));
    }
    if host.auth.is_empty() {
        return Err(invalid(
            format!("{path}.auth"),
            "no way to log in is chosen",
            "Choose the agent, a key file, a password or questions by the server.",
        ));
    }
    for method in &host.auth {
        check_auth(method, path, known)?;
    }
    Ok(())
}

fn check_address(address: &HostAddress, path: &str) -> Result<(), Failure> {
    let host = address.host.trim();
    let field = format!("{path}.host");
    if host.is_empty() {
        return Err(invalid(
            field,
            "the server's address is missing",
            "Enter a host name or an IP address.",
        ));
    }
    let is_ip = host.parse::<std::net::IpAddr>().is_ok() || is_scoped(host);
    let is_name = host.len() <= 253
        && !host.starts_with('-')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    if !is_ip && !is_name {
        return Err(invalid(
            field,
            format!("\"{host}\" is not a host name or an IP address"),
            "Enter it without user, port or brackets: those have fields of their own.",
        ));
    }
    if address.port == 0 {
        return Err(invalid(format!("{path}.port"), "0 is not a port", PORT_HINT));
    }
    Ok(())
}

/// An IPv6 address with a zone, such as `fe80::1%eth0`. A zone is one plain word: known-hosts files and
/// SSH configs would take more than that for patterns.
fn is_scoped(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    host.split_once('%').is_some_and(|(address, zone)| {
        address.parse::<std::net::Ipv6Addr>().is_ok()
            && !zone.is_empty()
            && zone.chars().all(is_plain)
    })
}

fn check_auth(method: &SshAuthInput, path: &str, known: &Known<'_>) -> Result<(), Failure> {
    let SshAuthInput::KeyFile { path: file, .. } = method else { return Ok(()) };
    let field = format!("{path}.auth");
    let file = file.trim();
    if file.is_empty() {
        return Err(invalid(field, "the key file is missing", "Choose your private key file."));
    }
    if !(known.has_file)(file) {
        return Err(invalid(
            field,
            format!("there is no file {file} that can be read"),
            "Choose your private key file, such as ~/.ssh/id_ed25519.",
        ));
    }
    Ok(())
}

fn invalid(
    field: impl Into<String>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Failure {
    Failure::new(ErrorCode::Invalid, message).with_hint(hint).with_field(field)
}

#[cfg(test)]
mod tests {
    use model::HostAddress;
    use proptest::prelude::*;

    use super::{check_address, is_scoped};

    #[test]
    fn a_zone_is_one_plain_word() {
        for host in ["fe80::1%eth0", "fe80::1%12", "fe80::1%br-lan.10"] {
            assert!(is_scoped(host), "{host}");
        }
        for host in ["fe80::1%", "fe80::1%x,*", "fe80::1%*", "fe80::1%e%f", "fe80::1%a b", "x%eth0"]
        {
            assert!(!is_scoped(host), "{host}");
        }
    }

    proptest! {
        #[test]
        fn no_address_is_a_pattern(host in "(fe80::1%)?[a-z0-9:.%,*?!|\\[\\] -]{1,12}") {
            let address = HostAddress { host: host.clone(), port: 22 };
            if check_address(&address, "a").is_ok() {
                prop_assert!(!host.trim().contains([',', '*', '?', '!', '|', ' ']), "{}", host);
            }
        }
    }
}
