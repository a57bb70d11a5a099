//! libpod's containers turned into workspaces.

use std::collections::BTreeMap;

use model::{
    ASIDE_SUFFIX, IdeTarget, Limits, TimestampMs, Volume, Workspace, WorkspaceDetail, WorkspaceId,
    WorkspaceOrigin, WorkspacePort, WorkspaceState,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::apply::LABEL_APPLY;
use crate::wire::{Binding, Inspected, Listed};

pub(crate) const LABEL_MANAGED: &str = "l8s.managed";
pub(crate) const LABEL_SSH_PORT: &str = "l8s.ssh.port";
pub(crate) const LABEL_WEB_PORT: &str = "l8s.web.port";
pub(crate) const LABEL_OWNER: &str = "l8s.owner";
pub(crate) const LABEL_REPOSITORY: &str = "l8s.repo";
pub(crate) const LABEL_BRANCH: &str = "l8s.branch";
/// Fingerprint of the authority that signs the host key.
pub(crate) const LABEL_HOST_AUTHORITY: &str = "moorline.ssh.ca";
pub(crate) const LABEL_IDE_PORT: &str = "moorline.ide.port";
pub(crate) const LABEL_IDE_PATH: &str = "moorline.ide.path";
pub(crate) const LABEL_USER: &str = "moorline.user";
/// Inside a container: its SSH server and its web application, by l8s's rule.
pub(crate) const SSH_PORT: u16 = 22;
pub(crate) const WEB_PORT: u16 = 3000;

type Labels = BTreeMap<String, String>;

pub(crate) fn is_managed(labels: &Labels) -> bool {
    labels.get(LABEL_MANAGED).is_some_and(|value| value == "true")
}

/// Who made it. l8s sets neither of the two labels; others of ours may come with an image.
pub(crate) fn origin(labels: &Labels) -> WorkspaceOrigin {
    if !is_managed(labels) {
        return WorkspaceOrigin::Other;
    }
    let is_ours = [LABEL_OWNER, LABEL_APPLY].iter().any(|label| labels.contains_key(*label));
    if is_ours { WorkspaceOrigin::Moorline } else { WorkspaceOrigin::L8s }
}

/// The IDE that a container or image declares by label.
pub(crate) fn ide_of(labels: &Labels) -> Option<IdeTarget> {
    let port = labels.get(LABEL_IDE_PORT)?.parse().ok().filter(|port| *port != 0)?;
    let path = labels.get(LABEL_IDE_PATH).filter(|path| path.starts_with('/'));
    Some(IdeTarget { port, path: path.cloned().unwrap_or_else(|| "/".into()) })
}

fn port_label(port: u16, ide: Option<&IdeTarget>) -> Option<String> {
    match port {
        _ if ide.is_some_and(|ide| ide.port == port) => Some("ide".into()),
        SSH_PORT => Some("ssh".into()),
        WEB_PORT => Some("web".into()),
        _ => None,
    }
}

/// What libpod's word for a state means.
pub(crate) fn state_of(status: &str) -> WorkspaceState {
    match status {
        "configured" | "created" | "initialized" => WorkspaceState::Created,
        "running" => WorkspaceState::Running,
        "paused" => WorkspaceState::Paused,
        "stopping" => WorkspaceState::Stopping,
        "stopped" | "exited" => WorkspaceState::Stopped,
        "removing" => WorkspaceState::Removing,
        _ => WorkspaceState::Unknown,
    }
}

fn remark(name: &str, state: WorkspaceState, exit_code: i64) -> Option<String> {
    if let Some(own) = name.strip_suffix(ASIDE_SUFFIX) {
        return Some(format!("put aside by a rebuild of {own}"));
    }
    (state == WorkspaceState::Stopped && exit_code != 0).then(|| format!("exit code {exit_code}"))
}

/// A container of the list; none when libpod left out what identifies it.
pub(crate) fn workspace(listed: &Listed) -> Option<Workspace> {
    let name = listed.names.first()?.clone();
    let state = state_of(&listed.state);
    let ide = ide_of(&listed.labels);
    let state_remark = remark(&name, state, listed.exit_code);
    Some(Workspace {
        id: WorkspaceId::from_raw(listed.id.clone()),
        name,
        state,
        state_remark,
        image: listed.image.clone(),
        branch: listed.labels.get(LABEL_BRANCH).cloned(),
        owner: listed.labels.get(LABEL_OWNER).cloned(),
        created_at: created(&listed.created),
        started_at: (listed.started_at > 0).then(|| listed.started_at.saturating_mul(1000)),
        ports: with_ide(published(listed, ide.as_ref()), ide.as_ref()),
        is_managed: is_managed(&listed.labels),
        origin: origin(&listed.labels),
        web_ide: ide,
    })
}

fn published(listed: &Listed, ide: Option<&IdeTarget>) -> Vec<WorkspacePort> {
    let mut ports = Vec::new();
    for mapping in listed.ports.iter().filter(|mapping| is_tcp(&mapping.protocol)) {
        for offset in 0..mapping.range.max(1) {
            let (Some(port), Some(server_port)) =
                (mapping.container_port.checked_add(offset), mapping.host_port.checked_add(offset))
            else {
                break;
            };
            ports.push(WorkspacePort {
                port,
                server_port: Some(server_port).filter(|port| *port != 0),
                label: port_label(port, ide),
            });
        }
    }
    ports
}

fn is_tcp(protocol: &str) -> bool {
    protocol.is_empty() || protocol.split(',').any(|one| one == "tcp")
}

fn with_ide(mut ports: Vec<WorkspacePort>, ide: Option<&IdeTarget>) -> Vec<WorkspacePort> {
    if let Some(ide) = ide.filter(|ide| !ports.iter().any(|port| port.port == ide.port)) {
        ports.push(WorkspacePort { port: ide.port, server_port: None, label: Some("ide".into()) });
    }
    ports.sort_by_key(|port| port.port);
    ports.dedup_by_key(|port| port.port);
    ports
}

/// Everything that `inspect` tells.
pub(crate) fn detail(found: &Inspected) -> WorkspaceDetail {
    let labels = found.config.labels.clone();
    let state = state_of(&found.state.status);
    let ide = ide_of(&labels);
    let mut state_remark = remark(&found.name, state, i64::from(found.state.exit_code));
    if found.state.oom_killed && state == WorkspaceState::Stopped {
        state_remark = Some("ran out of memory".into());
    }
    let workspace = Workspace {
        id: WorkspaceId::from_raw(found.id.clone()),
        name: found.name.clone(),
        state,
        state_remark,
        image: first_filled(&found.image_name, &found.image),
        branch: labels.get(LABEL_BRANCH).cloned(),
        owner: labels.get(LABEL_OWNER).cloned(),
        created_at: timestamp(&found.created),
        started_at: timestamp(&found.state.started_at),
        ports: with_ide(bound(found, ide.as_ref()), ide.as_ref()),
        web_ide: ide,
        is_managed: is_managed(&labels),
        origin: origin(&labels),
    };
    WorkspaceDetail {
        workspace,
        limits: limits(found),
        volumes: volumes(found),
        environment_names: environment_names(&found.config.env),
        labels,
        command: std::iter::once(&found.path).chain(&found.args).cloned().collect(),
        user: Some(found.config.user.clone()).filter(|user| !user.is_empty()),
        exit_code: (state == WorkspaceState::Stopped).then_some(found.state.exit_code),
    }
}

fn first_filled(one: &str, other: &str) -> String {
    if one.is_empty() { other.to_owned() } else { one.to_owned() }
}

fn volumes(found: &Inspected) -> Vec<Volume> {
    let named = found.mounts.iter().filter(|mount| mount.kind == "volume");
    let mut volumes: Vec<Volume> = named
        .map(|mount| Volume { name: mount.name.clone(), path: mount.destination.clone() })
        .collect();
    // libpod lists them in no order.
    volumes.sort_by(|one, other| one.path.cmp(&other.path));
    volumes
}

fn environment_names(env: &[String]) -> Vec<String> {
    let mut names: Vec<String> =
        env.iter().map(|pair| pair.split('=').next().unwrap_or_default().to_owned()).collect();
    names.sort();
    names
}

fn bound(found: &Inspected, ide: Option<&IdeTarget>) -> Vec<WorkspacePort> {
    let mut ports = Vec::new();
    for (key, bindings) in bindings(found) {
        let Some(port) = key.strip_suffix("/tcp").and_then(|port| port.parse().ok()) else {
            continue;
        };
        let server_port = bindings.iter().find_map(|one| one.host_port.parse().ok());
        ports.push(WorkspacePort { port, server_port, label: port_label(port, ide) });
    }
    ports
}

/// Published ports by `port/protocol`: what is asked for, and where libpod tells it, what is real.
pub(crate) fn bindings(found: &Inspected) -> BTreeMap<String, Vec<Binding>> {
    let asked = found.host_config.port_bindings.iter();
    asked
        .chain(&found.network_settings.ports)
        .filter_map(|(key, list)| Some((key.clone(), list.clone()?)))
        .filter(|(_, list)| !list.is_empty())
        .collect()
}

fn limits(found: &Inspected) -> Limits {
    let host = &found.host_config;
    let cpus = if host.nano_cpus > 0 {
        Some(ratio(host.nano_cpus, 1_000_000_000))
    } else if host.cpu_quota > 0 && host.cpu_period > 0 {
        Some(ratio(host.cpu_quota, host.cpu_period))
    } else {
        None
    };
    let memory_bytes = u64::try_from(host.memory).ok().filter(|bytes| *bytes > 0);
    Limits { cpus, memory_bytes }
}

#[allow(clippy::cast_precision_loss)]
fn ratio(one: i64, other: i64) -> f64 {
    one as f64 / other as f64
}

fn created(value: &serde_json::Value) -> Option<TimestampMs> {
    match value {
        serde_json::Value::String(text) => timestamp(text),
        serde_json::Value::Number(seconds) => seconds.as_i64().map(|s| s.saturating_mul(1000)),
        _ => None,
    }
}

/// Parses RFC 3339; Go's zero time is none.
pub(crate) fn timestamp(text: &str) -> Option<TimestampMs> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let ms = TimestampMs::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()?;
    (ms > 0).then_some(ms)
}

