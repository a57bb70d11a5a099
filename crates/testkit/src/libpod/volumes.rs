//! Volumes: making, listing, measuring, removing. What they hold comes and goes through containers.

use serde_json::{Value, json};

use super::containers::mounts;
use super::reply::{Reply, empty, json, refuse};
use super::state::State;

pub(super) fn list(state: &State) -> Reply {
    json(200, &state.volumes.keys().map(|name| json!({ "Name": name })).collect())
}

pub(super) fn inspect(state: &State, name: &str) -> Reply {
    if state.volumes.contains_key(name) { json(200, &json!({ "Name": name })) } else { gone(name) }
}

/// What `system/df` says of volumes.
pub(super) fn sizes(state: &State) -> Reply {
    let volumes = state.volumes.iter().map(|(name, files)| {
        let size: usize = files.values().map(|file| file.contents.len()).sum();
        json!({ "VolumeName": name, "Links": 0, "Size": size, "ReclaimableSize": 0 })
    });
    json(200, &json!({ "Images": [], "Containers": [], "Volumes": volumes.collect::<Value>() }))
}

pub(super) fn create(state: &mut State, name: &str) -> Reply {
    if state.volumes.contains_key(name) {
        let words = format!("volume with name {name} already exists");
        return refuse(500, "volume already exists", &words);
    }
    state.volumes.insert(name.to_owned(), std::collections::BTreeMap::new());
    json(201, &json!({ "Name": name, "Driver": "local" }))
}

pub(super) fn remove(state: &mut State, name: &str) -> Reply {
    let uses = |spec: &Value| mounts(spec).any(|(volume, _)| volume == name);
    if let Some(user) = state.containers.iter().find(|one| uses(&one.spec)) {
        let words =
            format!("volume {name} is being used by the following container(s): {}", user.id);
        return refuse(409, "volume is being used", &words);
    }
    if state.volumes.remove(name).is_some() { empty(204) } else { gone(name) }
}

fn gone(name: &str) -> Reply {
    refuse(404, "no such volume", &format!("no volume with name \"{name}\" found"))
}
