//! Files for their owner alone, replaced as a whole or not at all.
//!
//! Deliberately not here: what is in them. Nothing that comes here is plaintext.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::SecretsError;
use crate::seal::random;

/// A file of ours is never larger; a larger one is not ours.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The whole file, or none when there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, SecretsError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, &error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(path, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(SecretsError::Damaged { path: path.to_owned() });
    }
    Ok(Some(bytes))
}

/// Writes beside, to the disk, then renames: a crash leaves the old file or the new one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), SecretsError> {
    let folder = path.parent().unwrap_or(path);
    make_folder(folder).map_err(|error| failed(folder, &error))?;
    let beside = beside(path)?;
    let written = write_new(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if let Err(error) = written {
        let _ = std::fs::remove_file(&beside);
        return Err(failed(path, &error));
    }
    sync_folder(folder);
    Ok(())
}

/// Removes a file; fine when it is not there.
pub(crate) fn remove(path: &Path) -> Result<(), SecretsError> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(path, &error)),
    }
}

fn beside(path: &Path) -> Result<PathBuf, SecretsError> {
    let random = u64::from_le_bytes(random()?);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{random:016x}.new"));
    Ok(path.with_file_name(name))
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the rename itself last. Not every system can; the file is whole either way.
fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

fn failed(path: &Path, error: &std::io::Error) -> SecretsError {
    SecretsError::File { path: path.to_owned(), detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{read, remove, write};

    #[test]
    fn a_file_is_replaced_as_a_whole_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert_eq!(read(&path).unwrap(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed/file");
        write(&path, b"one").unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn a_failed_write_names_the_file_and_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::create_dir_all(path.join("in the way")).unwrap();
        let error = write(&path, b"one").unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
