//! Bringing a lab's folder to what is wanted: only what changed travels, and nothing of others is lost.
//!
//! Before the first file travels, the manifest says which will; so an interrupted sync is told apart from a
//! change of somebody else, and goes on where it stopped.

use std::collections::{BTreeMap, BTreeSet};

use backend_api::{BackendError, FileSession, LabFiles, RemoteEntry};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use model::LabSync;
use sha2::{Digest, Sha256};

use super::manifest::Put;
use super::{MANIFEST, MANIFEST_LIMIT, Manifest, is_inside};

/// Files that travel at once.
const AT_ONCE: usize = 16;
/// Where files go that others changed, before ours take their place.
const KEPT: &str = ".moorline-kept";
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
    fn path(&self, below: &str) -> String {
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
        let asked: Vec<String> = paths.iter().map(|path| self.path(path)).collect();
        let found = self.files.stat(&asked).await?;
        let mut difference = Difference::default();
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

    /// Carries a difference out. `manifest` has the lab's name, number and topology; its files become what is
    /// there afterwards. `moved` is told the bytes that have travelled.
    pub(crate) async fn carry_out(
        &self,
        wanted: &[Wanted],
        own: Option<&dyn LabFiles>,
        difference: &Difference,
        manifest: &mut Manifest,
        moved: &(dyn Fn(u64) + Send + std::marker::Sync),
    ) -> Result<(), BackendError> {
        self.make_folders(&difference.write).await?;
        manifest.writing = difference.write.iter().chain(&difference.remove).cloned().collect();
        self.write_manifest(manifest).await?;
        for path in &difference.foreign {
            self.keep(path).await?;
        }
        let by_path: BTreeMap<&str, &Wanted> =
            wanted.iter().map(|wanted| (wanted.path.as_str(), wanted)).collect();
        let writing = difference.write.iter().filter_map(|path| by_path.get(path.as_str()));
        let mut done = 0;
        let writes: Vec<_> = writing
            .copied()
            .map(|wanted| async move { (wanted, self.write(wanted, own).await) })
            .collect();
        let mut writes = futures::stream::iter(writes).buffer_unordered(AT_ONCE);
        while let Some((wanted, written)) = writes.next().await {
            written?;
            done += wanted.size;
            moved(done);
        }
        drop(writes);
        self.remove(&difference.remove).await?;
        manifest.files = difference.unchanged.clone();
        manifest.files.extend(self.put(&difference.write, &by_path).await?);
        manifest.writing.clear();
        self.write_manifest(manifest).await
    }

    async fn make_folders(&self, paths: &[String]) -> Result<(), BackendError> {
        self.files.make_folder(self.folder, 0o755).await?;
        let above = paths.iter().filter_map(|path| path.rsplit_once('/').map(|(above, _)| above));
        let folders: BTreeSet<String> = above.map(|above| self.path(above)).collect();
        // One after the other: several at once would make the same folder above them.
        for folder in folders {
            self.files.make_folder(&folder, 0o755).await?;
        }
        Ok(())
    }

    async fn write(&self, wanted: &Wanted, own: Option<&dyn LabFiles>) -> Result<(), BackendError> {
        let content = match (&wanted.content, own) {
            (Some(content), _) => content.clone(),
            (None, Some(own)) => own.read(&wanted.path)?,
            (None, None) => {
                return Err(BackendError::not_found(format!("there is no file {}", wanted.path)));
            }
        };
        if hex(&Sha256::digest(&content)) != wanted.sha256 {
            return Err(BackendError::conflict(format!(
                "{} was changed while it was read",
                wanted.path
            ))
            .with_hint("Try again when nobody writes it."));
        }
        let mode = if wanted.is_executable { 0o755 } else { 0o644 };
        self.files.write(&self.path(&wanted.path), &content, mode).await
    }

    /// Moves what others changed out of the way.
    async fn keep(&self, path: &str) -> Result<(), BackendError> {
        let to = format!("{}/{path}", self.path(KEPT));
        if let Some((folder, _)) = to.rsplit_once('/') {
            self.files.make_folder(folder, 0o755).await?;
        }
        match self.files.rename(&self.path(path), &to).await {
            Err(BackendError::NotFound(_)) => Ok(()),
            kept => kept,
        }
    }

    /// Removes files, and folders that are empty then.
    async fn remove(&self, paths: &[String]) -> Result<(), BackendError> {
        let full: Vec<String> = paths.iter().map(|path| self.path(path)).collect();
        let removed: Vec<_> = full.iter().map(|path| self.files.remove(path)).collect();
        let removed = futures::stream::iter(removed).buffer_unordered(AT_ONCE);
        removed.try_for_each(|()| async { Ok(()) }).await?;
        let mut folders = BTreeSet::new();
        for path in paths {
            let mut rest = path.as_str();
            while let Some((above, _)) = rest.rsplit_once('/') {
                folders.insert(above);
                rest = above;
            }
        }
        // Deepest first; one that is not empty stays.
        for folder in folders.into_iter().rev() {
            let _ = self.files.remove_folder(&self.path(folder)).await;
        }
        Ok(())
    }

    /// What was written, with the times that the server gave it.
    async fn put(
        &self,
        written: &[String],
        by_path: &BTreeMap<&str, &Wanted>,
    ) -> Result<Vec<(String, Put)>, BackendError> {
        let asked: Vec<String> = written.iter().map(|path| self.path(path)).collect();
        let found = self.files.stat(&asked).await?;
        let put = |(path, found): (&String, Option<RemoteEntry>)| {
            let (wanted, found) = (by_path.get(path.as_str())?, found?);
            let put = Put {
                sha256: wanted.sha256.clone(),
                size: wanted.size,
                modified_at: found.modified_at,
                is_executable: wanted.is_executable,
            };
            (found.size == wanted.size).then(|| (path.clone(), put))
        };
        Ok(written.iter().zip(found).filter_map(put).collect())
    }
}

fn is_as_put(found: &RemoteEntry, put: &Put) -> bool {
    !found.is_folder
        && !found.is_link
        && found.size == put.size
        && found.modified_at == put.modified_at
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
