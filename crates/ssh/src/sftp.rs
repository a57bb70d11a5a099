//! Files on the far machine over SFTP. Bulk copies of whole trees are not its business.

use backend_api::BackendError;

/// A file-transfer session. Dropping it closes its channel.
#[derive(Debug)]
pub struct Sftp {}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    pub name: String,
    pub is_folder: bool,
    pub is_link: bool,
    /// Bytes.
    pub size: u64,
}

impl Sftp {
    /// Reads a whole file.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, or `Unreachable` when the link broke.
    pub async fn read(&self, path: &str) -> Result<Vec<u8>, BackendError> {
        let _ = path;
        Err(BackendError::unsupported("not yet"))
    }
}
