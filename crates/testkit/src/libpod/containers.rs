//! Containers: making, listing, inspecting, changing, removing.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::BOX_IMAGE;
use super::reply::{Reply, empty, json, no_container, refuse};
use super::state::{Container, Server, field, stamp};

pub(super) fn create(server: &Server, spec: Value) -> Reply {
    server.change(|state| {
        let name = text(field(&spec, "/name"));
        if text(field(&spec, "/image")) != BOX_IMAGE {
            return refuse(500, "image not known", &text(field(&spec, "/image")));
        }
        if let Some(other) = state.container(&name) {
            let words = format!(
                "creating container storage: the container name \"{name}\" is already in use by {}. You have to remove that container to be able to reuse that name",
                other.id
            );
            return refuse(500, "that name is already in use", &words);
        }
        let (id, _) = state.new_id();
        for (volume, _) in mounts(&spec) {
            state.volumes.entry(volume).or_default();
        }
        state.containers.push(Container {
            id: id.clone(),
            name,
            spec,
            created: OffsetDateTime::now_utc(),
            started: None,
            status: "created",
            log: Vec::new(),
            cpu_nano: 0,
            files: std::collections::BTreeMap::new(),
        });
        state.tell(&id, "create");
        json(201, &json!({ "Id": id, "Warnings": [] }))
    })
}

/// Start, stop, restart: 304 when it is so already.
pub(super) fn run(server: &Server, id: &str, states: &[bool]) -> Reply {
    server.change(|state| {
        let mut reply = no_container(id);
        for is_running in states {
            match state.set_running(id, *is_running) {
                Some(true) => reply = empty(204),
                Some(false) => reply = empty(304),
                None => return no_container(id),
            }
        }
        reply
    })
}

pub(super) fn rename(server: &Server, id: &str, name: &str) -> Reply {
    server.change(|state| {
        let Some(own) = state.container(id).map(|one| one.id.clone()) else {
            return no_container(id);
        };
        if state.container(name).is_some_and(|other| other.id != own) {
            let words = format!(
                "renaming container {own}: name {name} already in use, cannot rename container {own}"
            );
            return refuse(409, "container already exists", &words);
        }
        if let Some(container) = state.container(&own) {
            name.clone_into(&mut container.name);
        }
        state.tell(&own, "rename");
        empty(204)
    })
}

pub(super) fn remove(server: &Server, id: &str) -> Reply {
    server.change(|state| {
        let Some(container) = state.container(id) else { return no_container(id) };
        let full = container.id.clone();
        state.set_running(&full, false);
        state.containers.retain(|one| one.id != full);
        state.tell(&full, "remove");
        json(200, &json!([{ "Id": full, "RawInput": id }]))
    })
}

pub(super) fn listed(container: &Container) -> Value {
    let ports: Vec<Value> = container
        .ports()
        .iter()
        .map(|port| {
            let mut port = port.as_object().cloned().unwrap_or_default();
            port.insert("range".into(), 1.into());
            Value::Object(port)
        })
        .collect();
    json!({
        "Id": container.id, "Names": [container.name], "State": container.status,
        "Image": BOX_IMAGE, "ImageID": BOX_IMAGE, "IsInfra": false, "Labels": labels(container),
        "Ports": ports, "Created": stamp(container.created), "ExitCode": 0, "Status": "",
        "StartedAt": container.started.map_or(-62_135_596_800, OffsetDateTime::unix_timestamp),
    })
}

pub(super) fn inspected(container: &Container) -> Value {
    let bindings: Map<String, Value> = container
        .ports()
        .iter()
        .map(|port| {
            let host_port = field(port, "/host_port").to_string();
            let binding = json!([{ "HostIp": field(port, "/host_ip"), "HostPort": host_port }]);
            (format!("{}/tcp", field(port, "/container_port")), binding)
        })
        .collect();
    let mounts: Vec<Value> = mounts(&container.spec)
        .map(|(name, dest)| {
            json!({ "Type": "volume", "Name": name, "Destination": dest, "RW": true })
        })
        .collect();
    let started = container.started.map_or("0001-01-01T00:00:00Z".into(), stamp);
    let limit =
        field(&container.spec, "/resource_limits/memory/limit").as_i64().unwrap_or_default();
    json!({
        "Id": container.id, "Name": container.name, "Created": stamp(container.created),
        "Path": "/bin/box", "Args": [], "Image": BOX_IMAGE, "ImageName": BOX_IMAGE,
        "State": {
            "Status": container.status, "Running": container.is_running(), "ExitCode": 0,
            "Error": "", "OOMKilled": false, "StartedAt": started,
        },
        "Mounts": mounts,
        "NetworkSettings": { "IPAddress": "", "Ports": bindings },
        "Config": {
            "User": "", "Env": environment(container), "Labels": labels(container),
            "Cmd": ["/bin/box"], "WorkingDir": "/",
        },
        "HostConfig": { "Memory": limit, "PortBindings": bindings, "NetworkMode": "bridge" },
    })
}

fn environment(container: &Container) -> Vec<String> {
    let own = field(&container.spec, "/env").as_object().into_iter().flatten();
    let own = own.map(|(name, value)| format!("{name}={}", text(value)));
    ["PATH=/bin", "TERM=xterm", "container=podman"]
        .map(str::to_owned)
        .into_iter()
        .chain(own)
        .collect()
}

fn labels(container: &Container) -> Value {
    field(&container.spec, "/labels").clone()
}

/// The volumes of a container, and where they are in it.
pub(super) fn mounts(spec: &Value) -> impl Iterator<Item = (String, String)> + '_ {
    let volumes = field(spec, "/volumes").as_array().into_iter().flatten();
    volumes.map(|volume| (text(field(volume, "/Name")), text(field(volume, "/Dest"))))
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
