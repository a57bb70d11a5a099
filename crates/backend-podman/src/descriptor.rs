//! What the backend says of itself, and the connection fields parsed into settings.

use std::ops::RangeInclusive;

use backend_api::BackendError;
use model::{Descriptor, Field, FieldKind, FieldProblem, FormValues, Kind};

const DEFAULT_SSH_PORTS: RangeInclusive<u16> = 2200..=2299;
/// l8s's first web port.
const DEFAULT_WEB_PORT: u16 = 3000;

/// The fields of a connection, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Absolute path of the server's socket; none means: find it.
    pub(crate) socket: Option<String>,
    /// Ports of the server that containers' SSH servers are published on.
    pub(crate) ssh_ports: RangeInclusive<u16>,
    /// The web port of the container that has the first SSH port; the others follow in step.
    pub(crate) first_web_port: u16,
    /// List containers that neither Moorline nor l8s made.
    pub(crate) show_unmanaged: bool,
}

pub(crate) fn descriptor() -> Descriptor {
    Descriptor {
        kind: Kind::new("podman"),
        title: "Podman".into(),
        summary: "Dev containers on a server that runs Podman, reached by SSH".into(),
        fields: fields(),
        notes: notes().iter().map(|note| (*note).to_owned()).collect(),
        runs_labs: false,
    }
}

fn field(name: &str, label: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        help: None,
        placeholder: None,
        is_required: false,
        default: None,
        is_advanced: true,
        kind,
    }
}

fn fields() -> Vec<Field> {
    vec![
        Field {
            is_required: true,
            is_advanced: false,
            help: Some("The server that runs Podman, and how to log in to it.".into()),
            ..field("host", "Server", FieldKind::SshHost)
        },
        Field {
            help: Some("Leave empty to find it: the login's own socket first, then root's.".into()),
            placeholder: Some("/run/podman/podman.sock".into()),
            ..field("socket", "Podman socket", FieldKind::Text { mono: true })
        },
        Field {
            help: Some(
                "Ports of the server for the SSH servers of new containers.".into(),
            ),
            default: Some("2200-2299".into()),
            placeholder: Some("2200-2299".into()),
            ..field("port_range", "SSH ports", FieldKind::Text { mono: true })
        },
        Field {
            help: Some("The first port of the server for web applications; they keep step with the SSH ports.".into()),
            default: Some("3000".into()),
            ..field("web_port_start", "First web port", FieldKind::Port)
        },
        Field {
            help: Some("List containers that were not made by Moorline or l8s as well.".into()),
            default: Some("false".into()),
            ..field("show_unmanaged", "Show other containers", FieldKind::Switch)
        },
    ]
}

fn notes() -> &'static [&'static str] {
    &[
        "The server needs Podman 4.0 or newer with its API socket enabled: `systemctl --user enable --now podman.socket` for the login's own containers, or `sudo systemctl enable --now podman.socket` for root's.",
        "The socket is reached through SSH stream-local forwarding. Where the server refuses that, `podman system dial-stdio` is run instead, and after that `sudo -n podman system dial-stdio`.",
        "Access to root's socket is as powerful as root on that server.",
        "Podman on this computer is refused: what runs in a dev container must not run beside your own files.",
        "Names, labels, volumes and ports follow l8s, so both see the same containers. Ports are published on the server's loopback address only, and a stopped container keeps its ports.",
        "Containers that neither Moorline nor l8s made can be listed, and changed once they are adopted. Adopting is a note on this computer: labels, ports and volumes of a container stay as they are.",
        "Images are pulled by the server itself, with the login of its own `podman login`. A base counts as outdated when the server's copy of it has other layers than it had at the build; registries are not asked.",
        "Podman 4 does not stop a build's running step when it is told to. Moorline ends the step's programs over SSH, which needs the login to be allowed to: as root, by rootless Podman, or by `sudo -n`.",
        "A port that is not published is reached through the container's own address, which works for root's Podman only.",
    ]
}

