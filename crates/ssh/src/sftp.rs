//! Files on the far machine over SFTP. Bulk copies of whole trees are not its business.

use std::sync::Arc;

use backend_api::BackendError;
use russh_sftp::client::{Config, SftpSession, error::Error};
use russh_sftp::protocol::StatusCode;

use crate::channel::ChannelStream;
use crate::connection::Connection;

const REQUEST_LIMIT_S: u64 = 30;

/// A file-transfer session. Dropping it closes its channel.
pub struct Sftp {
    session: SftpSession,
    connection: Arc<Connection>,
}

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
    pub(crate) async fn start(
        stream: ChannelStream,
        connection: Arc<Connection>,
    ) -> Result<Self, BackendError> {
        let config = Config { request_timeout_secs: REQUEST_LIMIT_S, ..Config::default() };
        match SftpSession::new_with_config(stream, config).await {
            Ok(session) => Ok(Self { session, connection }),
            Err(error) => {
                let host = connection.host_name();
                Err(BackendError::unsupported(format!("{host} does not transfer files by SFTP"))
                    .with_hint("Ask for the sftp subsystem on the server.")
                    .with_detail(error.to_string()))
            }
        }
    }

    /// Reads a whole file.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, or `Unreachable` when the link broke.
    pub async fn read(&self, path: &str) -> Result<Vec<u8>, BackendError> {
        self.session.read(path).await.map_err(|error| self.failed("read", path, &error))
    }

    /// Writes a whole file, in the place of one that may be there.
    ///
    /// # Errors
    /// As `read`.
    pub async fn write(&self, path: &str, data: &[u8]) -> Result<(), BackendError> {
        use tokio::io::AsyncWriteExt;
        let failed = |error: Error| self.failed("write", path, &error);
        let mut file = self.session.create(path).await.map_err(failed)?;
        file.write_all(data).await.map_err(|error| failed(error.into()))?;
        file.shutdown().await.map_err(|error| failed(error.into()))
    }

    /// Lists a folder, in no particular order.
    ///
    /// # Errors
    /// As `read`.
    pub async fn list(&self, path: &str) -> Result<Vec<FileEntry>, BackendError> {
        let entries =
            self.session.read_dir(path).await.map_err(|error| self.failed("list", path, &error))?;
        Ok(entries.map(|entry| described(entry.file_name(), &entry.metadata())).collect())
    }

    /// Looks at one file or folder, without following a link.
    ///
    /// # Errors
    /// As `read`.
    pub async fn stat(&self, path: &str) -> Result<FileEntry, BackendError> {
        let found = self.session.symlink_metadata(path).await;
        let metadata = found.map_err(|error| self.failed("look at", path, &error))?;
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
        Ok(described(name.to_owned(), &metadata))
    }

    /// Makes a folder.
    ///
    /// # Errors
    /// As `read`; `Rejected` when something of that name is there.
    pub async fn make_folder(&self, path: &str) -> Result<(), BackendError> {
        self.session.create_dir(path).await.map_err(|error| self.failed("make", path, &error))
    }

    /// Renames; the new name must be free.
    ///
    /// # Errors
    /// As `make_folder`.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), BackendError> {
        self.session.rename(from, to).await.map_err(|error| self.failed("rename", from, &error))
    }

    /// Removes one file.
    ///
    /// # Errors
    /// As `read`.
    pub async fn remove(&self, path: &str) -> Result<(), BackendError> {
        self.session.remove_file(path).await.map_err(|error| self.failed("remove", path, &error))
    }

    fn failed(&self, verb: &str, path: &str, error: &Error) -> BackendError {
        let host = self.connection.host_name();
        let message = format!("cannot {verb} {path} on {host}");
        let error_of = |code| match code {
            StatusCode::NoSuchFile => {
                BackendError::not_found(format!("{message}: it is not there"))
                    .with_hint("Check the path.")
            }
            StatusCode::PermissionDenied => {
                BackendError::forbidden(format!("{message}: this login may not"))
                    .with_hint("Log in as a user who may, or change the permissions.")
            }
            _ => BackendError::rejected(message.clone())
                .with_hint("The server's own words are in the details."),
        };
        match error {
            Error::Status(status) => error_of(status.status_code),
            _ => BackendError::unreachable(message.clone())
                .with_hint("Check the connection, then try again."),
        }
        .with_detail(error.to_string())
    }
}

fn described(name: String, metadata: &russh_sftp::client::fs::Metadata) -> FileEntry {
    FileEntry {
        name,
        is_folder: metadata.is_dir(),
        is_link: metadata.is_symlink(),
        size: metadata.len(),
    }
}
