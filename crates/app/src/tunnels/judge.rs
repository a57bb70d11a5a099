//! Judges what the tunnel form sends. The first thing that will not do is named by its field.

use model::{
    ErrorCode, Failure, SshHostId, Tunnel, TunnelCheckKind, TunnelInput, TunnelPoint, TunnelRoute,
    WhenDown,
};

use super::entry::is_exposed;

/// What is used where nothing is longer.
const LONGEST_NAME: usize = 64;
const LONGEST_HOST: usize = 253;
const LONGEST_PATH: usize = 1024;

/// The first problem of the input by itself, if any.
pub(crate) fn check(input: &TunnelInput) -> Result<(), Failure> {
    let name = input.name.trim();
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(invalid(
            "name",
            "the name is longer than 64 characters, or has characters that do not show",
            "Enter a shorter name.",
        ));
    }
    let listen = input.route.listen();
    check_point(listen, "listen", 0)?;
    if let Some(target) = input.route.target() {
        check_point(target, "target", 1)?;
    }
    if is_exposed(listen) && !input.options.may_be_exposed {
        return Err(invalid(
            "listen.host",
            format!("other machines could connect to {listen}"),
            "Listen on 127.0.0.1, or allow connections from other machines.",
        ));
    }
    check_options(input)
}

fn check_options(input: &TunnelInput) -> Result<(), Failure> {
    if let WhenDown::Hold { seconds } = input.options.when_down
        && !(1..=300).contains(&seconds)
    {
        return Err(invalid(
            "when_down",
            format!("connections cannot be held for {seconds} seconds"),
            "Enter 1 to 300 seconds.",
        ));
    }
    let is_remote = matches!(input.route, TunnelRoute::Remote { .. });
    if is_remote && input.options.is_on_demand {
        return Err(invalid(
            "is_on_demand",
            "a tunnel that listens on the SSH host cannot wait for its first connection",
            "Start it with Moorline, or by hand.",
        ));
    }
    if let TunnelCheckKind::Http { path } = &input.options.check {
        let is_local = matches!(input.route, TunnelRoute::Local { .. });
        if !is_local {
            return Err(invalid(
                "check",
                "only a tunnel from here to a fixed target can be checked by HTTP",
                "Check by connecting.",
            ));
        }
        if !path.starts_with('/') || path.len() > LONGEST_PATH || !is_plain(path) {
            return Err(invalid(
                "check",
                format!("\"{path}\" is not a path of HTTP"),
                "Enter a path that begins with a slash, such as /health.",
            ));
        }
    }
    Ok(())
}

fn check_point(point: &TunnelPoint, field: &str, least_port: u16) -> Result<(), Failure> {
    match point {
        TunnelPoint::Tcp { host, port } => {
            let field_host = format!("{field}.host");
            if host.is_empty() || host.len() > LONGEST_HOST || !is_plain(host) {
                return Err(invalid(
                    field_host,
                    format!("\"{host}\" is not the name or address of a machine"),
                    "Enter a name or an address, such as 127.0.0.1.",
                ));
            }
            if *port < least_port {
                return Err(invalid(
                    format!("{field}.port"),
                    format!("{port} is not a port"),
                    "Enter a port from 1 to 65535.",
                ));
            }
            Ok(())
        }
        TunnelPoint::Unix { path } => {
            if path.starts_with('/') && path.len() <= LONGEST_PATH && !path.contains('\0') {
                return Ok(());
            }
            Err(invalid(
                format!("{field}.path"),
                format!("\"{path}\" is not the path of a socket"),
                "Enter a path that begins with a slash.",
            ))
        }
    }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_graphic() || letter.is_alphanumeric())
}

/// Another tunnel that listens at the same place, or has the same name.
pub(super) fn check_others<'a>(
    input: &TunnelInput,
    host: &SshHostId,
    others: impl Iterator<Item = &'a Tunnel> + Clone,
) -> Result<(), Failure> {
    let name = input.name.trim().to_lowercase();
    if !name.is_empty() && others.clone().any(|other| other.name.to_lowercase() == name) {
        return Err(conflict(
            "name",
            format!("there is a tunnel \"{}\" already", input.name.trim()),
            "Enter another name.",
        ));
    }
    let listen = input.route.listen();
    if matches!(listen, TunnelPoint::Tcp { port: 0, .. }) {
        return Ok(());
    }
    let is_here = input.route.listens_here();
    let mut same = others.filter(|other| {
        other.route.listen() == listen
            && other.route.listens_here() == is_here
            && (is_here || other.ssh_host_id == *host)
    });
    let Some(other) = same.next() else { return Ok(()) };
    let field = match listen {
        TunnelPoint::Tcp { .. } => "listen.port",
        TunnelPoint::Unix { .. } => "listen.path",
    };
    Err(conflict(
        field,
        format!("the tunnel \"{}\" listens at {listen} already", other.name),
        "Choose another place, or change that tunnel.",
    ))
}

/// A free name for a tunnel that was given none, after what it leads to.
pub(super) fn name<'a>(
    route: &TunnelRoute,
    others: impl Iterator<Item = &'a Tunnel> + Clone,
) -> String {
    let wanted = match route {
        TunnelRoute::Dynamic { .. } => "SOCKS proxy".to_owned(),
        TunnelRoute::Local { target, .. } | TunnelRoute::Remote { target, .. } => match target {
            TunnelPoint::Unix { path } => path.rsplit('/').next().unwrap_or(path).to_owned(),
            TunnelPoint::Tcp { .. } => target.to_string(),
        },
    };
    let wanted: String = wanted.chars().take(LONGEST_NAME - 4).collect();
    let is_free = |name: &String| {
        let lower = name.to_lowercase();
        !others.clone().any(|other| other.name.to_lowercase() == lower)
    };
    let numbered = (2..).map(|number| format!("{wanted} {number}"));
    std::iter::once(wanted.clone()).chain(numbered).find(is_free).unwrap_or_default()
}

fn invalid(
    field: impl Into<String>,
    message: impl Into<String>,
    hint: impl Into<String>,
) -> Failure {
    Failure::new(ErrorCode::Invalid, message).with_hint(hint).with_field(field)
}

fn conflict(field: &str, message: String, hint: &str) -> Failure {
    Failure::new(ErrorCode::Conflict, message).with_hint(hint).with_field(field)
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
