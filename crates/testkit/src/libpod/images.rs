//! The one image and its names. Building and pulling are tested on the real server only.

use serde_json::{Value, json};

use super::BOX_IMAGE;
use super::reply::{Reply, empty, json, refuse};
use super::state::{Server, State};

pub(super) fn list(state: &State) -> Reply {
    let names: Vec<&str> =
        std::iter::once(BOX_IMAGE).chain(state.image_names.iter().map(String::as_str)).collect();
    let image = json!({
        "Id": BOX_IMAGE, "Names": names, "RepoTags": names, "Size": 1_998_038, "Created": 1_795_000_000,
    });
    json(200, &Value::Array(vec![image]))
}

pub(super) fn inspect(state: &State, name: &str) -> Reply {
    if name != BOX_IMAGE && !state.image_names.iter().any(|known| known == name) {
        return missing(name);
    }
    let config = json!({ "Cmd": ["/bin/box"], "Env": ["PATH=/bin"] });
    json(
        200,
        &json!({
            "Id": BOX_IMAGE, "Labels": null, "Config": config, "Digest": "sha256:5dd2",
            "RootFS": { "Type": "layers", "Layers": ["sha256:7a0a"] },
            "History": [{ "created_by": "import" }],
        }),
    )
}

pub(super) fn history() -> Reply {
    json(200, &json!([{ "Id": BOX_IMAGE, "CreatedBy": "import", "Size": 1_996_800 }]))
}

pub(super) fn tag(server: &Server, name: &str, repository: &str, tag: &str) -> Reply {
    server.change(|state| {
        if name != BOX_IMAGE {
            return missing(name);
        }
        let name = format!("{repository}:{tag}");
        if !state.image_names.contains(&name) {
            state.image_names.push(name);
        }
        empty(201)
    })
}

/// Takes a name away; the image itself stays, because it has others.
pub(super) fn remove(server: &Server, name: &str) -> Reply {
    server.change(|state| {
        let known = state.image_names.len();
        state.image_names.retain(|other| other != name);
        if state.image_names.len() == known {
            return missing(name);
        }
        json(200, &json!({ "Untagged": [name], "ExitCode": 0, "Errors": [] }))
    })
}

fn missing(name: &str) -> Reply {
    refuse(404, "image not known", &format!("failed to find image {name}: {name}"))
}
