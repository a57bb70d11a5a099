//! Finding topologies in a template: every YAML file of the top folder that is one, and below it files
//! called `topology.yml` or `topology.yaml`.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use model::{Failure, TemplateTopology, TopologyKind};

use crate::path::{is_name, unreadable};

/// Names of topologies that have a folder of their own.
pub(crate) const OWN_NAMES: &[&str] = &["topology.yml", "topology.yaml"];
/// Defaults beside a topology; they look like one.
const DEFAULTS: &str = "topology-defaults.yml";
/// Folders of netlab's and of people's files, where no topologies are.
const SKIPPED: &[&str] = &["host_vars", "group_vars", "node_files", "check.config", "files"];
const MAX_TOPOLOGIES: usize = 2_000;
/// Bytes of a topology.
pub(crate) const MAX_TEXT: u64 = 1024 * 1024;
const MAX_DEPTH: usize = 24;
/// Files and folders that are looked at; a template has far fewer.
const MAX_VISITED: usize = 200_000;
const MAX_NAMED: usize = 5;

/// What was found, sorted by path.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) topologies: Vec<TemplateTopology>,
    pub(crate) remarks: Vec<String>,
}

/// Looks through a template's folder.
pub(crate) fn folder(root: &Path) -> Result<Found, Failure> {
    let mut search = Search::default();
    // The top folder must be readable; what is below it and is not is a remark.
    search.enter(root, "", 0).map_err(|error| unreadable(&root.display().to_string(), &error))?;
    Ok(search.finish())
}

/// One topology, whatever state it is in.
pub(crate) fn topology(place: &Path, path: &str) -> TemplateTopology {
    match text(place) {
        Ok(text) => described(path, &text),
        Err(_) => {
            TemplateTopology { path: path.into(), name: name(path), kind: None, nodes: 0, links: 0 }
        }
    }
}

pub(crate) fn described(path: &str, text: &str) -> TemplateTopology {
    let parsed = topology::read(text).ok();
    let (nodes, links) = parsed
        .as_ref()
        .map_or((0, 0), |parsed| (parsed.graph.nodes.len(), parsed.graph.links.len()));
    TemplateTopology {
        path: path.into(),
        name: parsed.as_ref().and_then(|parsed| parsed.name.clone()).unwrap_or_else(|| name(path)),
        kind: parsed.map(|parsed| parsed.kind),
        nodes: u32::try_from(nodes).unwrap_or(u32::MAX),
        links: u32::try_from(links).unwrap_or(u32::MAX),
    }
}

/// A topology's text.
pub(crate) fn text(place: &Path) -> io::Result<String> {
    let file = File::open(place)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_TEXT {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is larger than 1 MiB"));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is no text"))
}

pub(crate) fn is_yaml(name: &str) -> bool {
    name != DEFAULTS && [".yml", ".yaml"].iter().any(|end| name.ends_with(end))
}

/// Whether a file of the top folder is a topology, also one that has a mistake in it.
pub(crate) fn is_topology(place: &Path) -> bool {
    text(place).is_ok_and(|text| kind(&text).is_some() || is_meant_as_one(&text))
}

fn kind(text: &str) -> Option<TopologyKind> {
    topology::kind_of(text)
}

/// It is no YAML just now, and has the keys of a topology.
fn is_meant_as_one(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    let is_broken = topology::read(text).is_err_and(|problem| problem.line.is_some());
    is_broken && (has("topology:") || (has("nodes:") && has("links:")))
}

/// The folder's name for a topology of its own, else the file's.
fn name(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or(path);
    match parts.next() {
        Some(folder) => folder.to_owned(),
        None => {
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            stem.strip_suffix(".clab").unwrap_or(stem).to_owned()
        }
    }
}

#[derive(Default)]
struct Search {
    found: Found,
    visited: usize,
    others: Vec<String>,
    links: Vec<String>,
    unreadable: Vec<String>,
}

impl Search {
    fn enter(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            self.visited += 1;
            if let Ok(name) = entry.file_name().into_string() {
                entries.push((name, entry.file_type()?));
            }
        }
        entries.sort_by(|one, other| one.0.cmp(&other.0));
        for (name, kind) in entries {
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if self.found.topologies.len() >= MAX_TOPOLOGIES || self.visited > MAX_VISITED {
                return Ok(());
            }
            if kind.is_dir() {
                self.descend(&folder.join(&name), &path, &name, depth);
            } else if OWN_NAMES.contains(&name.as_str()) || (depth == 0 && is_yaml(&name)) {
                if kind.is_symlink() {
                    self.links.push(path);
                } else if kind.is_file() && is_name(&name) {
                    self.file(&folder.join(&name), path, &name);
                }
            }
        }
        Ok(())
    }

    fn descend(&mut self, folder: &Path, path: &str, name: &str, depth: usize) {
        if name.starts_with('.') || SKIPPED.contains(&name) || depth >= MAX_DEPTH || !is_name(name)
        {
            return;
        }
        if self.enter(folder, path, depth + 1).is_err() {
            self.unreadable.push(path.to_owned());
        }
    }

    fn file(&mut self, place: &Path, path: String, name: &str) {
        if OWN_NAMES.contains(&name) || is_topology(place) {
            self.found.topologies.push(topology(place, &path));
        } else {
            self.others.push(path);
        }
    }

    fn finish(mut self) -> Found {
        let mut remarks = Vec::new();
        if self.found.topologies.len() >= MAX_TOPOLOGIES {
            remarks.push(format!("Only the first {MAX_TOPOLOGIES} topologies are listed."));
        } else if self.visited > MAX_VISITED {
            remarks.push(format!("Only the first {MAX_VISITED} files were looked at."));
        }
        for (paths, why) in [
            (&self.others, "no topologies"),
            (&self.links, "links, which are not followed"),
            (&self.unreadable, "folders that cannot be read"),
        ] {
            if !paths.is_empty() {
                remarks.push(format!("Left out as {why}: {}.", listed(paths)));
            }
        }
        self.found.topologies.sort_by(|one, other| one.path.cmp(&other.path));
        self.found.remarks = remarks;
        self.found
    }
}

fn listed(paths: &[String]) -> String {
    let named: Vec<&str> = paths.iter().take(MAX_NAMED).map(String::as_str).collect();
    let more = paths.len().saturating_sub(MAX_NAMED);
    let named = named.join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}
