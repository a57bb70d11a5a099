//! Folders that last as long as a run of git's. They are removed without holding anybody up; those that an
//! earlier process left are removed when the next one starts.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use tokio::runtime::Handle;

const CLONE: &str = "clone-";
const TUNNEL: &str = "tunnel-";

/// The name of a folder of ours. Dropping it removes what is there.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// For a clone, next to a file of ours.
    pub(super) fn clone_beside(file: &Path) -> Self {
        Self::beside(file, CLONE)
    }

    /// For the settings of a tunnel, next to a file of ours.
    pub(super) fn tunnel_beside(file: &Path) -> Self {
        Self::beside(file, TUNNEL)
    }

    fn beside(file: &Path, prefix: &str) -> Self {
        Self(file.with_file_name(format!("{prefix}{}", model::RunId::generate())))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let folder = std::mem::take(&mut self.0);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || remove(&folder))),
            Err(_) => remove(&folder),
        }
    }
}

/// Takes over what an earlier process left beside the keys; dropping it removes it. Blocks on the disk for
/// one list of names.
pub(super) fn left_in(folder: &Path) -> Vec<Scratch> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_folder && (name.starts_with(CLONE) || name.starts_with(TUNNEL))
    };
    entries.filter(is_ours).map(|entry| Scratch(entry.path())).collect()
}

fn remove(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a folder of git's stays until the next start");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Scratch, left_in};

    #[test]
    fn what_was_left_goes_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("workspace_key");
        fs::write(&key, "key").unwrap();
        fs::create_dir(folder.path().join("clones")).unwrap();
        fs::write(folder.path().join("clone-file"), "x").unwrap();
        for scratch in [Scratch::clone_beside(&key), Scratch::tunnel_beside(&key)] {
            fs::create_dir_all(scratch.path().join("objects")).unwrap();
            // As when the process dies before anything is dropped.
            std::mem::forget(scratch);
        }
        let left = left_in(folder.path());
        assert_eq!(left.len(), 2);
        drop(left);
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["clone-file", "clones", "workspace_key"]);
    }
}
