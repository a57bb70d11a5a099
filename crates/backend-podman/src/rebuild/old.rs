//! What a container was made with, told apart from what its image brought along.

use std::collections::BTreeMap;

use crate::convert;
use crate::wire::{BindMount, ImageInspected, Inspected, NamedVolume, PortMapping};

/// A container's own settings, as they go into a create again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Old {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) image_id: String,
    pub(crate) is_running: bool,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) command: Vec<String>,
    pub(crate) entrypoint: Vec<String>,
    pub(crate) user: Option<String>,
    pub(crate) work_dir: Option<String>,
    pub(crate) restart_policy: Option<String>,
    pub(crate) cap_add: Vec<String>,
    pub(crate) cap_drop: Vec<String>,
    pub(crate) ports: Vec<PortMapping>,
    pub(crate) volumes: Vec<NamedVolume>,
    pub(crate) binds: Vec<BindMount>,
    pub(crate) cpus: Option<f64>,
    pub(crate) memory_mib: Option<u64>,
    /// Settings that a new container would not have, in words.
    pub(crate) losses: Vec<String>,
}

impl Old {
    /// Reads a container; `image` is the one it was made from.
    pub(crate) fn read(found: &Inspected, image: &ImageInspected) -> Self {
        let config = &found.config;
        let mut image_labels = image.config.labels.clone();
        image_labels.extend(image.labels.clone());
        let is_own = |(label, value): &(&String, &String)| image_labels.get(*label) != Some(value);
        let limits = convert::detail(found).limits;
        let differs = |own: &str, from_image: &str| {
            (!own.is_empty() && own != from_image).then(|| own.to_owned())
        };
        let image_dir = Some(image.config.working_dir.as_str()).filter(|dir| !dir.is_empty());
        Self {
            id: found.id.clone(),
            name: found.name.clone(),
            image: found.image_name.clone(),
            image_id: found.image.clone(),
            is_running: found.state.running,
            labels: config
                .labels
                .iter()
                .filter(is_own)
                .map(|(label, value)| (label.clone(), value.clone()))
                .collect(),
            env: own_environment(&config.env, &image.config.env),
            command: own_words(&config.cmd, &image.config.cmd),
            entrypoint: own_words(&words(&config.entrypoint), &image.config.entrypoint),
            user: differs(&config.user, &image.config.user),
            work_dir: differs(&config.working_dir, image_dir.unwrap_or("/")),
            restart_policy: Some(found.host_config.restart_policy.name.clone())
                .filter(|policy| !policy.is_empty() && policy != "no"),
            cap_add: found.host_config.cap_add.clone(),
            cap_drop: found.host_config.cap_drop.clone(),
            ports: mappings(found),
            volumes: volumes(found),
            binds: binds(found),
            cpus: limits.cpus,
            memory_mib: limits.memory_bytes.map(|bytes| bytes / (1024 * 1024)),
            losses: losses(found),
        }
    }
}

/// Variables that neither the image nor Podman itself set.
fn own_environment(env: &[String], image: &[String]) -> BTreeMap<String, String> {
    let is_podmans = |name: &str, value: &str| {
        matches!(name, "container" | "HOSTNAME")
            || (name == "TERM" && value == "xterm")
            || (name == "HOME" && matches!(value, "/root" | "/"))
    };
    env.iter()
        .filter(|pair| !image.contains(pair))
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, value)| !is_podmans(name, value))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn own_words(own: &[String], image: &[String]) -> Vec<String> {
    if own == image { Vec::new() } else { own.to_vec() }
}

