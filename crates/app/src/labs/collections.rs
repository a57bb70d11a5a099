//! Collected configurations: files of ours, one folder for each run that collected them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use backend_api::Fetched;
use model::{
    CollectedFile, CollectedText, Collection, ConnectionId, ErrorCode, Failure, LabRef, RunId,
};

use crate::{Core, shared::Shared};

/// The folder in the data folder.
const FOLDER: &str = "labs";
/// What was forgotten, in there: no run has this name.
const ASIDE: &str = "forgotten";
/// Sets that are kept of one lab; the oldest go.
const KEPT: usize = 50;
/// A text that is longer is not shown.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Stores what a run fetched.
pub(super) async fn keep(
    shared: &Arc<Shared>,
    lab: &LabRef,
    run_id: RunId,
    fetched: Vec<Fetched>,
) -> Result<(), Failure> {
    let before = shared.store.collections(lab).await?.into_iter().find(|set| set.run_id != run_id);
    let before = before.map(|set| folder_of(shared, &set.run_id));
    let folder = folder_of(shared, &run_id);
    let files = blocking(move || {
        let written = write(&folder, &fetched, before.as_deref());
        if written.is_err() {
            // Half a set is none.
            drop(std::fs::remove_dir_all(&folder));
        }
        written
    })
    .await?;
    let collection = Collection { run_id, collected_at: shared.now(), files };
    shared.store.put_collection(lab, &collection).await?;
    thin_out(shared, lab).await
}

fn write(
    folder: &Path,
    fetched: &[Fetched],
    before: Option<&Path>,
) -> Result<Vec<CollectedFile>, Failure> {
    private_folder(folder)?;
    // Two names of one path would otherwise be written over each other.
    let by_path: BTreeMap<_, _> = fetched.iter().map(|file| (&file.path, &file.content)).collect();
    let mut files = Vec::with_capacity(by_path.len());
    for (path, content) in by_path {
        let below = relative(path)?;
        let place = folder.join(&below);
        if let Some(parent) = place.parent() {
            std::fs::create_dir_all(parent).map_err(|error| cannot_write(parent, &error))?;
        }
        std::fs::write(&place, content).map_err(|error| cannot_write(&place, &error))?;
        let is_changed = before.map(|before| {
            std::fs::read(before.join(&below)).map_or(true, |before| before != **content)
        });
        files.push(CollectedFile { path: path.clone(), bytes: content.len() as u64, is_changed });
    }
    Ok(files)
}

/// Configurations are for this person only.
fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| cannot_write(folder, &error))
}

/// A path with slashes that leads nowhere but down.
fn relative(path: &str) -> Result<PathBuf, Failure> {
    let below = PathBuf::from(path);
    let is_down = below.components().all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || path.contains('\\') || path.contains(':') || !is_down {
        return Err(Failure::new(
            ErrorCode::Protocol,
            format!("the server named a file that leads out of its folder: {path}"),
        )
        .with_hint("Look at the files on the server; none of them was stored."));
    }
    Ok(below)
}

fn folder_of(shared: &Shared, run_id: &RunId) -> PathBuf {
    shared.data_folder.join(FOLDER).join(run_id.as_str())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(ErrorCode::Storage, format!("cannot write {}", path.display()))
        .with_hint("Check the rights and the free space of the data folder.")
        .with_detail(error.to_string())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Failure::new(ErrorCode::Internal, "a task ended early").with_detail(error.to_string()))
    })
}

impl Core {
    /// The sets of configurations collected from a lab, newest first.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn lab_collections(&self, lab: &LabRef) -> Result<Vec<Collection>, Failure> {
        Ok(self.shared.store.collections(lab).await?)
    }

    /// One collected file and the same file of the set before it.
    ///
    /// # Errors
    /// `NotFound` when it was not collected or its file is gone, `Storage`.
    pub async fn lab_collected(
        &self,
        lab: &LabRef,
        run_id: &RunId,
        path: &str,
    ) -> Result<CollectedText, Failure> {
        let sets = self.shared.store.collections(lab).await?;
        let position = sets.iter().position(|set| set.run_id == *run_id);
        let known = position.and_then(|at| sets.get(at));
        if !known.is_some_and(|set| set.files.iter().any(|file| file.path == path)) {
            return Err(Failure::new(ErrorCode::NotFound, format!("{path} was not collected"))
                .with_hint("Reload the list of collected files."));
        }
        let before = position.and_then(|at| sets.get(at + 1));
        let before = before.map(|set| folder_of(&self.shared, &set.run_id));
        let folder = folder_of(&self.shared, run_id);
        let path = relative(path)?;
        blocking(move || {
            let text = read(&folder.join(&path))?;
            let before = before.and_then(|folder| read(&folder.join(&path)).ok());
            Ok(CollectedText { text, before })
        })
        .await
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| {
        Failure::new(ErrorCode::NotFound, format!("cannot read {}", path.display()))
            .with_hint("Collect the configurations again.")
            .with_detail(error.to_string())
    };
    if std::fs::metadata(path).map_err(failed)?.len() > LONGEST {
        return Err(Failure::new(
            ErrorCode::Unsupported,
            format!("{} is too long to be shown", path.display()),
        )
        .with_hint("Open the file with an editor."));
    }
    Ok(String::from_utf8_lossy(&std::fs::read(path).map_err(failed)?).into_owned())
}

