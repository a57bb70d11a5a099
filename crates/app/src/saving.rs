//! Files that a person saves: asked where to, written beside, put in place whole or not at all.

use std::path::PathBuf;

use model::{ErrorCode, Failure};

use crate::shared::Shared;

/// Asks where to and writes the bytes there; none when the person cancelled.
pub(crate) async fn save(
    shared: &Shared,
    suggested_name: &str,
    bytes: &[u8],
) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = shared.host.pick_save_path(suggested_name).await? else { return Ok(None) };
    let mut partial = path.clone().into_os_string();
    partial.push(".part");
    let partial = PathBuf::from(partial);
    let written = match tokio::fs::write(&partial, bytes).await {
        Ok(()) => tokio::fs::rename(&partial, &path).await,
        Err(error) => Err(error),
    };
    if let Err(error) = written {
        drop(tokio::fs::remove_file(&partial).await);
        return Err(Failure::new(ErrorCode::Storage, format!("cannot write {}", path.display()))
            .with_hint("Check the rights and the free space of the folder, or pick another one.")
            .with_detail(error.to_string()));
    }
    Ok(Some(path))
}
