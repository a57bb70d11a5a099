//! A user's files: list, read, write, remove, folders. A file needs its folder, as on the real server.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::reply::{Reply, bytes, json as json_reply, no_page, refuse};
use super::route::Asked;
use super::state::{Server, State};

pub(super) fn answer(server: &Arc<Server>, asked: &Asked, words: &[&str]) -> Reply {
    let in_body = asked.json()["path"].as_str().map(str::to_owned);
    let given = if words == ["directory"] {
        in_body.unwrap_or_default()
    } else {
        asked.text("path").to_owned()
    };
    let path = given.trim_matches('/').to_owned();
    let is_tree = words == ["tree"];
    if path.split('/').any(|part| part == "..") || given.starts_with('/') {
        return refuse(400, "invalid file path");
    }
    if path.is_empty() && !is_tree {
        return refuse(400, "missing required path");
    }
    let mut state = server.state();
    match (asked.method.as_str(), words) {
        ("GET", ["tree"]) => tree(&state, &asked.user, &path),
        ("GET", ["file"]) => match state.workspace.get(&(asked.user.clone(), path)) {
            Some(Some(file)) => bytes(200, "application/octet-stream", file.clone()),
            Some(None) => refuse(400, "Path is not a file"),
            None => refuse(404, "File not found"),
        },
        ("PUT", ["file"]) => {
            if !has_parent(&state, &asked.user, &path) {
                return refuse(400, format!("statat {path}: no such file or directory"));
            }
            let key = (asked.user.clone(), path);
            if let Some(None) = state.workspace.get(&key) {
                return refuse(400, "Path is a directory");
            }
            state.edited.remove(&key);
            state.workspace.insert(key, Some(asked.body.clone()));
            json_reply(200, &json!({ "success": true }))
        }
        ("DELETE", ["file"]) => remove(&mut state, asked, &path),
        ("POST", ["directory"]) => {
            if !has_parent(&state, &asked.user, &path) {
                return refuse(400, format!("statat {path}: no such file or directory"));
            }
            let entry = state.workspace.entry((asked.user.clone(), path)).or_insert(None);
            if entry.is_some() {
                return refuse(400, "Path is a file");
            }
            json_reply(200, &json!({ "success": true }))
        }
        _ => no_page(),
    }
}

fn has_parent(state: &State, user: &str, path: &str) -> bool {
    let Some((parent, _)) = path.rsplit_once('/') else { return true };
    matches!(state.workspace.get(&(user.to_owned(), parent.to_owned())), Some(None))
}

fn remove(state: &mut State, asked: &Asked, path: &str) -> Reply {
    let below = format!("{path}/");
    let is_below = |(user, one): &(String, String)| *user == asked.user && one.starts_with(&below);
    if !asked.is("recursive") && state.workspace.keys().any(is_below) {
        return refuse(400, "directory is not empty");
    }
    state.workspace.retain(|key, _| !is_below(key));
    state.workspace.remove(&(asked.user.clone(), path.to_owned()));
    json_reply(200, &json!({ "success": true }))
}

/// One level, as the real one.
fn tree(state: &State, user: &str, path: &str) -> Reply {
    let is_there = state.workspace.get(&(user.to_owned(), path.to_owned()));
    match is_there {
        None if !path.is_empty() => return refuse(404, "Directory not found"),
        Some(Some(_)) => return refuse(400, "Path is not a directory"),
        _ => {}
    }
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let own = state.workspace.iter().filter(|((owner, _), _)| owner == user);
    let mut seen = BTreeSet::new();
    let mut entries: Vec<Value> = Vec::new();
    for ((_, one), file) in own {
        let Some(name) = one.strip_prefix(&prefix).filter(|name| !name.is_empty()) else {
            continue;
        };
        if name.contains('/') || !seen.insert(name.to_owned()) {
            continue;
        }
        let is_later = state.edited.contains(&(user.to_owned(), one.clone()));
        let kind = if file.is_some() { "file" } else { "directory" };
        entries.push(json!({
            "name": name, "path": one, "kind": kind, "size": file.as_ref().map_or(4096, bytes::Bytes::len),
            "modifiedAt": if is_later { "2026-11-21T12:00:00Z" } else { "2026-11-21T11:30:33Z" },
            "hasChildren": file.is_none(),
        }));
    }
    json_reply(200, &json!(entries))
}

/// A file of the lab's own folder.
pub(super) fn topology(server: &Arc<Server>, asked: &Asked, lab: &str) -> Reply {
    let files = server.state().folder(&asked.user, lab);
    match files.get(asked.text("path")) {
        Some(file) => bytes(200, "text/plain; charset=utf-8", file.clone()),
        None => refuse(404, "File not found"),
    }
}

/// Every topology at the top of a lab's folder.
pub(super) async fn topologies(server: &Arc<Server>, asked: &Asked) -> Reply {
    let deployed = server.engine.containers().await.unwrap_or_default();
    let state_of = |lab: &str| {
        if deployed.iter().any(|one| one.lab_name == lab) { "deployed" } else { "undeployed" }
    };
    let files = server.state().files(&asked.user);
    let entries: Vec<Value> = files
        .keys()
        .filter(|path| path.ends_with(".clab.yml"))
        .filter_map(|path| path.split_once('/').filter(|(_, file)| !file.contains('/')))
        .map(|(lab, file)| {
            json!({
                "labName": lab, "yamlFileName": file, "hasAnnotations": false,
                "annotationsFileName": format!("{file}.annotations.json"), "deploymentState": state_of(lab),
            })
        })
        .collect();
    json_reply(200, &json!(entries))
}
