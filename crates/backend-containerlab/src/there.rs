//! What a lab's folder on the server holds where our files go, and whose it is: ours as it was sent, or somebody
//! else's. Reads only.

use std::collections::{BTreeMap, BTreeSet};

use backend_api::{BackendError, Cx};
use model::LabSync;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::Api;
use crate::material::{Prepared, digest};
use crate::sync::{MANIFEST, Manifest};
use crate::wire::Entry;

/// The folder as it is, and what a sync would do to it.
#[derive(Debug, Default)]
pub(crate) struct There {
    /// By path in the lab's folder, as far as it matters.
    entries: BTreeMap<String, Entry>,
    pub(crate) manifest: Manifest,
    pub(crate) sync: LabSync,
    /// Files that are not as we sent them, and are in the way.
    pub(crate) foreign: Vec<String>,
}

impl There {
    /// Looks at the folder and compares it with what is to be there.
    pub(crate) async fn look(
        api: &Api,
        lab: &str,
        prepared: &Prepared,
        cx: &Cx,
    ) -> Result<Self, BackendError> {
        let manifest = api.file(&format!("{lab}/{MANIFEST}"), cx).await?;
        let manifest = manifest.map(|bytes| Manifest::parse(&bytes)).unwrap_or_default();
        let mut there = Self { manifest, ..Self::default() };
        there.walk(api, lab, prepared, cx).await?;
        there.compare(api, lab, prepared, cx).await?;
        Ok(there)
    }

    pub(crate) fn is_file(&self, path: &str) -> bool {
        self.entries.get(path).is_some_and(|entry| entry.kind == "file")
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.entries.get(path).is_some_and(|entry| entry.kind == "directory")
    }

    /// True when nothing is known to be there, not even the folder.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Folders where files of ours are or go, and all below a folder that is where a file goes.
    async fn walk(
        &mut self,
        api: &Api,
        lab: &str,
        prepared: &Prepared,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let known = prepared.files.keys().chain(self.manifest.files.keys());
        let above: BTreeSet<String> = known.flat_map(|path| folders_above(path)).collect();
        let is_in_the_way = |path: &str| {
            let mut parts = folders_above(path);
            parts.push(path.to_owned());
            parts.iter().any(|part| prepared.files.contains_key(part))
        };
        let prefix = format!("{lab}/");
        let mut folders = vec![lab.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in api.entries(&folder, cx).await? {
                let Some(path) = entry.path.strip_prefix(&prefix).map(str::to_owned) else {
                    continue;
                };
                let is_walked = above.contains(&path) || is_in_the_way(&path);
                if entry.kind == "directory" && is_walked && !self.entries.contains_key(&path) {
                    folders.push(entry.path.clone());
                }
                self.entries.insert(path, entry);
            }
        }
        Ok(())
    }

    async fn compare(
        &mut self,
        api: &Api,
        lab: &str,
        prepared: &Prepared,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let mut is_as_sent = BTreeSet::new();
        for path in self.in_question(prepared) {
            let content = api.file(&format!("{lab}/{path}"), cx).await?.unwrap_or_default();
            let found = tokio::task::spawn_blocking(move || digest(&content)).await;
            let found = found.unwrap_or_default();
            let wanted = prepared.files.get(&path).map(|sent| &sent.sha256);
            if wanted == Some(&found) {
                is_as_sent.insert(path);
            } else if !self.manifest.was_sent(&path, &found) {
                self.foreign.push(path);
            }
        }
        for (path, sent) in &prepared.files {
            let is_same =
                self.manifest.files.get(path) == Some(&sent.sha256) && !self.foreign.contains(path);
            if self.is_file(path) && (is_same || is_as_sent.contains(path)) {
                self.sync.unchanged += 1;
            } else {
                self.sync.bytes += sent.size;
                self.sync.changed.push(path.clone());
            }
        }
        let gone = self.manifest.files.keys().filter(|path| !prepared.files.contains_key(*path));
        self.sync.removed = gone.cloned().collect();
        Ok(())
    }

    /// Files that may not be as we sent them and would be written over or removed.
    fn in_question(&self, prepared: &Prepared) -> Vec<String> {
        let written = self.entries.get(MANIFEST).and_then(modified);
        let is_touched = |path: &String, entry: &Entry| {
            let later = modified(entry).zip(written).is_some_and(|(file, sent)| file > sent);
            let size = self.manifest.sizes.get(path);
            later || size.is_some_and(|size| *size != entry.size)
        };
        let folders: BTreeSet<String> =
            prepared.files.keys().flat_map(|path| folders_above(path)).collect();
        let is_ours_to_have = |path: &String| {
            let mut parts = folders_above(path);
            parts.push(path.clone());
            parts.iter().any(|part| prepared.files.contains_key(part)) || folders.contains(path)
        };
        let files = self.entries.iter().filter(|(_, entry)| entry.kind == "file");
        let files = files.filter(|(path, entry)| match self.manifest.files.get(*path) {
            Some(_) => is_touched(path, entry),
            None => is_ours_to_have(path),
        });
        files.map(|(path, _)| path.clone()).collect()
    }
}

fn modified(entry: &Entry) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(&entry.modified_at, &Rfc3339).ok()
}

/// The folders above a path, the highest first.
pub(crate) fn folders_above(path: &str) -> Vec<String> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(str::to_owned).collect()
}
