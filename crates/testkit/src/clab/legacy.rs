//! Deploying as the server of 2025 takes it: a topology as JSON, or an archive. Both servers have it.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use serde_json::json;

use super::engine::{Order, Said};
use super::errors;
use super::lifecycle::{self, Operation, Work};
use super::reply::{Reply, refuse};
use super::route::Asked;
use super::state::Server;

pub(super) async fn deploy(server: &Arc<Server>, asked: &Asked) -> Reply {
    let body = asked.json();
    let topology = &body["topologyContent"];
    if !topology.is_object() {
        return refuse(
            400,
            "Request body must include either 'topologyContent' or 'topologySourceUrl'",
        );
    }
    let name = topology["name"].as_str().unwrap_or_default().to_owned();
    let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_good) {
        return refuse(400, "Invalid characters in topology 'name'.");
    }
    let file = format!("{name}.clab.yml");
    let files = BTreeMap::from([(file, Bytes::from(topology.to_string()))]);
    place(server, asked, &name, files).await
}

pub(super) async fn archive(server: &Arc<Server>, asked: &Asked) -> Reply {
    let lab = asked.text("labName").to_owned();
    if lab.is_empty() {
        return refuse(400, "Missing required 'labName' query parameter.");
    }
    let Some(archive) = part(asked) else {
        return refuse(400, "Failed to get 'labArchive' from the form");
    };
    match unpack(&archive) {
        Ok(files) => place(server, asked, &lab, files).await,
        Err(error) => refuse(500, format!("Failed to extract archive: {error}")),
    }
}

/// The content of the form's only part.
fn part(asked: &Asked) -> Option<Vec<u8>> {
    let (_, boundary) = asked.content_type.split_once("boundary=")?;
    let end = format!("\r\n--{}", boundary.trim_matches('"'));
    let body = asked.body.as_ref();
    let begin = find(body, b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(body.get(..begin)?);
    if !head.contains("name=\"labArchive\"") || !head.contains(".tar.gz\"") {
        return None;
    }
    let rest = body.get(begin..)?;
    Some(rest.get(..find(rest, end.as_bytes())?)?.to_vec())
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn unpack(archive: &[u8]) -> Result<BTreeMap<String, Bytes>, String> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let mut files = BTreeMap::new();
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if name.split('/').any(|part| part == "..") || name.starts_with('/') {
            return Err(format!(
                "illegal path in tar archive: '{name}' attempts to escape target directory"
            ));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|error| error.to_string())?;
        if !name.ends_with('/') {
            files.insert(name, Bytes::from(content));
        }
    }
    Ok(files)
}

async fn place(
    server: &Arc<Server>,
    asked: &Asked,
    lab: &str,
    files: BTreeMap<String, Bytes>,
) -> Reply {
    let all = server.engine.containers().await.unwrap_or_default();
    let exists = all.iter().any(|one| one.lab_name == lab);
    if exists && !asked.is("reconfigure") {
        return errors::exists(lab, server.is_modern());
    }
    let topology = files.keys().find(|name| name.ends_with(".clab.yml") && !name.contains('/'));
    let Some(topology) = topology.cloned() else {
        return refuse(400, "No topology file found in the archive.");
    };
    for (path, file) in &files {
        server.state().put(&asked.user, &format!("{lab}/{path}"), file.clone());
    }
    let order = Order {
        reconfigure: asked.is("reconfigure"),
        nodes: asked.names("nodeFilter"),
        ..server.order(&asked.user, lab, &topology)
    };
    let engine = server.engine.clone();
    let work = move |said: Said| -> Work {
        async move {
            engine.deploy(&order, &said).await.map_err(|error| {
                format!("Failed to deploy lab '{}': {}", order.lab, errors::command_failed(&error))
            })?;
            Ok(json!({ "output": "╭──────────────┬─────────────────╮\n" }))
        }
        .boxed()
    };
    let done = String::new();
    let operation = Operation { lab: lab.into(), name: "deploy", done, work: Box::new(work) };
    lifecycle::run(server, asked, operation).await
}
