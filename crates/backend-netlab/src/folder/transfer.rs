//! Carrying a difference out: folders, files, removals, and the manifest before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use backend_api::{BackendError, LabFiles, RemoteEntry};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Manifest;
use super::manifest::Put;
use super::sync::{Difference, Sync, Wanted, hex};

/// Files that travel at once.
const AT_ONCE: usize = 16;
/// Where files go that others changed, before ours take their place: a folder for each time.
const KEPT: &str = ".moorline-kept";

impl Sync<'_> {
    /// Carries a difference out. `manifest` has the lab's name, number and topology; its files become what is
    /// there afterwards. `moved` is told the bytes that have travelled.
    pub(crate) async fn carry_out(
        &self,
        wanted: &[Wanted],
        own: &Arc<dyn LabFiles>,
        difference: &Difference,
        manifest: &mut Manifest,
        moved: &(dyn Fn(u64) + Send + std::marker::Sync),
    ) -> Result<(), BackendError> {
        self.files.make_folder(self.folder, 0o755).await?;
        // First of all: what the manifest names as being written is taken for ours the next time.
        self.keep(&difference.foreign).await?;
        manifest.writing = difference.write.iter().chain(&difference.remove).cloned().collect();
        self.write_manifest(manifest).await?;
        // Before anything is made: a file may be in the way of a folder.
        self.remove(&difference.remove).await?;
        self.make_folders(&difference.write).await?;
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
        manifest.files = difference.unchanged.clone();
        manifest.files.extend(self.put(&difference.write, &by_path).await?);
        manifest.writing.clear();
        self.write_manifest(manifest).await
    }

    async fn make_folders(&self, paths: &[String]) -> Result<(), BackendError> {
        let above = paths.iter().filter_map(|path| path.rsplit_once('/').map(|(above, _)| above));
        let folders: BTreeSet<String> = above.map(|above| self.path(above)).collect();
        // One after the other: several at once would make the same folder above them.
        for folder in folders {
            self.files.make_folder(&folder, 0o755).await?;
        }
        Ok(())
    }

    async fn write(&self, wanted: &Wanted, own: &Arc<dyn LabFiles>) -> Result<(), BackendError> {
        let content = match &wanted.content {
            Some(content) => content.clone(),
            None => read(wanted, own).await?,
        };
        let mode = if wanted.is_executable { 0o755 } else { 0o644 };
        self.files.write(&self.path(&wanted.path), &content, mode).await
    }

    /// Moves what others changed out of the way, to a folder that nothing was kept in before.
    async fn keep(&self, paths: &[String]) -> Result<(), BackendError> {
        if paths.is_empty() {
            return Ok(());
        }
        let kept = format!("{}/{}", self.path(KEPT), Uuid::now_v7().simple());
        for path in paths {
            let to = format!("{kept}/{path}");
            if let Some((folder, _)) = to.rsplit_once('/') {
                self.files.make_folder(folder, 0o755).await?;
            }
            match self.files.rename(&self.path(path), &to).await {
                Err(BackendError::NotFound(_)) => {}
                moved => moved?,
            }
        }
        Ok(())
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

/// One of the lab's own files, if it still is what was looked at.
async fn read(wanted: &Wanted, own: &Arc<dyn LabFiles>) -> Result<Bytes, BackendError> {
    let (own, path) = (Arc::clone(own), wanted.path.clone());
    let read = tokio::task::spawn_blocking(move || {
        let content = own.read(&path)?;
        let sha256 = hex(&Sha256::digest(&content));
        Ok::<_, BackendError>((content, sha256))
    });
    let failed = |_| BackendError::rejected(format!("{} could not be read", wanted.path));
    let (content, sha256) = read.await.map_err(failed)??;
    if sha256 == wanted.sha256 {
        return Ok(content);
    }
    Err(BackendError::conflict(format!("{} was changed while it was read", wanted.path))
        .with_hint("Try again when nobody writes it."))
}
