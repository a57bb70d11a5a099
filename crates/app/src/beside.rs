//! Files written beside the one they will be, under a name that nobody can foresee: never through a link
//! that was laid there, never half a file under the real name. Blocks on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Who may read a file of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// As the system has it for new files.
    Usual,
    Owner,
}

/// A file in the making. Dropping it removes it.
#[derive(Debug)]
pub(crate) struct Beside {
    path: PathBuf,
    partial: Option<PathBuf>,
}

impl Beside {
    /// Begins a file that will be at `path`.
    pub(crate) fn begin(path: &Path, readers: Readers) -> io::Result<(Self, File)> {
        let partial = path.with_file_name(format!(".moorline-{}.part", model::RunId::generate()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if readers == Readers::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = readers;
        let file = options.open(&partial)?;
        Ok((Self { path: path.to_owned(), partial: Some(partial) }, file))
    }

    /// Puts it in place of what is there, once it is on the disk.
    pub(crate) fn replace(mut self, file: File) -> io::Result<()> {
        file.sync_all()?;
        drop(file);
        let Some(partial) = &self.partial else { return Ok(()) };
        fs::rename(partial, &self.path)?;
        self.partial = None;
        Ok(())
    }

    /// Puts it where nothing is, once it is on the disk. `AlreadyExists` when something is there.
    pub(crate) fn add(self, file: File) -> io::Result<()> {
        file.sync_all()?;
        drop(file);
        let Some(partial) = &self.partial else { return Ok(()) };
        match fs::hard_link(partial, &self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                // A file system without links; what is there is still not replaced knowingly.
                if self.path.try_exists()? {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(partial, &self.path)
            }
            linked => linked,
        }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let Some(partial) = self.partial.take() else { return };
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "half a file stays behind");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _, path::Path};

    use super::{Beside, Readers};

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let (half, mut file) = Beside::begin(&path, Readers::Usual).unwrap();
        file.write_all(b"ha").unwrap();
        assert!(!path.exists());
        drop((file, half));
        assert!(names(folder.path()).is_empty());

        let (one, mut file) = Beside::begin(&path, Readers::Owner).unwrap();
        file.write_all(b"one").unwrap();
        one.add(file).unwrap();
        let (two, mut file) = Beside::begin(&path, Readers::Usual).unwrap();
        file.write_all(b"two").unwrap();
        let refused = two.add(file).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");

        let (three, mut file) = Beside::begin(&path, Readers::Usual).unwrap();
        file.write_all(b"three").unwrap();
        three.replace(file).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn what_stands_beside_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let part = folder.path().join("a.log.part");
        fs::write(&part, "somebody's").unwrap();
        let (beside, mut file) =
            Beside::begin(&folder.path().join("a.log"), Readers::Usual).unwrap();
        file.write_all(b"log").unwrap();
        beside.replace(file).unwrap();
        assert_eq!(fs::read_to_string(&part).unwrap(), "somebody's");
    }
}
