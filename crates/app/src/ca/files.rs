//! Files that only their owner may read.

use std::{fs, io, io::Write as _, path::Path};

use model::Secret;

use crate::beside::{Beside, Readers};

/// Makes a folder for its owner alone.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A small secret file; none when it is not there.
pub(super) fn read(path: &Path) -> io::Result<Option<Secret<String>>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Adds a file that was not there, whole and for its owner alone from the first moment on.
pub(super) fn add_private(path: &Path, text: &str) -> io::Result<()> {
    let (beside, mut file) = Beside::begin(path, Readers::Owner)?;
    file.write_all(text.as_bytes())?;
    beside.add(file)
}

/// Writes a public file when it does not hold this text already; readers see the old text or the new one.
pub(super) fn write_when_different(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    let (beside, mut file) = Beside::begin(path, Readers::Usual)?;
    file.write_all(text.as_bytes())?;
    beside.replace(file)
}