/// Puts the sets of a lab apart, from where they can be brought back.
pub(super) async fn put_aside(shared: &Shared, lab: &LabRef) -> Result<Vec<Collection>, Failure> {
    let sets = shared.store.collections(lab).await?;
    let (from, to) = (shared.data_folder.join(FOLDER), aside(&shared.data_folder));
    move_all(from, to, &sets).await?;
    shared.store.forget_collections(lab).await?;
    Ok(sets)
}

/// Brings them back.
pub(super) async fn bring_back(
    shared: &Shared,
    lab: &LabRef,
    sets: &[Collection],
) -> Result<(), Failure> {
    let (from, to) = (aside(&shared.data_folder), shared.data_folder.join(FOLDER));
    move_all(from, to, sets).await?;
    for set in sets {
        shared.store.put_collection(lab, set).await?;
    }
    Ok(())
}

async fn move_all(from: PathBuf, to: PathBuf, sets: &[Collection]) -> Result<(), Failure> {
    let names: Vec<String> = sets.iter().map(|set| set.run_id.to_string()).collect();
    if names.is_empty() {
        return Ok(());
    }
    blocking(move || {
        private_folder(&to)?;
        for name in names {
            let place = to.join(&name);
            match std::fs::rename(from.join(&name), &place) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(cannot_write(&place, &error));
                }
                _ => {}
            }
        }
        Ok(())
    })
    .await
}

/// Removes sets that were put apart, for good.
pub(super) async fn remove_aside(data_folder: &Path, sets: &[Collection]) {
    for set in sets {
        remove(&aside(data_folder).join(set.run_id.as_str())).await;
    }
}

fn aside(data_folder: &Path) -> PathBuf {
    data_folder.join(FOLDER).join(ASIDE)
}

async fn remove(folder: &Path) {
    if let Err(error) = tokio::fs::remove_dir_all(folder).await
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "collected configurations could not be removed");
    }
}

/// Removes the sets of a connection, before it is forgotten.
pub(crate) async fn remove_of(shared: &Shared, connection: &ConnectionId) -> Result<(), Failure> {
    for (_, run) in
        shared.store.collecting_runs().await?.into_iter().filter(|(of, _)| of == connection)
    {
        shared.store.forget_collection(&run).await?;
        remove(&folder_of(shared, &run)).await;
    }
    Ok(())
}

/// Removes folders that no set of the database knows: an earlier process ended before it wrote it down.
pub(super) async fn remove_unknown(shared: &Shared) -> Result<(), Failure> {
    let known = shared.store.collecting_runs().await?;
    let known: BTreeSet<String> = known.into_iter().map(|(_, run)| run.to_string()).collect();
    let Ok(mut folders) = tokio::fs::read_dir(shared.data_folder.join(FOLDER)).await else {
        return Ok(());
    };
    while let Ok(Some(entry)) = folders.next_entry().await {
        if !known.contains(&*entry.file_name().to_string_lossy()) {
            remove(&entry.path()).await;
        }
    }
    Ok(())
}

/// Forgets the sets beyond those that are kept of one lab, oldest first.
async fn thin_out(shared: &Shared, lab: &LabRef) -> Result<(), Failure> {
    for set in shared.store.collections(lab).await?.into_iter().skip(KEPT) {
        shared.store.forget_collection(&set.run_id).await?;
        remove(&folder_of(shared, &set.run_id)).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        for path in ["", "../x", "/etc/passwd", "a/../../b", "a\\..\\b", "C:x", "./."] {
            assert!(relative(path).is_err(), "{path}");
        }
        assert_eq!(relative("config/r1.cfg").unwrap(), Path::new("config/r1.cfg"));
    }

    #[test]
    fn what_differs_from_the_set_before_is_marked() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = |path: &str, text: &'static str| Fetched {
            path: path.into(),
            content: bytes::Bytes::from_static(text.as_bytes()),
        };
        let (first, second) = (folder.path().join("1"), folder.path().join("2"));
        let files = write(&first, &[file("r1", "a"), file("r2", "b")], None).unwrap();
        assert!(files.iter().all(|file| file.is_changed.is_none()));
        let now = [file("r1", "a"), file("r2", "c"), file("r3", "d")];
        let files = write(&second, &now, Some(&first)).unwrap();
        let marks: Vec<_> = files.iter().map(|file| file.is_changed).collect();
        assert_eq!(marks, [Some(false), Some(true), Some(true)]);
    }
}
