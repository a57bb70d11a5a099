//! The container that a wish becomes, by l8s's rules for labels and volumes.

use std::collections::BTreeMap;

use model::IdeTarget;

use super::draft::Draft;
use super::ports::Published;
use crate::convert::{
    LABEL_BRANCH, LABEL_HOST_AUTHORITY, LABEL_IDE_PATH, LABEL_IDE_PORT, LABEL_MANAGED, LABEL_OWNER,
    LABEL_REPOSITORY, LABEL_SSH_PORT, LABEL_USER, LABEL_WEB_PORT, SSH_PORT, WEB_PORT,
};
use crate::session::PodmanSession;
use crate::wire::{
    CpuLimit, CreateSpec, ImageInspected, MemoryLimit, NamedVolume, PortMapping, ResourceLimits,
};

/// The user of an image that says nothing; l8s's default.
const DEFAULT_USER: &str = "dev";
const CPU_PERIOD: u64 = 100_000;

pub(super) fn spec(
    session: &PodmanSession,
    draft: &Draft,
    ide: Option<&IdeTarget>,
    image: Option<&ImageInspected>,
    published: &[Published],
) -> CreateSpec {
    let user = image.map_or_else(|| DEFAULT_USER.to_owned(), user_of);
    let named = |name: String, dest: String| NamedVolume { name, dest, options: Vec::new() };
    let mut volumes = vec![
        named(format!("{}-home", draft.name), format!("/home/{user}")),
        named(format!("{}-workspace", draft.name), "/workspace".into()),
    ];
    volumes.retain(|own| !draft.volumes.iter().any(|(_, path)| *path == own.dest));
    volumes.extend(draft.volumes.iter().map(|(name, dest)| named(name.clone(), dest.clone())));
    CreateSpec {
        name: draft.name.clone(),
        hostname: draft.name.clone(),
        image: draft.image.clone(),
        labels: labels(session, draft, ide, published),
        env: draft.environment.clone(),
        command: draft.command.clone(),
        portmappings: published.iter().map(mapping).collect(),
        volumes,
        resource_limits: limits(draft),
        ..CreateSpec::default()
    }
}

/// The image's user: its label, its home, its own user, or l8s's default.
fn user_of(image: &ImageInspected) -> String {
    let is_name = |name: &&str| {
        !name.is_empty()
            && *name != "root"
            && !name.contains(['/', ':', ' '])
            && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    let labels = image_labels(image);
    let label = labels.get(LABEL_USER).map(String::as_str);
    let home = image.config.env.iter().find_map(|pair| pair.strip_prefix("HOME=/home/"));
    let own = image.config.user.split(':').next();
    [label, home, own].into_iter().flatten().find(is_name).unwrap_or(DEFAULT_USER).to_owned()
}

fn labels(
    session: &PodmanSession,
    draft: &Draft,
    ide: Option<&IdeTarget>,
    published: &[Published],
) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([(LABEL_MANAGED.to_owned(), "true".to_owned())]);
    let mut add = |label: &str, value: Option<String>| {
        labels.extend(value.map(|value| (label.to_owned(), value)));
    };
    let server_port = |inside: u16| {
        published.iter().find(|port| port.inside == inside).map(|port| port.server.to_string())
    };
    add(LABEL_SSH_PORT, server_port(SSH_PORT));
    add(LABEL_WEB_PORT, server_port(WEB_PORT));
    add(LABEL_OWNER, session.login.clone());
    add(LABEL_BRANCH, draft.branch.clone());
    add(LABEL_REPOSITORY, draft.repository.clone());
    add(LABEL_HOST_AUTHORITY, draft.host_authority.clone());
    add(LABEL_IDE_PORT, ide.map(|ide| ide.port.to_string()));
    add(LABEL_IDE_PATH, ide.filter(|ide| ide.path != "/").map(|ide| ide.path.clone()));
    labels
}

/// Published on the server's loopback address only: the way in is the SSH session.
pub(crate) fn mapping(port: &Published) -> PortMapping {
    PortMapping {
        host_ip: "127.0.0.1".into(),
        host_port: port.server,
        container_port: port.inside,
        protocol: "tcp".into(),
    }
}

pub(crate) fn limits(draft: &Draft) -> Option<ResourceLimits> {
    let limits = ResourceLimits {
        memory: draft.memory_mib.map(|mib| MemoryLimit { limit: i64::from(mib) * 1024 * 1024 }),
        cpu: draft.cpus.map(|cpus| CpuLimit {
            quota: i64::from(cpus) * i64::try_from(CPU_PERIOD).unwrap_or(i64::MAX),
            period: CPU_PERIOD,
        }),
    };
    (limits.memory.is_some() || limits.cpu.is_some()).then_some(limits)
}

pub(crate) fn image_labels(image: &ImageInspected) -> BTreeMap<String, String> {
    let mut labels = image.config.labels.clone();
    labels.extend(image.labels.clone());
    labels
}