#[cfg(test)]
mod tests {
    use model::WorkspaceState;

    use super::{state_of, timestamp, workspace};
    use crate::wire::Listed;

    /// As recorded from Podman 4.3.1, shortened.
    const LISTED: &str = r#"{"Created":"2026-11-21T13:38:41.714127591Z","Exited":true,"ExitCode":137,
        "Id":"3ac6","Image":"localhost/box:1","Labels":{"l8s.managed":"true","moorline.ide.port":"8080",
        "l8s.owner":"alice"},"Names":["atlas-api"],"Ports":[{"host_ip":"127.0.0.1","container_port":22,
        "host_port":2200,"range":1,"protocol":"tcp"},{"host_ip":"127.0.0.1","container_port":3000,
        "host_port":3000,"range":2,"protocol":"tcp"}],"StartedAt":-62135596800,"State":"exited"}"#;

    #[test]
    fn a_listed_container_becomes_a_workspace() {
        let listed: Listed = serde_json::from_str(LISTED).unwrap();
        let workspace = workspace(&listed).unwrap();
        assert_eq!(workspace.state, WorkspaceState::Stopped);
        assert_eq!(workspace.state_remark.as_deref(), Some("exit code 137"));
        assert_eq!(workspace.owner.as_deref(), Some("alice"));
        assert_eq!(workspace.created_at, Some(1_795_268_321_714));
        assert_eq!(workspace.started_at, None);
        let ports: Vec<(u16, Option<u16>, Option<&str>)> =
            workspace.ports.iter().map(|p| (p.port, p.server_port, p.label.as_deref())).collect();
        assert_eq!(
            ports,
            [
                (22, Some(2200), Some("ssh")),
                (3000, Some(3000), Some("web")),
                (3001, Some(3001), None),
                (8080, None, Some("ide")),
            ]
        );
        assert!(workspace.is_managed);
    }

    #[test]
    fn gos_zero_time_is_no_time() {
        assert_eq!(timestamp("0001-01-01T00:00:00Z"), None);
    }

    #[test]
    fn a_state_of_a_newer_podman_is_unknown() {
        assert_eq!(state_of("hibernating"), WorkspaceState::Unknown);
    }
}
