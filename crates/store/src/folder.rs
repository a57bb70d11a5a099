//! The data folder: made for its owner alone, and held by one opener at a time.
//!
//! Deliberately not here: what is in the database file.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::StoreError;

/// How long another process may take to open (and perhaps migrate) before we give up.
const TURN: Duration = Duration::from_secs(15);
const TRY_AGAIN: Duration = Duration::from_millis(50);

/// Makes the folder and an empty database file where they are missing, readable by the owner only.
pub(crate) fn prepare(folder: &Path, path: &Path) -> Result<(), StoreError> {
    std::fs::create_dir_all(folder).map_err(|error| StoreError::from_io(folder, &error))?;
    restrict(folder, 0o700).map_err(|error| StoreError::from_io(folder, &error))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    owner_only(&mut options);
    options.open(path).map_err(|error| StoreError::from_io(path, &error))?;
    restrict(path, 0o600).map_err(|error| StoreError::from_io(path, &error))
}

/// Waits until no other process is opening the same database. The turn ends when the file is dropped.
pub(crate) async fn take_turn(path: &Path) -> Result<File, StoreError> {
    let lock_path = path.with_extension("db.lock");
    let mut options = OpenOptions::new();
    // Windows locks no file that was opened for appending alone.
    options.create(true).read(true).append(true);
    owner_only(&mut options);
    let file = options.open(&lock_path).map_err(|error| StoreError::from_io(&lock_path, &error))?;
    let started = tokio::time::Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < TURN => {
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { path: path.to_owned() });
            }
            // Some file systems cannot lock; SQLite has its own word on whether that will do.
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "the database folder cannot be locked");
                return Ok(file);
            }
        }
    }
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = std::fs::metadata(path)?.permissions();
    if permissions.mode() & 0o777 == mode {
        return Ok(());
    }
    permissions.set_mode(mode);
    std::fs::set_permissions(path, permissions)
}

/// Elsewhere the folder inherits the rights of the person's own profile folder.
#[cfg(not(unix))]
fn restrict(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}
