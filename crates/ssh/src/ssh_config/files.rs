//! Where the text of configurations comes from, so that reading them needs no home folder.

use std::{
    io,
    path::{Path, PathBuf},
};

/// The few questions that reading a person's configuration asks about files.
pub trait ConfigFiles {
    /// The text of a file; bytes that are no text are replaced.
    ///
    /// # Errors
    /// `NotFound` when it is not there; other kinds when it cannot be read.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The files of a folder, in the order of their names; none when it is not there.
    fn list(&self, folder: &Path) -> Vec<PathBuf>;

    /// Whether a file is there.
    fn is_file(&self, path: &Path) -> bool;
}