/// Parses the fields of a connection.
///
/// # Errors
/// One problem per field that will not do.
pub(crate) fn parse(fields: &FormValues) -> Result<Settings, Vec<FieldProblem>> {
    let value =
        |name: &str| fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut problems = Vec::new();
    let socket = value("socket").map(str::to_owned);
    if let Some(problem) = socket.as_deref().and_then(socket_problem) {
        problems.push(problem);
    }
    let ssh_ports = match value("port_range").map(parse_range) {
        None => DEFAULT_SSH_PORTS,
        Some(Some(range)) => range,
        Some(None) => {
            problems.push(FieldProblem {
                field: "port_range".into(),
                message: "the SSH ports must be two ports from 1024 to 65000, such as 2200-2299"
                    .into(),
                suggestion: Some("2200-2299".into()),
            });
            DEFAULT_SSH_PORTS
        }
    };
    let web_port =
        value("web_port_start").map(|text| text.parse().ok().filter(|port| is_open_port(*port)));
    if web_port == Some(None) {
        problems.push(FieldProblem {
            field: "web_port_start".into(),
            message: "the first web port must be from 1024 to 65000, such as 3000".into(),
            suggestion: Some("3000".into()),
        });
    }
    let first_web_port = web_port.flatten().unwrap_or(DEFAULT_WEB_PORT);
    let show_unmanaged = value("show_unmanaged") == Some("true");
    if problems.is_empty() {
        Ok(Settings { socket, ssh_ports, first_web_port, show_unmanaged })
    } else {
        Err(problems)
    }
}

fn socket_problem(socket: &str) -> Option<FieldProblem> {
    let message = if socket.contains("://") {
        "a socket of this computer or a URL will not do: dev containers run on a server and never on this computer, so give the server under \"Server\" and here only the path of its socket"
    } else if !socket.starts_with('/') {
        "the socket must be an absolute path on the server, such as /run/podman/podman.sock"
    } else if socket.len() > 107 || socket.chars().any(char::is_control) {
        "the path of a socket has at most 107 characters, none of them control characters"
    } else {
        return None;
    };
    Some(FieldProblem { field: "socket".into(), message: message.into(), suggestion: None })
}

fn parse_range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-')?;
    let first = first.trim().parse::<u16>().ok()?;
    let last = last.trim().parse::<u16>().ok()?;
    (first <= last && is_open_port(first) && is_open_port(last)).then_some(first..=last)
}

fn is_open_port(port: u16) -> bool {
    (1024..=65_000).contains(&port)
}

/// Problems of the fields as the error of a connect.
pub(crate) fn refused(problems: &[FieldProblem]) -> BackendError {
    match problems.first() {
        Some(problem) => BackendError::invalid(problem.message.clone()).with_field(&problem.field),
        None => BackendError::invalid("the connection's fields will not do"),
    }
}

#[cfg(test)]
mod tests {
    use model::FormValues;
    use proptest::prelude::*;

    use super::{DEFAULT_SSH_PORTS, parse};

    fn values(pairs: &[(&str, &str)]) -> FormValues {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn empty_fields_have_defaults() {
        let settings = parse(&FormValues::new()).unwrap();
        assert_eq!(settings.socket, None);
        assert_eq!(settings.ssh_ports, DEFAULT_SSH_PORTS);
        assert_eq!(settings.first_web_port, 3000);
        assert!(!settings.show_unmanaged);
    }

    #[test]
    fn a_local_socket_is_refused_with_the_reason() {
        let problems = parse(&values(&[("socket", "unix:///run/podman/podman.sock")])).unwrap_err();
        assert_eq!(problems[0].field, "socket");
        assert!(problems[0].message.contains("never on this computer"), "{}", problems[0].message);
    }

    #[test]
    fn a_backwards_range_is_refused() {
        let problems = parse(&values(&[("port_range", "2299-2200")])).unwrap_err();
        assert_eq!(problems[0].field, "port_range");
    }

    proptest! {
        #[test]
        fn any_range_parses_or_is_refused(text in "[ 0-9-]{0,14}") {
            if let Ok(settings) = parse(&values(&[("port_range", &text)])) {
                prop_assert!(settings.ssh_ports.start() <= settings.ssh_ports.end());
                prop_assert!(*settings.ssh_ports.start() >= 1024);
            }
        }
    }
}
