//! Which files travel with a topology. Reads names and sizes only.
//!
//! A topology in a folder of its own (`labs/ospf/topology.yml`) brings the whole folder. One of the
//! template's top folder brings what is there for all, its Jinja files and plugins among it, but neither
//! the other topologies nor folders that are templates of their own. Left here are folders whose name
//! begins with a dot, git's among them, and what netlab and Containerlab made when they ran here.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use model::{ErrorCode, Failure};

use crate::{
    index::{self, OWN_NAMES},
    leftovers::{Leftovers, is_clabs},
    path::{is_name, unreadable},
};

/// Files of one topology.
pub(crate) const MAX_FILES: usize = 5_000;
/// Bytes of all of them.
pub(crate) const MAX_TOTAL: u64 = 64 * 1024 * 1024;
/// Bytes of one.
pub(crate) const MAX_FILE: u64 = 16 * 1024 * 1024;
const MAX_DEPTH: usize = 24;

/// A file that travels.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Relative to the topology's folder, with slashes.
    pub(crate) path: String,
    /// Where its content is.
    pub(crate) place: PathBuf,
    pub(crate) size: u64,
    pub(crate) modified: Option<SystemTime>,
    pub(crate) is_executable: bool,
}

/// The files of a topology in `folder`, sorted by path. `is_top`: the folder is the template's own.
pub(crate) fn folder(folder: &Path, topology: &str, is_top: bool) -> Result<Vec<Found>, Failure> {
    let real = fs::canonicalize(folder).map_err(|error| unreadable(topology, &error))?;
    let mut walk = Walk { folder: &real, topology, is_top, found: Vec::new(), total: 0 };
    walk.enter(&real, "", 0)?;
    walk.found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(walk.found)
}

/// Only the topology.
pub(crate) fn alone(place: &Path, topology: &str) -> Result<Vec<Found>, Failure> {
    let folder = place.parent().unwrap_or(place);
    let mut walk = Walk { folder, topology, is_top: true, found: Vec::new(), total: 0 };
    let metadata = fs::metadata(place).map_err(|error| unreadable(topology, &error))?;
    walk.add(topology.to_owned(), place.to_owned(), &metadata)?;
    Ok(walk.found)
}

struct Walk<'a> {
    /// As the system knows it, without links.
    folder: &'a Path,
    topology: &'a str,
    is_top: bool,
    found: Vec<Found>,
    total: u64,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(refused(prefix, "is nested too deeply", "Move it further up."));
        }
        let shown = if prefix.is_empty() { self.topology } else { prefix };
        let names = names(folder, shown)?;
        let known: HashSet<String> = names.iter().cloned().collect();
        let leftovers = Leftovers::of(&known);
        for name in names {
            let is_topology = prefix.is_empty() && name == self.topology;
            if !is_topology && leftovers.has(&name) {
                continue;
            }
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            self.take(&folder.join(&name), path, &name, depth, is_topology)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        place: &Path,
        path: String,
        name: &str,
        depth: usize,
        is_topology: bool,
    ) -> Result<(), Failure> {
        let metadata = fs::symlink_metadata(place).map_err(|error| unreadable(&path, &error))?;
        let is_another = self.is_top && depth == 0 && !is_topology && index::is_yaml(name);
        if metadata.is_dir() {
            let inside = |file: &str| place.join(file).exists();
            let is_own = OWN_NAMES.iter().any(|file| inside(file));
            if name.starts_with('.') || is_own || is_clabs(name, inside) {
                return Ok(());
            }
            return self.enter(place, &path, depth + 1);
        }
        if is_another && metadata.is_file() && index::is_topology(place) {
            return Ok(());
        }
        if !is_name(name) {
            let why = "has a name that not every system can have";
            return Err(refused(
                &path,
                why,
                "Rename it: no colons, backslashes or control characters.",
            ));
        }
        if metadata.is_symlink() {
            let target = self.target(place, &path)?;
            let metadata = fs::metadata(&target).map_err(|error| unreadable(&path, &error))?;
            return self.add(path, target, &metadata);
        }
        self.add(path, place.to_owned(), &metadata)
    }

    /// What a link means, when that is a file of the same folder.
    fn target(&self, place: &Path, path: &str) -> Result<PathBuf, Failure> {
        let hint = "Put a copy of what it means in its place.";
        let target = fs::canonicalize(place)
            .map_err(|_| refused(path, "is a link to something that is not there", hint))?;
        let is_hidden = |part: &std::ffi::OsStr| part.to_string_lossy().starts_with('.');
        match target.strip_prefix(self.folder) {
            Err(_) => Err(refused(path, "is a link that leads out of the template", hint)),
            Ok(inside) if inside.iter().any(is_hidden) => {
                Err(refused(path, "is a link to something that does not travel", hint))
            }
            Ok(_) if target.is_dir() => Err(refused(path, "is a link to a folder", hint)),
            Ok(_) => Ok(target),
        }
    }

    fn add(
        &mut self,
        path: String,
        place: PathBuf,
        metadata: &fs::Metadata,
    ) -> Result<(), Failure> {
        let smaller =
            "Make it smaller, or move the topology into a folder of its own as topology.yml.";
        if !metadata.is_file() {
            let why = "is neither a file nor a folder";
            return Err(refused(&path, why, "Move it out of the template."));
        }
        let size = metadata.len();
        self.total = self.total.saturating_add(size);
        if size > MAX_FILE {
            return Err(refused(&path, &format!("is larger than {}", mib(MAX_FILE)), smaller));
        }
        if self.total > MAX_TOTAL {
            let why = format!("brings the files of the topology to more than {}", mib(MAX_TOTAL));
            return Err(refused(&path, &why, smaller));
        }
        if self.found.len() >= MAX_FILES {
            let why = format!("is one file more than the {MAX_FILES} that may travel");
            return Err(refused(&path, &why, smaller));
        }
        let is_executable = is_executable(metadata);
        let modified = metadata.modified().ok();
        self.found.push(Found { path, place, size, modified, is_executable });
        Ok(())
    }
}

fn names(folder: &Path, shown: &str) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(shown, &error))? {
        let entry = entry.map_err(|error| unreadable(shown, &error))?;
        let name = entry.file_name().into_string().map_err(|name| {
            let name = name.to_string_lossy().into_owned();
            refused(&name, "has a name that is no text", "Rename it.")
        })?;
        names.push(name);
    }
    names.sort();
    Ok(names)
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

/// There is no such bit here; a script is known by its first line, once it is read.
#[cfg(not(unix))]
fn is_executable(_metadata: &fs::Metadata) -> bool {
    false
}

fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes / 1024 / 1024)
}

fn refused(path: &str, why: &str, hint: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("{path} {why}")).with_hint(hint)
}
