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

/// In the lab's folder on the server.
const MANIFEST: &str = ".moorline.json";
/// Requests under way at once.
const AT_ONCE: usize = 6;

/// What is on the server, as far as we put it there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// SHA-256 by path in the lab's folder.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

impl Manifest {
    /// Anything odd is as if nothing had been sent.
    fn parse(bytes: &[u8]) -> Self {
        let read: Self = serde_json::from_slice(bytes).unwrap_or_default();
        Self { files: read.files.into_iter().filter(|(path, _)| stays_inside(path)).collect() }
    }

    /// What would travel.
    fn compared(&self, prepared: &Prepared<'_>) -> LabSync {
        let mut sync = LabSync::default();
        for (path, sent) in &prepared.files {
            if self.files.get(path) == Some(&sent.sha256) {
                sync.unchanged += 1;
            } else {
                sync.bytes += sent.size;
                sync.changed.push(path.clone());
            }
        }
        let gone = self.files.keys().filter(|path| !prepared.files.contains_key(*path));
        sync.removed = gone.cloned().collect();
        sync
    }
}

/// Reads what is there and says what would travel.
pub(crate) async fn look(
    api: &Api,
    lab: &str,
    prepared: &Prepared<'_>,
    cx: &Cx,
) -> Result<(Manifest, LabSync), BackendError> {
    let manifest = api.file(&format!("{lab}/{MANIFEST}"), cx).await?;
    let manifest = manifest.map(|bytes| Manifest::parse(&bytes)).unwrap_or_default();
    let sync = manifest.compared(prepared);
    Ok((manifest, sync))
}

/// Sends what changed and removes what went. After an interruption only what is missing is sent again.
pub(crate) async fn carry_out(
    api: &Api,
    lab: &str,
    prepared: &Prepared<'_>,
    progress: &(dyn Fn(StepProgress) + Send + Sync),
    cx: &Cx,
) -> Result<(), BackendError> {
    let (manifest, sync) = look(api, lab, prepared, cx).await?;
    if sync.changed.is_empty() && sync.removed.is_empty() {
        cx.log.line(LogStream::Note, &format!("{} files, none changed", sync.unchanged));
        return Ok(());
    }
    let is_new = manifest.files.is_empty();
    for folder in folders(lab, &sync.changed, &manifest, is_new) {
        api.make_folder(&folder, cx).await?;
    }
    let touched: BTreeSet<&String> = sync.changed.iter().chain(&sync.removed).collect();
    let mut kept = manifest;
    kept.files.retain(|path, _| !touched.contains(path));
    put_manifest(api, lab, &kept, cx).await?;
    send(api, lab, prepared, &sync, progress, cx).await?;
    for path in &sync.removed {
        api.remove_file(&format!("{lab}/{path}"), cx).await?;
    }
    let sent = prepared.files.iter().map(|(path, sent)| (path.clone(), sent.sha256.clone()));
    put_manifest(api, lab, &Manifest { files: sent.collect() }, cx).await?;
    let (changed, removed, unchanged) = (sync.changed.len(), sync.removed.len(), sync.unchanged);
    let line = format!("{changed} files sent, {removed} removed, {unchanged} unchanged");
    cx.log.line(LogStream::Note, &line);
    Ok(())
}

async fn send(
    api: &Api,
    lab: &str,
    prepared: &Prepared<'_>,
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

/// Folders that are needed and not known to be there, each after its parent.
fn folders(lab: &str, changed: &[String], known: &Manifest, is_new: bool) -> BTreeSet<String> {
    let above = |path: &str| -> Vec<String> {
        path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(str::to_owned).collect()
    };
    let there: BTreeSet<String> = known.files.keys().flat_map(|path| above(path)).collect();
    let needed = changed.iter().flat_map(|path| above(path)).filter(|path| !there.contains(path));
    let needed = needed.map(|path| format!("{lab}/{path}"));
    needed.chain(is_new.then(|| lab.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Manifest, folders};

    #[test]
    fn folders_come_after_their_parents() {
        let changed = ["a/b/c.cfg".to_owned(), "a/d.cfg".to_owned(), "e.cfg".to_owned()];
        let all: Vec<String> =
            folders("pair", &changed, &Manifest::default(), true).into_iter().collect();
        assert_eq!(all, ["pair", "pair/a", "pair/a/b"]);
        let known = Manifest::parse(br#"{"files":{"a/x":"1"}}"#);
        let rest: Vec<String> = folders("pair", &changed, &known, false).into_iter().collect();
        assert_eq!(rest, ["pair/a/b"]);
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
