//! Bringing a lab's folder to what is wanted: only what changed travels, and nothing of others is lost.
//!
//! Before the first file travels, the manifest says which will; so an interrupted sync is told apart from a
//! change of somebody else, and goes on where it stopped.

use std::collections::{BTreeMap, BTreeSet};

use backend_api::{BackendError, FileSession, LabFiles, RemoteEntry};
use bytes::Bytes;
use model::LabSync;
use sha2::{Digest, Sha256};

use super::manifest::Put;
use super::{MANIFEST, MANIFEST_LIMIT, Manifest, is_inside};

/// Larger ones are not compared by content.
const COMPARED: u64 = 8 * 1024 * 1024;

/// A file as it should be on the server.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    pub(crate) is_executable: bool,
    /// Given when it is not one of the lab's own files.
    pub(crate) content: Option<Bytes>,
}

impl Wanted {
    /// A file that is made for the server.
    pub(crate) fn made(path: &str, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        Self {
            path: path.to_owned(),
            size: content.len() as u64,
            sha256: hex(&Sha256::digest(&content)),
            is_executable: false,
            content: Some(content),
        }
    }

    /// The lab's own files.
    pub(crate) fn of(files: &dyn LabFiles) -> Vec<Self> {
        let entries = files.entries().iter().filter(|entry| is_inside(&entry.path));
        let wanted = |entry: &backend_api::LabFile| Self {
            path: entry.path.clone(),
            size: entry.size,
            sha256: hex(&entry.sha256),
            is_executable: entry.is_executable,
            content: None,
        };
        entries.filter(|entry| entry.path != MANIFEST).map(wanted).collect()
    }
}

/// What is to be done, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) write: Vec<String>,
    pub(crate) remove: Vec<String>,
    /// What others changed on the server and ours would take the place of.
    pub(crate) foreign: Vec<String>,
    pub(crate) unchanged: BTreeMap<String, Put>,
    pub(crate) bytes: u64,
}

impl Difference {
    pub(crate) fn shown(&self) -> LabSync {
        LabSync {
            changed: self.write.clone(),
            removed: self.remove.clone(),
            unchanged: u32::try_from(self.unchanged.len()).unwrap_or(u32::MAX),
            bytes: self.bytes,
        }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }
}

/// One folder on the server.
pub(crate) struct Sync<'a> {
    pub(crate) files: &'a dyn FileSession,
    pub(crate) folder: &'a str,
}

impl Sync<'_> {
    pub(super) fn path(&self, below: &str) -> String {
        format!("{}/{below}", self.folder)
    }

    /// What was put there before; none when nothing was, or nobody can tell any more.
    pub(crate) async fn manifest(&self) -> Result<Option<Manifest>, BackendError> {
        match self.files.read(&self.path(MANIFEST), MANIFEST_LIMIT).await {
            Ok(bytes) => Ok(Manifest::read(&bytes)),
            Err(BackendError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn write_manifest(&self, manifest: &Manifest) -> Result<(), BackendError> {
        self.files.write(&self.path(MANIFEST), &manifest.bytes(), 0o644).await
    }

    /// Compares what is wanted with what is there. Reads only, mostly with one question for all files.
    pub(crate) async fn difference(
        &self,
        wanted: &[Wanted],
        manifest: Option<&Manifest>,
    ) -> Result<Difference, BackendError> {
        let empty = Manifest::default();
        let manifest = manifest.unwrap_or(&empty);
        let by_path: BTreeMap<&str, &Wanted> =
            wanted.iter().map(|wanted| (wanted.path.as_str(), wanted)).collect();
        let mine = manifest.files.keys().chain(&manifest.writing).map(String::as_str);
        let paths: BTreeSet<&str> = by_path.keys().copied().chain(mine).collect();
        let above: BTreeSet<&str> = by_path.keys().flat_map(|path| above(path)).collect();
        let above: Vec<&str> = above.difference(&paths).copied().collect();
        let asked: Vec<String> = paths.iter().chain(&above).map(|path| self.path(path)).collect();
        let mut found = self.files.stat(&asked).await?;
        let found_above = found.split_off(paths.len().min(found.len()));
        let foreign = in_the_way(&above, &found_above);
        let mut difference = Difference { foreign, ..Difference::default() };
        for (path, found) in paths.into_iter().zip(found) {
            let (put, wanted) = (manifest.files.get(path), by_path.get(path));
            let is_ours = manifest.writing.contains(path)
                || found.as_ref().is_none_or(|found| put.is_some_and(|put| is_as_put(found, put)));
            match wanted {
                Some(wanted) => {
                    let found = (found.as_ref(), is_ours);
                    self.compare(wanted, put, found, &mut difference).await?;
                }
                None => {
                    if found.is_some() {
                        difference.remove.push(path.to_owned());
                    }
                    if found.is_some() && !is_ours {
                        difference.foreign.push(path.to_owned());
                    }
                }
            }
        }
        Ok(difference)
    }

    async fn compare(
        &self,
        wanted: &Wanted,
        put: Option<&Put>,
        (found, is_ours): (Option<&RemoteEntry>, bool),
        difference: &mut Difference,
    ) -> Result<(), BackendError> {
        let is_same =
            |put: &&Put| put.sha256 == wanted.sha256 && put.is_executable == wanted.is_executable;
        if let Some(found) = found {
            let is_known = put.is_some_and(|put| is_as_put(found, put));
            if let Some(put) = put.filter(|_| is_known).filter(is_same) {
                difference.unchanged.insert(wanted.path.clone(), put.clone());
                return Ok(());
            }
            if !is_known && self.is_content(wanted, found).await? {
                let put = Put {
                    sha256: wanted.sha256.clone(),
                    size: wanted.size,
                    modified_at: found.modified_at,
                    is_executable: wanted.is_executable,
                };
                difference.unchanged.insert(wanted.path.clone(), put);
                return Ok(());
            }
            if !is_ours {
                difference.foreign.push(wanted.path.clone());
            }
        }
        difference.write.push(wanted.path.clone());
        difference.bytes += wanted.size;
        Ok(())
    }

    /// Whether what is there is what is wanted, though the manifest does not know it.
    async fn is_content(&self, wanted: &Wanted, found: &RemoteEntry) -> Result<bool, BackendError> {
        let is_likely = !found.is_folder && !found.is_link && found.size == wanted.size;
        if !is_likely || found.size > COMPARED || wanted.is_executable {
            return Ok(false);
        }
        match self.files.read(&self.path(&wanted.path), COMPARED).await {
            Ok(content) => Ok(hex(&Sha256::digest(&content)) == wanted.sha256),
            Err(BackendError::NotFound(_) | BackendError::Forbidden(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Files where a folder has to be. A link may lead to one.
fn in_the_way(paths: &[&str], found: &[Option<RemoteEntry>]) -> Vec<String> {
    let is_file = |found: &RemoteEntry| !found.is_folder && !found.is_link;
    let found = paths.iter().zip(found);
    let files = found.filter(|(_, found)| found.as_ref().is_some_and(is_file));
    files.map(|(path, _)| (*path).to_owned()).collect()
}

/// The folders above a path.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

fn is_as_put(found: &RemoteEntry, put: &Put) -> bool {
    !found.is_folder
        && !found.is_link
        && found.size == put.size
        && found.modified_at == put.modified_at
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
