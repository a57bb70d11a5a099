//! Fetching what netlab collected, without what must not be seen.

use std::sync::Arc;

use backend_api::{BackendError, Fetched, FileSession};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};

use super::operate::Work;

/// netlab empties this folder first, so it is one that nobody else has.
const FOLDER: &str = "moorline-collected";
/// Made by netlab from the topology, and worth comparing from one collection to the next.
const BESIDE: [&str; 2] = ["clab.yml", "netlab.topology.json"];
const MAX_FILES: usize = 5000;
const MAX_DEPTH: usize = 8;
/// Bytes of one file.
const MAX_FILE: u64 = 16 * 1024 * 1024;
const AT_ONCE: usize = 16;

impl Work<'_> {
    pub(super) fn collected(&self) -> String {
        format!("{}/{FOLDER}", self.target.folder)
    }

    pub(super) async fn fetch(&self) -> Result<Vec<Fetched>, BackendError> {
        let collected = self.collected();
        let folder = self.target.folder.clone();
        let files = self.session.files.with(self.cx, |files| async { Ok(files) }).await?;
        let mut paths: Vec<(String, String)> = list(files.as_ref(), &collected)
            .await?
            .into_iter()
            .map(|path| (format!("{collected}/{path}"), path))
            .collect();
        if paths.is_empty() {
            return Err(BackendError::rejected(format!(
                "netlab collected nothing from \"{}\"",
                self.target.name
            ))
            .with_hint("Collecting needs Ansible beside netlab on the server."));
        }
        paths.extend(BESIDE.map(|name| (format!("{folder}/{name}"), name.to_owned())));
        let reads: Vec<_> = paths.into_iter().map(|path| self.fetch_one(&files, path)).collect();
        let fetched = futures::stream::iter(reads).buffer_unordered(AT_ONCE);
        let mut fetched: Vec<Fetched> =
            fetched.try_filter_map(|one| async { Ok(one) }).try_collect().await?;
        fetched.sort_by(|one, other| one.path.cmp(&other.path));
        self.note(&format!("{} files fetched", fetched.len()));
        Ok(fetched)
    }

    async fn fetch_one(
        &self,
        files: &Arc<dyn FileSession>,
        (path, name): (String, String),
    ) -> Result<Option<Fetched>, BackendError> {
        let content = match self.cx.until_cancelled(files.read(&path, MAX_FILE)).await {
            Ok(content) => content,
            Err(BackendError::NotFound(_)) => return Ok(None),
            Err(BackendError::Rejected(failure)) => {
                self.note(&format!("left out: {}", failure.message));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let clean = self.session.redactor.file(&name, &content);
        if clean.is_none() {
            self.note(&format!(
                "left out: {name} cannot be read, so nobody can tell what is in it"
            ));
        }
        Ok(clean.map(|content| Fetched { path: name, content: Bytes::from(content) }))
    }
}

/// All files below a folder, relative to it; links are left out.
async fn list(files: &dyn FileSession, folder: &str) -> Result<Vec<String>, BackendError> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), 0)];
    while let Some((below, depth)) = folders.pop() {
        let entries = match files.list(&format!("{folder}/{below}")).await {
            Err(BackendError::NotFound(_)) => continue,
            entries => entries?,
        };
        for entry in entries.into_iter().filter(|entry| !entry.is_link) {
            let path = format!("{below}{}", entry.name);
            if !crate::folder::is_inside(&path) {
                continue;
            }
            if entry.is_folder && depth < MAX_DEPTH {
                folders.push((format!("{path}/"), depth + 1));
            } else if !entry.is_folder && found.len() < MAX_FILES {
                found.push(path);
            }
        }
    }
    Ok(found)
}
