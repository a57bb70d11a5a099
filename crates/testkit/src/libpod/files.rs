//! Files put into containers, with their owners, and got out again.

use std::io::Read as _;

use bytes::Bytes;
use serde_json::json;

use super::reply::{Reply, bytes, empty, json, refuse};
use super::state::{Server, StoredFile};

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
        let Some(container) = state.container(id) else { return missing() };
        let folder = folder.trim_end_matches('/');
        let placed = files.into_iter().map(|(name, file)| (format!("{folder}/{name}"), file));
        container.files.extend(placed);
        empty(200)
    })
}

pub(super) fn get(server: &Server, id: &str, path: &str) -> Reply {
    let name = path.rsplit('/').next().unwrap_or(path);
    if path == "/workspace" {
        return empty(200);
    }
    let packed = match file(server, id, path) {
        Some(file) => packed(name, &file),
        None => return missing(),
    };
    packed.map_or_else(|error| refuse(500, "", &error.to_string()), |packed| bytes(200, packed))
}

/// A file of a container.
pub(super) fn file(server: &Server, id: &str, path: &str) -> Option<StoredFile> {
    let mut state = server.state();
    let container = state.container(id)?;
    let passwd = || StoredFile { contents: PASSWD.into(), mode: 0o644, uid: 0, gid: 0 };
    let found = container.files.get(path).cloned();
    found.or_else(|| (path == "/etc/passwd").then(passwd))
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

fn packed(name: &str, file: &StoredFile) -> std::io::Result<Bytes> {
    let mut header = tar::Header::new_gnu();
    header.set_size(file.contents.len() as u64);
    header.set_mode(file.mode);
    // As Podman gives them: owned by root, whoever owns them inside.
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_data(&mut header, name, file.contents.as_slice())?;
    Ok(Bytes::from(archive.into_inner()?))
}

fn missing() -> Reply {
    let words = "no such file or directory";
    json(404, &json!({ "cause": words, "message": words, "response": 404 }))
}