/// One string until Podman 4, which joined the words with spaces.
fn words(entrypoint: &serde_json::Value) -> Vec<String> {
    match entrypoint {
        serde_json::Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        serde_json::Value::Array(list) => {
            list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn mappings(found: &Inspected) -> Vec<PortMapping> {
    let mut ports = Vec::new();
    for (key, bindings) in convert::bindings(found) {
        let (port, protocol) = key.split_once('/').unwrap_or((&key, "tcp"));
        let Ok(container_port) = port.parse() else { continue };
        for binding in bindings {
            let Ok(host_port) = binding.host_port.parse() else { continue };
            ports.push(PortMapping {
                host_ip: binding.host_ip.clone(),
                host_port,
                container_port,
                protocol: protocol.to_owned(),
            });
        }
    }
    ports.sort_by_key(|port| (port.container_port, port.host_port));
    ports
}

/// Without l8s's option `U`: ownership is right already, and changing it walks through every file.
fn volumes(found: &Inspected) -> Vec<NamedVolume> {
    let named = found.mounts.iter().filter(|mount| mount.kind == "volume");
    let mut volumes: Vec<NamedVolume> = named
        .map(|mount| NamedVolume {
            name: mount.name.clone(),
            dest: mount.destination.clone(),
            options: if mount.rw { Vec::new() } else { vec!["ro".into()] },
        })
        .collect();
    volumes.sort_by(|one, other| one.dest.cmp(&other.dest));
    volumes
}

fn binds(found: &Inspected) -> Vec<BindMount> {
    let bound = found.mounts.iter().filter(|mount| mount.kind == "bind");
    bound
        .map(|mount| BindMount {
            kind: "bind".into(),
            source: mount.source.clone(),
            destination: mount.destination.clone(),
            options: vec![if mount.rw { "rw".into() } else { "ro".into() }, "rbind".into()],
        })
        .collect()
}

fn losses(found: &Inspected) -> Vec<String> {
    let host = &found.host_config;
    let is_plain_network =
        matches!(host.network_mode.as_str(), "" | "bridge" | "default" | "slirp4netns" | "pasta");
    let settings = [
        (host.privileged, "runs privileged".to_owned()),
        (host.readonly_rootfs, "has a read-only root".to_owned()),
        (!host.devices.is_empty(), "has devices of the server".to_owned()),
        (!host.extra_hosts.is_empty(), "has extra host names".to_owned()),
        (!host.security_opt.is_empty(), "has security options".to_owned()),
        (!host.tmpfs.is_empty(), "has temporary file systems".to_owned()),
        (!found.pod.is_empty(), "belongs to a pod".to_owned()),
        (!is_plain_network, format!("uses the network \"{}\"", host.network_mode)),
    ];
    settings.into_iter().filter(|(has, _)| *has).map(|(_, words)| words).collect()
}

#[cfg(test)]
mod tests {
    use super::Old;
    use crate::wire::{ImageInspected, Inspected};

    /// As recorded from Podman 4.3.1, shortened.
    const FOUND: &str = r#"{"Id":"32b3","Name":"a1","Image":"1b2b","ImageName":"localhost/x:1","Pod":"",
        "State":{"Running":true},"Mounts":[{"Type":"volume","Name":"a1-home","Source":"/s","Destination":"/home/dev",
        "Mode":"","Options":["U","nosuid"],"RW":true},{"Type":"bind","Source":"/srv","Destination":"/srv","RW":false}],
        "Config":{"User":"","Env":["PATH=/bin","TERM=xterm","container=podman","USER=dev","HOME=/home/dev","FOO=b c",
        "HOSTNAME=a1"],"Cmd":["/bin/sleep","1000"],"Entrypoint":"","WorkingDir":"/","Labels":{"l8s.managed":"true",
        "moorline.ide.port":"8080"}},"HostConfig":{"NetworkMode":"bridge","PortBindings":{"22/tcp":[{"HostIp":
        "127.0.0.1","HostPort":"23222"}],"53/udp":[{"HostIp":"","HostPort":"5353"}]},"RestartPolicy":{"Name":
        "unless-stopped"},"Memory":67108864,"Privileged":false}}"#;
    const IMAGE: &str = r#"{"Id":"1b2b","Labels":{"moorline.ide.port":"8080"},"Config":{"Env":["PATH=/bin"],
        "Cmd":["/bin/sleep","1000"]}}"#;

    fn old(found: &str) -> Old {
        let found: Inspected = serde_json::from_str(found).unwrap();
        let image: ImageInspected = serde_json::from_str(IMAGE).unwrap();
        Old::read(&found, &image)
    }

    #[test]
    fn what_the_image_and_podman_set_is_not_the_containers_own() {
        let old = old(FOUND);
        let env: Vec<(&str, &str)> =
            old.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(env, [("FOO", "b c"), ("HOME", "/home/dev"), ("USER", "dev")]);
        assert_eq!(old.labels.keys().collect::<Vec<_>>(), ["l8s.managed"]);
        assert!(old.command.is_empty() && old.entrypoint.is_empty());
        assert_eq!((old.user, old.work_dir), (None, None));
        assert_eq!(old.restart_policy.as_deref(), Some("unless-stopped"));
        assert_eq!(old.memory_mib, Some(64));
    }

    #[test]
    fn mounts_and_ports_are_kept_as_they_are() {
        let old = old(FOUND);
        assert_eq!((old.volumes[0].name.as_str(), old.volumes[0].options.len()), ("a1-home", 0));
        assert_eq!(old.binds[0].options, ["ro", "rbind"]);
        let ports: Vec<(u16, u16, &str)> = old
            .ports
            .iter()
            .map(|port| (port.container_port, port.host_port, port.protocol.as_str()))
            .collect();
        assert_eq!(ports, [(22, 23222, "tcp"), (53, 5353, "udp")]);
        assert!(old.losses.is_empty());
    }

    #[test]
    fn what_cannot_be_carried_over_is_named() {
        let found = FOUND.replace("\"Privileged\":false", "\"Privileged\":true");
        let found = found.replace("\"NetworkMode\":\"bridge\"", "\"NetworkMode\":\"host\"");
        assert_eq!(old(&found).losses, ["runs privileged", "uses the network \"host\""]);
    }
}
