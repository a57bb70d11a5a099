//! Files on the far machine over SFTP: `RemoteFiles` for a link.
//!
//! Questions that do not depend on each other are asked at once, because the server is far away. Bulk copies
//! of whole trees are not its business.

mod transfer;

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, FileSession, RemoteEntry, RemoteFiles};
use futures::{StreamExt, TryStreamExt};
use russh_sftp::client::{Config, RawSftpSession, error::Error};
use russh_sftp::protocol::{FileAttributes, Packet, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Link;
use crate::channel::ChannelStream;
use crate::connection::Connection;

const REQUEST_LIMIT_S: u64 = 30;
/// How many questions are on their way at once.
const AT_ONCE: usize = 1024;
const POSIX_RENAME: &str = "posix-rename@openssh.com";
const LIMITS: &str = "limits@openssh.com";
/// What every server takes in one packet, where it does not say more.
const PIECE: u32 = 32 * 1024;
/// Bytes of reads and writes that are on their way at once.
const ROOM: usize = 2 * 1024 * 1024;
/// As much as OpenSSH takes.
const MOST_PIECE: u64 = 255 * 1024;

/// A file-transfer session. Dropping it closes its channel.
pub struct Sftp {
    session: RawSftpSession,
    connection: Arc<Connection>,
    /// Whether a file can take the place of another in one step.
    can_replace: bool,
    /// Bytes of one read and one write.
    read_piece: u32,
    write_piece: u32,
    /// Bytes that may be on their way: what waits behind others must not wait for too long, because every
    /// request has its time from the moment that it is sent.
    room: Semaphore,
}

#[async_trait]
impl RemoteFiles for Link {
    async fn open(&self) -> Result<Box<dyn FileSession>, BackendError> {
        Ok(Box::new(self.sftp().await?))
    }
}

impl Sftp {
    pub(crate) async fn start(
        stream: ChannelStream,
        connection: Arc<Connection>,
    ) -> Result<Self, BackendError> {
        let config = Config { request_timeout_secs: REQUEST_LIMIT_S, ..Config::default() };
        let session = RawSftpSession::new_with_config(stream, config);
        let version = session.init().await.map_err(|error| {
            let host = connection.host_name();
            BackendError::unsupported(format!("{host} does not transfer files by SFTP"))
                .with_hint("Ask for the sftp subsystem on the server.")
                .with_detail(error.to_string())
        })?;
        let can_replace = version.extensions.contains_key(POSIX_RENAME);
        let limits = match version.extensions.contains_key(LIMITS) {
            true => session.limits().await.ok(),
            false => None,
        };
        let piece = |most: Option<u64>| {
            let most = most.filter(|most| *most > 0).unwrap_or(PIECE.into()).min(MOST_PIECE);
            u32::try_from(most).unwrap_or(PIECE)
        };
        let read_piece = piece(limits.as_ref().map(|limits| limits.max_read_len));
        let write_piece = piece(limits.as_ref().map(|limits| limits.max_write_len));
        let room = Semaphore::new(ROOM);
        Ok(Self { session, connection, can_replace, read_piece, write_piece, room })
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

    /// The right to have so many bytes on their way.
    async fn room_for(&self, bytes: u32) -> Option<SemaphorePermit<'_>> {
        // Nobody closes it.
        self.room.acquire_many(bytes).await.ok()
    }

    async fn stat_one(&self, path: &str) -> Result<Option<RemoteEntry>, BackendError> {
        match self.session.lstat(path).await {
            Ok(found) => {
                let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
                Ok(Some(described(name.to_owned(), &found.attrs)))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.failed("look at", path, &error)),
        }
    }

    /// Makes one folder; whether it is there afterwards, or what is missing is above it.
    async fn make_one(&self, path: &str, mode: u32) -> Result<bool, BackendError> {
        let attributes =
            FileAttributes { permissions: Some(mode & 0o7777), ..FileAttributes::empty() };
        let error = match self.session.mkdir(path, attributes).await {
            Ok(_) => return Ok(true),
            Err(error) if is_absent(&error) => return Ok(false),
            Err(error) => error,
        };
        match self.session.stat(path).await {
            Ok(found) if found.attrs.is_dir() => Ok(true),
            _ => Err(self.failed("make", path, &error)),
        }
    }

    async fn put_in_place(&self, from: &str, to: &str) -> Result<(), Error> {
        if self.can_replace {
            let answer = self.session.extended(POSIX_RENAME, two_strings(from, to)).await?;
            return match answer {
                Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
                Packet::Status(status) => Err(Error::Status(status)),
                _ => Err(Error::UnexpectedPacket),
            };
        }
        // Not in one step: between the two there is nothing.
        match self.session.remove(to).await {
            Err(error) if !is_absent(&error) => return Err(error),
            _ => {}
        }
        self.session.rename(from, to).await.map(drop)
    }
}

#[async_trait]
impl FileSession for Sftp {
    async fn home(&self) -> Result<String, BackendError> {
        let found = self.session.realpath(".").await;
        let found = found.map_err(|error| self.failed("look at", "the home folder", &error))?;
        let first = found.files.into_iter().next().map(|file| file.filename);
        first.ok_or_else(|| self.failed("look at", "the home folder", &Error::UnexpectedPacket))
    }

    async fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, BackendError> {
        self.read_file(path, most).await
    }

    async fn write(&self, path: &str, data: &[u8], mode: u32) -> Result<(), BackendError> {
        self.write_file(path, data, mode).await
    }

    async fn list(&self, path: &str) -> Result<Vec<RemoteEntry>, BackendError> {
        let failed = |error: Error| self.failed("list", path, &error);
        let handle = self.session.opendir(path).await.map_err(failed)?.handle;
        let mut entries = Vec::new();
        let ended = loop {
            match self.session.readdir(handle.as_str()).await {
                Ok(found) => {
                    let named = found.files.into_iter();
                    let named = named.filter(|file| !matches!(file.filename.as_str(), "." | ".."));
                    entries.extend(named.map(|file| described(file.filename, &file.attrs)));
                }
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let _ = self.session.close(handle).await;
        ended.map_err(failed)?;
        Ok(entries)
    }

    async fn stat(&self, paths: &[String]) -> Result<Vec<Option<RemoteEntry>>, BackendError> {
        let asked: Vec<_> = paths.iter().map(|path| self.stat_one(path)).collect();
        futures::stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn make_folder(&self, path: &str, mode: u32) -> Result<(), BackendError> {
        let mut missing = vec![path.trim_end_matches('/')];
        while let Some(folder) = missing.last().copied() {
            if folder.is_empty() || self.make_one(folder, mode).await? {
                missing.pop();
                continue;
            }
            match folder.rsplit_once('/') {
                Some((above, _)) if !above.is_empty() && missing.len() < 64 => missing.push(above),
                _ => {
                    return Err(BackendError::not_found(format!(
                        "cannot make {path} on {}: what is above it is not there",
                        self.connection.host_name()
                    ))
                    .with_hint("Check the path."));
                }
            }
        }
        Ok(())
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), BackendError> {
        self.put_in_place(from, to).await.map_err(|error| self.failed("rename", from, &error))
    }

    async fn remove(&self, path: &str) -> Result<(), BackendError> {
        match self.session.remove(path).await {
            Err(error) if !is_absent(&error) => Err(self.failed("remove", path, &error)),
            _ => Ok(()),
        }
    }

    async fn remove_folder(&self, path: &str) -> Result<(), BackendError> {
        match self.session.rmdir(path).await {
            Err(error) if !is_absent(&error) => Err(self.failed("remove", path, &error)),
            _ => Ok(()),
        }
    }
}

fn is_absent(error: &Error) -> bool {
    matches!(error, Error::Status(status) if status.status_code == StatusCode::NoSuchFile)
}

fn two_strings(first: &str, second: &str) -> Vec<u8> {
    let mut data = Vec::with_capacity(first.len() + second.len() + 8);
    for text in [first, second] {
        data.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        data.extend_from_slice(text.as_bytes());
    }
    data
}

fn described(name: String, attributes: &FileAttributes) -> RemoteEntry {
    RemoteEntry {
        name,
        is_folder: attributes.is_dir(),
        is_link: attributes.is_symlink(),
        size: attributes.size.unwrap_or(0),
        modified_at: attributes.mtime,
    }
}
