//! Fetching what netlab collected, without what must not be seen.

use std::sync::Arc;

use backend_api::{BackendError, Fetched, FileSession};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};

use super::operate::Work;

/// netlab empties this folder first, so it is one that nobody else has.
pub(super) const FOLDER: &str = "moorline-collected";
/// Made by netlab from the topology, and worth comparing from one collection to the next.
const BESIDE: [&str; 2] = ["clab.yml", "netlab.topology.json"];
const MAX_FILES: usize = 5000;
const MAX_DEPTH: usize = 8;
/// A folder with more is not looked through to its end.
const MOST_LISTED: usize = 50_000;
/// How many files are named that were left out.
const NAMED: usize = 5;
/// Bytes of one file.
const MAX_FILE: u64 = 16 * 1024 * 1024;
/// Bytes of all files: they are in memory until they are stored.
const MOST: u64 = 128 * 1024 * 1024;
const AT_ONCE: usize = 16;

impl Work<'_> {
    pub(super) fn collected(&self) -> String {
        format!("{}/{FOLDER}", self.target.folder)
    }

    pub(super) async fn fetch(&self) -> Result<Vec<Fetched>, BackendError> {
        let collected = self.collected();
        let folder = self.target.folder.clone();
        let files = self.session.files.with(self.cx, |files| async { Ok(files) }).await?;
        let (found, left_out) = list(files.as_ref(), &collected).await?.within(MAX_FILES, MOST);
        for why in left_out {
            self.note(&format!("left out: {why}"));
        }
        let mut paths: Vec<(String, String)> =
            found.into_iter().map(|path| (format!("{collected}/{path}"), path)).collect();
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

/// Files that were found, with their sizes, and whether there are more.
#[derive(Default)]
struct Found {
    files: Vec<(String, u64)>,
    has_more: bool,
}

impl Found {
    /// What may be fetched, and in words what may not.
    fn within(mut self, most_files: usize, most: u64) -> (Vec<String>, Vec<String>) {
        // The small ones first: configurations are, and what fills memory is not.
        self.files.sort_by(|one, other| (one.1, &one.0).cmp(&(other.1, &other.0)));
        let (mut taken, mut left_out, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
        for (path, size) in self.files {
            bytes = bytes.saturating_add(size);
            if taken.len() < most_files && bytes <= most {
                taken.push(path);
            } else {
                left_out.push(path);
            }
        }
        let mut words: Vec<String> = left_out.iter().take(NAMED).cloned().collect();
        if left_out.len() > NAMED {
            words.push(format!("{} more files", left_out.len() - NAMED));
        }
        if !left_out.is_empty() {
            let megabytes = most / 1024 / 1024;
            words.push(format!("what is beyond {most_files} files or {megabytes} MiB"));
        }
        if self.has_more {
            words.push("files that were not even listed: there are too many".to_owned());
        }
        (taken, words)
    }
}

/// All files below a folder, relative to it; links are left out.
async fn list(files: &dyn FileSession, folder: &str) -> Result<Found, BackendError> {
    let mut found = Found::default();
    let mut folders = vec![(String::new(), 0)];
    while let Some((below, depth)) = folders.pop() {
        if found.files.len() >= MOST_LISTED {
            found.has_more = true;
            break;
        }
        let entries = match files.list(&format!("{folder}/{below}")).await {
            Err(BackendError::NotFound(_)) => continue,
            entries => entries?,
        };
        for entry in entries.into_iter().filter(|entry| !entry.is_link) {
            let path = format!("{below}{}", entry.name);
            if !crate::folder::is_inside(&path) {
                continue;
            }
            if !entry.is_folder {
                found.files.push((path, entry.size));
            } else if depth < MAX_DEPTH {
                folders.push((format!("{path}/"), depth + 1));
            } else {
                found.has_more = true;
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Found;

    #[test]
    fn what_would_fill_memory_is_left_out_and_said() {
        let files = [("core", 900), ("a.cfg", 10), ("b.cfg", 20), ("pcap", 80)];
        let files = files.map(|(path, size)| (path.to_owned(), size)).into();
        let (taken, left_out) = Found { files, has_more: false }.within(3, 100);
        assert_eq!(taken, ["a.cfg", "b.cfg"]);
        assert_eq!(&left_out[..2], ["pcap", "core"]);
        assert!(left_out[2].contains("3 files"), "{left_out:?}");
        let files: Vec<_> = (0..9).map(|number| (format!("{number}.cfg"), 1)).collect();
        let (taken, left_out) = Found { files, has_more: true }.within(4, 100);
        assert_eq!((taken.len(), left_out.len()), (4, 7), "{left_out:?}");
    }
}
