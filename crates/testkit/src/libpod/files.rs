//! Files put into containers, with their owners, and got out again.

use std::collections::BTreeMap;
use std::io::Read as _;

use bytes::Bytes;
use serde_json::json;

use super::containers::mounts;
use super::reply::{Reply, bytes, empty, json, refuse};
use super::state::{Container, Server, StoredFile};

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000:dev:/home/dev:/bin/sh\n";

/// Unpacks an archive below a folder, which is made when it is not there.
pub(super) fn put(
    server: &Server,
    id: &str,
    folder: &str,
    archive: &[u8],
    keeps_owner: bool,
) -> Reply {
    let files = match unpacked(archive, keeps_owner) {
        Ok(files) => files,
        Err(error) => return refuse(500, "unexpected EOF", &error.to_string()),
    };
    server.change(|state| {
        let folder = folder.trim_end_matches('/');
        for (name, file) in files {
            let path = format!("{folder}/{}", name.trim_start_matches("./"));
            let Some(container) = state.container(id) else { return missing() };
            match mounted(container, &path) {
                None => {
                    container.files.insert(path, file);
                }
                Some((volume, below)) => {
                    state.volumes.entry(volume).or_default().insert(below, file);
                }
            }
        }
        empty(200)
    })
}

pub(super) fn get(server: &Server, id: &str, path: &str) -> Reply {
    if path == "/workspace" {
        return empty(200);
    }
    let packed = match path.strip_suffix("/.") {
        Some(folder) => volume_at(server, id, folder).map(|files| packed(&files)),
        None => {
            let name = path.rsplit('/').next().unwrap_or(path).to_owned();
            file(server, id, path).map(|file| packed(&BTreeMap::from([(name, file)])))
        }
    };
    match packed {
        None => missing(),
        Some(Ok(packed)) => bytes(200, packed),
        Some(Err(error)) => refuse(500, "", &error.to_string()),
    }
}

/// A file of a container.
pub(super) fn file(server: &Server, id: &str, path: &str) -> Option<StoredFile> {
    let mut state = server.state();
    let container = state.container(id)?;
    let passwd = || StoredFile { contents: PASSWD.into(), mode: 0o644, uid: 0, gid: 0 };
    let found = match mounted(container, path) {
        None => container.files.get(path).cloned(),
        Some((volume, below)) => state.volumes.get(&volume)?.get(&below).cloned(),
    };
    found.or_else(|| (path == "/etc/passwd").then(passwd))
}

/// Everything in the volume that is mounted at a folder.
fn volume_at(server: &Server, id: &str, folder: &str) -> Option<BTreeMap<String, StoredFile>> {
    let mut state = server.state();
    let (volume, _) = mounts(&state.container(id)?.spec).find(|(_, place)| place == folder)?;
    state.volumes.get(&volume).cloned()
}

/// The volume that a path is on, and the path below it.
fn mounted(container: &Container, path: &str) -> Option<(String, String)> {
    mounts(&container.spec).find_map(|(volume, place)| {
        let below = path.strip_prefix(&place)?.strip_prefix('/')?.to_owned();
        Some((volume, below))
    })
}

fn unpacked(archive: &[u8], keeps_owner: bool) -> std::io::Result<Vec<(String, StoredFile)>> {
    let mut files = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let header = entry.header().clone();
        if !header.entry_type().is_file() {
            continue;
        }
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents)?;
        let owner = |number: std::io::Result<u64>| {
            Ok::<_, std::io::Error>(if keeps_owner { number? } else { 0 })
        };
        let (uid, gid) = (owner(header.uid())?, owner(header.gid())?);
        files.push((name, StoredFile { contents, mode: header.mode()?, uid, gid }));
    }
    Ok(files)
}

fn packed(files: &BTreeMap<String, StoredFile>) -> std::io::Result<Bytes> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, file) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.contents.len() as u64);
        header.set_mode(file.mode);
        // As Podman gives them: owned by root, whoever owns them inside.
        header.set_uid(0);
        header.set_gid(0);
        header.set_cksum();
        archive.append_data(&mut header, name, file.contents.as_slice())?;
    }
    Ok(Bytes::from(archive.into_inner()?))
}

fn missing() -> Reply {
    let words = "no such file or directory";
    json(404, &json!({ "cause": words, "message": words, "response": 404 }))
}
