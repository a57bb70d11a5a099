//! Files that a person saves: asked where to, written beside, put in place whole or not at all.

use std::{
    io,
    path::{Path, PathBuf},
};

use model::{ErrorCode, Failure};
use tokio::{
    fs::File,
    io::{AsyncWriteExt as _, BufWriter},
};

use crate::{
    beside::{Beside, Readers},
    shared::Shared,
};

/// A file that is being saved. Dropped before its end, it leaves nothing.
pub(crate) struct Saving {
    // Closed before it is removed.
    file: BufWriter<File>,
    beside: Beside,
    path: PathBuf,
}

impl Saving {
    /// Begins to save what will be at `path`.
    ///
    /// # Errors
    /// `Storage` when nothing can be written there.
    pub(crate) async fn begin(path: &Path) -> Result<Self, Failure> {
        let wanted = path.to_owned();
        let begun = blocking(move || Beside::begin(&wanted, Readers::Usual)).await;
        let (beside, file) = begun.map_err(|error| cannot_write(path, &error))?;
        Ok(Self { file: BufWriter::new(File::from_std(file)), beside, path: path.to_owned() })
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(bytes).await;
        written.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Puts it in place once it is on the disk.
    pub(crate) async fn end(self) -> Result<(), Failure> {
        let Self { mut file, beside, path } = self;
        file.flush().await.map_err(|error| cannot_write(&path, &error))?;
        let file = file.into_inner().into_std().await;
        let placed = blocking(move || beside.replace(file)).await;
        placed.map_err(|error| cannot_write(&path, &error))
    }
}

/// Asks where to and writes the bytes there; none when the person cancelled.
pub(crate) async fn save(
    shared: &Shared,
    suggested_name: &str,
    bytes: &[u8],
) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = shared.host.pick_save_path(suggested_name).await? else { return Ok(None) };
    let mut saving = Saving::begin(&path).await?;
    saving.write(bytes).await?;
    saving.end().await?;
    Ok(Some(path))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(ErrorCode::Storage, format!("cannot write {}", path.display()))
        .with_hint("Check the rights and the free space of the folder, or pick another one.")
        .with_detail(error.to_string())
}
