//! Bringing a lab's folder on the server to what it is here. A manifest beside the files says what was sent,
//! so that only what changed travels and what went here goes there.

use std::collections::{BTreeMap, BTreeSet};

use backend_api::{BackendError, Cx};
use bytes::Bytes;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use model::{LabSync, LogStream, StepProgress};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::material::{Prepared, stays_inside};
use crate::there::{There, folders_above};

/// In the lab's folder on the server.
pub(crate) const MANIFEST: &str = ".moorline.json";
/// Beside it: versions of files that somebody else made, each sync's in a folder of its own.
const KEPT: &str = ".moorline-kept";
/// Requests under way at once.
const AT_ONCE: usize = 6;

/// What is on the server, as far as we put it there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// SHA-256 by path in the lab's folder.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Bytes, by the same paths.
    #[serde(default)]
    pub(crate) sizes: BTreeMap<String, u64>,
    /// What stood where a sync was about to write; SHA-256 by path.
    #[serde(default)]
    writing: BTreeMap<String, String>,
}

impl Manifest {
    /// Anything odd is as if nothing had been sent.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut read: Self = serde_json::from_slice(bytes).unwrap_or_default();
        read.files.retain(|path, _| stays_inside(path));
        read
    }

    fn of(prepared: &Prepared) -> Self {
        let mut manifest = Self::default();
        for (path, sent) in &prepared.files {
            manifest.files.insert(path.clone(), sent.sha256.clone());
            manifest.sizes.insert(path.clone(), sent.size);
        }
        manifest
    }

    /// Whether a file with this content is one that we sent.
    pub(crate) fn was_sent(&self, path: &str, sha256: &str) -> bool {
        let known = [self.files.get(path), self.writing.get(path)];
        known.into_iter().flatten().any(|one| one == sha256)
    }

    /// The same while these files are being written.
    fn while_writing(mut self, sync: &LabSync) -> Self {
        for path in sync.changed.iter().chain(&sync.removed) {
            self.sizes.remove(path);
            if let Some(sha256) = self.files.remove(path) {
                self.writing.insert(path.clone(), sha256);
            }
        }
        self
    }
}

/// Sends what changed and removes what went. After an interruption only what is missing is sent again. What
/// somebody else changed where a file goes is copied aside first.
pub(crate) async fn carry_out(
    api: &Api,
    lab: &str,
    prepared: &Prepared,
    progress: &(dyn Fn(StepProgress) + Send + Sync),
    cx: &Cx,
) -> Result<(), BackendError> {
    let there = There::look(api, lab, prepared, cx).await?;
    let sync = &there.sync;
    let sent = Manifest::of(prepared);
    if sync.changed.is_empty() && sync.removed.is_empty() && sent == there.manifest {
        cx.log.line(LogStream::Note, &format!("{} files, none changed", sync.unchanged));
        return Ok(());
    }
    if there.is_empty() {
        api.make_folder(lab, cx).await?;
    }
    keep(api, lab, &there.foreign, cx).await?;
    put_manifest(api, lab, &there.manifest.clone().while_writing(sync), cx).await?;
    clear(api, lab, prepared, &there, cx).await?;
    for folder in folders(lab, prepared, &there) {
        api.make_folder(&folder, cx).await?;
    }
    send(api, lab, prepared, sync, progress, cx).await?;
    put_manifest(api, lab, &sent, cx).await?;
    let (changed, removed, unchanged) = (sync.changed.len(), sync.removed.len(), sync.unchanged);
    let line = format!("{changed} files sent, {removed} removed, {unchanged} unchanged");
    cx.log.line(LogStream::Note, &line);
    Ok(())
}

/// Copies what is somebody else's to where nothing is written over.
async fn keep(api: &Api, lab: &str, foreign: &[String], cx: &Cx) -> Result<(), BackendError> {
    let root = format!("{KEPT}/{}", cx.clock.now());
    let mut made = BTreeSet::new();
    for path in foreign {
        let Some(content) = api.file(&format!("{lab}/{path}"), cx).await? else { continue };
        let kept = format!("{root}/{path}");
        for folder in folders_above(&kept) {
            if made.insert(folder.clone()) {
                api.make_folder(&format!("{lab}/{folder}"), cx).await?;
            }
        }
        api.put_file(&format!("{lab}/{kept}"), content, cx).await?;
        let line = format!(
            "{path} was changed on the server by somebody else; their version is now in {kept}"
        );
        cx.log.line(LogStream::Note, &line);
    }
    Ok(())
}

/// Removes files that went, and whatever is a file where a folder goes or a folder where a file goes.
async fn clear(
    api: &Api,
    lab: &str,
    prepared: &Prepared,
    there: &There,
    cx: &Cx,
) -> Result<(), BackendError> {
    let folders: BTreeSet<String> =
        prepared.files.keys().flat_map(|path| folders_above(path)).collect();
    let files: BTreeSet<&String> = folders.iter().chain(&there.sync.removed).collect();
    for path in files.into_iter().filter(|path| there.is_file(path)) {
        api.remove_file(&format!("{lab}/{path}"), cx).await?;
    }
    for path in prepared.files.keys().filter(|path| there.is_folder(path)) {
        api.remove_folder(&format!("{lab}/{path}"), cx).await?;
    }
    Ok(())
}

async fn send(
    api: &Api,
    lab: &str,
    prepared: &Prepared,
    sync: &LabSync,
    progress: &(dyn Fn(StepProgress) + Send + Sync),
    cx: &Cx,
) -> Result<(), BackendError> {
    let one = |path: String| async move {
        let content = prepared.read(&path).await?;
        let bytes = content.len() as u64;
        api.put_file(&format!("{lab}/{path}"), content, cx).await?;
        Ok::<_, BackendError>(bytes)
    };
    let mut sending = Vec::new();
    for path in &sync.changed {
        sending.push(one(path.clone()).boxed());
    }
    let mut sending = stream::iter(sending).buffer_unordered(AT_ONCE);
    let mut done_bytes = 0;
    while let Some(bytes) = sending.try_next().await? {
        done_bytes += bytes;
        progress(StepProgress { done_bytes, total_bytes: Some(sync.bytes) });
    }
    Ok(())
}

async fn put_manifest(
    api: &Api,
    lab: &str,
    manifest: &Manifest,
    cx: &Cx,
) -> Result<(), BackendError> {
    let bytes = serde_json::to_vec(manifest)
        .map_err(|error| BackendError::protocol(format!("cannot write a manifest: {error}")))?;
    api.put_file(&format!("{lab}/{MANIFEST}"), Bytes::from(bytes), cx).await
}

/// Folders that are needed and not there, each after its parent.
fn folders(lab: &str, prepared: &Prepared, there: &There) -> BTreeSet<String> {
    let needed = prepared.files.keys().flat_map(|path| folders_above(path));
    let needed = needed.filter(|path| !there.is_folder(path));
    needed.map(|path| format!("{lab}/{path}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Manifest;
    use crate::there::folders_above;

    #[test]
    fn folders_come_after_their_parents() {
        assert_eq!(folders_above("a/b/c.cfg"), ["a", "a/b"]);
        assert!(folders_above("e.cfg").is_empty());
    }

    #[test]
    fn a_manifest_of_somebody_else_removes_nothing_outside() {
        let read = Manifest::parse(br#"{"files":{"../../etc/passwd":"1","/x":"1","fine":"1"}}"#);
        assert_eq!(read.files.keys().collect::<Vec<_>>(), ["fine"]);
    }

    proptest! {
        #[test]
        fn any_manifest_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Manifest::parse(&bytes);
        }
    }
}
