//! What the checks say: cause, next step, evidence, and the fixes that go with each.

use std::ops::RangeInclusive;

use backend_api::{BackendError, Outcome};
use model::{ErrorCode, Failure, Fix};

use crate::http::Client;
use crate::transport::Transport;

/// Said where somebody may be tempted to use the Podman of this computer instead.
const REMOTE_ONLY: &str = "Moorline is remote-only by design: it never falls back to a Podman on this computer, where a dev container would run beside your own files.";

fn on(server: &str, line: &str) -> Fix {
    Fix::Command { place: format!("on {server}"), line: line.to_owned() }
}

fn failed(failure: Failure, fixes: Vec<Fix>) -> Outcome {
    Outcome::Failed { failure, fixes }
}

fn evidence(failure: Failure, tried: &[String]) -> Failure {
    if tried.is_empty() { failure } else { failure.with_detail(tried.join("\n")) }
}

pub(super) fn bad_field(failure: Failure) -> Outcome {
    let field = failure.field.clone().unwrap_or_else(|| "socket".into());
    failed(failure, vec![Fix::EditField { field }])
}

pub(super) fn not_reached() -> Outcome {
    Outcome::Skipped("not needed: no socket is forwarded".into())
}

pub(super) fn no_podman(server: &str, tried: &[String]) -> Outcome {
    let failure = Failure::new(ErrorCode::NotFound, format!("Podman is not installed on {server}"))
        .with_hint(format!("Set the server up; the script installs it. {REMOTE_ONLY}"));
    failed(evidence(failure, tried), vec![Fix::SetUpServer])
}

pub(super) fn no_socket(server: &str, named: Option<&str>, tried: &[String]) -> Outcome {
    let (message, edit) = match named {
        Some(path) => (format!("there is no socket {path} on {server}"), true),
        None => {
            (format!("Podman is installed on {server}, and none of its sockets is there"), false)
        }
    };
    let failure = Failure::new(ErrorCode::Unreachable, message)
        .with_hint(format!("Start the socket, or let the set-up do it. {REMOTE_ONLY}"))
        .with_field("socket");
    let mut fixes = vec![Fix::SetUpServer];
    if edit {
        fixes.push(Fix::EditField { field: "socket".into() });
    }
    fixes.push(on(server, "systemctl --user enable --now podman.socket"));
    fixes.push(on(server, "sudo systemctl enable --now podman.socket"));
    failed(evidence(failure, tried), fixes)
}

pub(super) fn nobody_listens(server: &str, path: &str, tried: &[String]) -> Outcome {
    let message = format!("nobody listens on the socket {path} of {server}");
    let failure = Failure::new(ErrorCode::Unreachable, message)
        .with_hint("The file is left over from a service that ended. Start the socket again.")
        .with_field("socket");
    let fixes = vec![Fix::SetUpServer, on(server, "sudo systemctl restart podman.socket")];
    failed(evidence(failure, tried), fixes)
}

pub(super) fn denied(
    server: &str,
    path: &str,
    group: Option<&str>,
    login: Option<&str>,
    tried: &[String],
) -> Outcome {
    let who = login.unwrap_or("this login");
    let message = format!("{who} may not use the Podman socket {path} on {server}");
    let failure = Failure::new(ErrorCode::Forbidden, message).with_hint(
        "Let the set-up give this login access, which makes it as powerful as root there; or use \
         a socket of the login's own, which does not.",
    );
    let mut fixes = vec![Fix::SetUpServer];
    if let (Some(group), Some(login)) = (group.filter(|group| *group != "root"), login) {
        fixes.push(on(server, &format!("sudo usermod -aG {group} {login}")));
    }
    failed(evidence(failure, tried), fixes)
}

pub(super) fn command_only(server: &str, denied: Option<&str>, way: &Transport) -> Outcome {
    let message = match denied {
        Some(path) => format!("this login may not use {path} itself; {way} reaches it"),
        None => format!("no socket is to be seen; {way} reaches Podman"),
    };
    let failure = Failure::new(ErrorCode::Forbidden, message).with_hint(
        "It works, and every request starts a program on the server. A socket is faster.",
    );
    let summary = format!("{way} is used on {server}");
    Outcome::Warned { summary, failure, fixes: vec![Fix::SetUpServer] }
}

pub(super) fn command_instead(server: &str, refused: &Failure, way: &Transport) -> Outcome {
    let message = format!("the SSH server of {server} lets no streams through to unix sockets");
    let failure = Failure::new(ErrorCode::Forbidden, message)
        .with_hint(format!(
            "It works without: Moorline switched to {way}. Allowing the forwarding makes it faster."
        ))
        .with_detail(refused.message.clone());
    let fixes = vec![Fix::Command {
        place: format!("in sshd_config on {server}"),
        line: "AllowStreamLocalForwarding yes".into(),
    }];
    Outcome::Warned { summary: format!("{way} is used instead"), failure, fixes }
}

pub(super) fn not_forwarded(server: &str, refused: Failure, tried: &[String]) -> Outcome {
    let message = format!("the SSH server of {server} lets no streams through to unix sockets");
    let hint = "Ask for AllowStreamLocalForwarding for this login; no command reaches the socket \
                either.";
    let mut detail = vec![refused.message];
    detail.extend_from_slice(tried);
    let failure =
        Failure::new(ErrorCode::Forbidden, message).with_hint(hint).with_detail(detail.join("\n"));
    let fixes = vec![Fix::Command {
        place: format!("in sshd_config on {server}"),
        line: "AllowStreamLocalForwarding yes".into(),
    }];
    failed(failure, fixes)
}

pub(super) fn not_podman(client: &Client) -> BackendError {
    let message =
        format!("what answers by {} on {} is not Podman", client.transport, client.server);
    BackendError::protocol(message)
        .with_hint("Check the path of the socket; left empty, it is found.")
        .with_field("socket")
}

pub(super) fn too_old(client: &Client, version: &str) -> BackendError {
    let message = format!("{} runs Podman {version}, which is too old", client.server);
    BackendError::unsupported(message).with_hint("Install Podman 4.0 or newer there.")
}

pub(super) fn no_answer(failure: Failure) -> Outcome {
    let fixes = match &failure.field {
        Some(field) => vec![Fix::EditField { field: field.clone() }],
        None => Vec::new(),
    };
    failed(failure, fixes)
}

pub(super) fn no_image(server: &str) -> Outcome {
    let failure = Failure::new(ErrorCode::NotFound, format!("there is no image on {server}"))
        .with_hint("A workspace is made from an image: pull one, or build one there.");
    let summary = "no image yet".into();
    Outcome::Warned { summary, failure, fixes: vec![Fix::ChooseImage] }
}

pub(super) fn no_port(server: &str, ssh_ports: &RangeInclusive<u16>, web: u16) -> Outcome {
    let (first, last) = (ssh_ports.start(), ssh_ports.end());
    let message = format!(
        "no pair of ports is free on {server} from {first} to {last}, with web ports from {web}"
    );
    let failure = Failure::new(ErrorCode::Conflict, message)
        .with_hint("Widen the range, or remove workspaces; stopped ones keep their ports.")
        .with_field("port_range");
    let fixes = vec![Fix::EditField { field: "port_range".into() }];
    Outcome::Warned { summary: "no port is free for a new workspace".into(), failure, fixes }
}
