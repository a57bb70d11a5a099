//! A lab's files as the server gets them: the topology under the lab's own name, with its values filled in.

use std::collections::BTreeMap;
use std::sync::Arc;

use backend_api::{BackendError, LabFiles, LabMaterial};
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// One file that goes to the server.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// SHA-256, 64 hexadecimal digits.
    pub(crate) sha256: String,
    pub(crate) size: u64,
    pub(crate) is_executable: bool,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    /// A file of the material, by its path there.
    Material(String),
    /// The topology.
    Made(Bytes),
}

/// All files of a lab, by the path they get in the lab's folder.
pub(crate) struct Prepared {
    from: Arc<dyn LabFiles>,
    pub(crate) files: BTreeMap<String, Sent>,
    /// The topology's path in the lab's folder.
    pub(crate) topology: String,
    pub(crate) text: String,
}

/// Under which path a lab's topology goes: in the folder where it was, under the name a server looks for.
fn topology_path(lab: &str, given: &str) -> String {
    match given.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{lab}.clab.yml"),
        None => format!("{lab}.clab.yml"),
    }
}

/// `prepare` where reading and hashing hold nobody up.
///
/// # Errors
/// As `prepare`.
pub(crate) async fn prepared(lab: &str, material: &LabMaterial) -> Result<Prepared, BackendError> {
    let (lab, material) = (lab.to_owned(), material.clone());
    let made = tokio::task::spawn_blocking(move || prepare(&lab, &material)).await;
    made.map_err(|error| BackendError::protocol(format!("cannot read the topology: {error}")))?
}

/// Reads the topology, fills it in, and lists what goes to the server.
///
/// # Errors
/// `Invalid` for a topology that cannot be filled in or a path that leads out; else the material's own.
pub(crate) fn prepare(lab: &str, material: &LabMaterial) -> Result<Prepared, BackendError> {
    let bytes = material.files.read(&material.topology)?;
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
        BackendError::invalid(format!("the topology {} is not text", material.topology))
    })?;
    let text = topology::containerlab_expand(&text, &material.variables)
        .map_err(|problem| problem_of(&material.topology, &problem))?;
    let text = named(&text, lab);
    let topology = topology_path(lab, &material.topology);
    let mut files = BTreeMap::new();
    for entry in material.files.entries() {
        if !stays_inside(&entry.path) {
            return Err(BackendError::invalid(format!(
                "the file {} would leave the lab's folder",
                entry.path
            )));
        }
        if entry.path == material.topology {
            continue;
        }
        let sent = Sent {
            sha256: hex(&entry.sha256),
            size: entry.size,
            is_executable: entry.is_executable,
            source: Source::Material(entry.path.clone()),
        };
        files.insert(entry.path.clone(), sent);
    }
    let made = Sent {
        sha256: digest(text.as_bytes()),
        size: text.len() as u64,
        is_executable: false,
        source: Source::Made(Bytes::from(text.clone())),
    };
    files.insert(topology.clone(), made);
    let from = Arc::clone(&material.files);
    Ok(Prepared { from, files, topology, text })
}

impl Prepared {
    /// The content of one of the files.
    pub(crate) async fn read(&self, path: &str) -> Result<Bytes, BackendError> {
        match self.files.get(path).map(|sent| &sent.source) {
            Some(Source::Made(bytes)) => Ok(bytes.clone()),
            Some(Source::Material(from)) => {
                let (files, from) = (Arc::clone(&self.from), from.clone());
                let read = tokio::task::spawn_blocking(move || files.read(&from)).await;
                read.map_err(|error| {
                    BackendError::protocol(format!("cannot read {path}: {error}"))
                })?
            }
            None => Err(BackendError::not_found(format!("there is no file {path}"))),
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.files.values().map(|sent| sent.size).sum()
    }
}

pub(crate) fn problem_of(path: &str, problem: &topology::TopologyProblem) -> BackendError {
    let line = problem.line.map(|line| format!(", line {line}")).unwrap_or_default();
    BackendError::invalid(format!("{path}{line}: {}", problem.message)).with_hint(&problem.hint)
}

/// True for a relative path with slashes that leads to a file below its folder.
pub(crate) fn stays_inside(path: &str) -> bool {
    let is_odd = |part: &str| matches!(part, "" | "." | "..");
    !path.contains(['\\', '\0', ':']) && !path.split('/').any(is_odd)
}

/// SHA-256 as 64 hexadecimal digits.
pub(crate) fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The topology with this name at its top; comments and everything else stay.
fn named(text: &str, lab: &str) -> String {
    let line = format!("name: {lab}");
    let is_name = |text: &str| text.starts_with("name:") || text.starts_with("\"name\":");
    if text.lines().any(is_name) {
        let mut is_done = false;
        let lines = text.split('\n').map(|one| {
            if !is_done && is_name(one) {
                is_done = true;
                line.as_str()
            } else {
                one
            }
        });
        return lines.collect::<Vec<_>>().join("\n");
    }
    let at = text.lines().position(|one| one.trim_end() == "---").map_or(0, |at| at + 1);
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.insert(at.min(lines.len()), &line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{named, stays_inside, topology_path};

    #[test]
    fn the_name_is_put_in_and_nothing_else_changes() {
        assert_eq!(
            named("# mine\nname: other # x\ntopology:\n  nodes:\n", "pair"),
            "# mine\nname: pair\ntopology:\n  nodes:\n"
        );
        assert_eq!(named("---\ntopology:\n", "pair"), "---\nname: pair\ntopology:\n");
        assert_eq!(named("topology:\n  name: x\n", "pair"), "name: pair\ntopology:\n  name: x\n");
    }

    #[test]
    fn a_topology_stays_in_its_folder() {
        assert_eq!(topology_path("pair", "lab.yml"), "pair.clab.yml");
        assert_eq!(topology_path("pair", "a/b/topology.yml"), "a/b/pair.clab.yml");
    }

    proptest! {
        #[test]
        fn no_path_leads_out(parts in proptest::collection::vec("(\\.\\.|\\.|[a-z]{1,3}|)", 1..6)) {
            let path = parts.join("/");
            let mut depth = 0i32;
            let leads_out = path.starts_with('/') || parts.iter().any(|part| {
                depth += match part.as_str() { ".." => -1, "" | "." => 0, _ => 1 };
                depth < 0
            });
            prop_assert!(!(leads_out && stays_inside(&path)));
        }
    }
}
