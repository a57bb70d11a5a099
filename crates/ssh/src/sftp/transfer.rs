//! Whole files: read in pieces that are all asked for at once, written beside their place and then put into it.

use backend_api::BackendError;
use futures::{FutureExt, StreamExt, TryStreamExt};
use russh_sftp::client::error::Error;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};

use super::Sftp;

/// Pieces of one file that are on their way at once.
const PIECES: usize = 32;
/// Asked for before anything is known of a file.
const FIRST_PIECES: u64 = 2;

impl Sftp {
    /// Most files come whole with the first question after the opening.
    pub(super) async fn read_file(&self, path: &str, most: u64) -> Result<Vec<u8>, BackendError> {
        let failed = |error: Error| self.failed("read", path, &error);
        let opened = self.session.open(path, OpenFlags::READ, FileAttributes::empty()).await;
        let handle = opened.map_err(failed)?.handle;
        let read = self.read_open(&handle, most).await;
        match read {
            Ok(Some(data)) => Ok(data),
            Ok(None) => {
                let host = self.connection.host_name();
                Err(BackendError::rejected(format!("{path} on {host} is longer than {most} bytes"))
                    .with_hint("A file of that name should be smaller; look at what it is."))
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Reads and closes; none when it is longer than `most`.
    async fn read_open(&self, handle: &str, most: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut data = Vec::new();
        let mut count = FIRST_PIECES;
        let is_all = loop {
            let begin = data.len() as u64;
            let pieces = futures::stream::iter(0..count)
                .map(|number| self.piece(handle, begin + number * u64::from(self.read_piece)))
                .buffered(PIECES)
                .try_collect::<Vec<_>>()
                .await;
            let is_all = match pieces {
                Ok(pieces) => append_beginning(&mut data, &pieces, self.read_piece as usize),
                Err(error) => break Err(error),
            };
            if is_all || data.len() as u64 > most {
                break Ok(());
            }
            count = PIECES as u64;
        };
        // Sent now; nobody has to wait for the answer.
        let _ = self.session.close(handle).now_or_never();
        is_all.map(|()| (data.len() as u64 <= most).then_some(data))
    }

    /// What is at an offset; empty at the end.
    async fn piece(&self, handle: &str, offset: u64) -> Result<Vec<u8>, Error> {
        let _room = self.room_for(self.read_piece).await;
        match self.session.read(handle, offset, self.read_piece).await {
            Ok(found) => Ok(found.data),
            Err(Error::Status(status)) if status.status_code == StatusCode::Eof => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// A file is never seen half written, and keeps no piece of the one before.
    pub(super) async fn write_file(
        &self,
        path: &str,
        data: &[u8],
        mode: u32,
    ) -> Result<(), BackendError> {
        let beside = beside(path);
        let written = async {
            self.write_beside(&beside, data, mode).await?;
            self.put_in_place(&beside, path).await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                let _ = self.session.remove(beside).await;
                Err(self.failed("write", path, &error))
            }
        }
    }

    async fn write_beside(&self, path: &str, data: &[u8], mode: u32) -> Result<(), Error> {
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let attributes =
            FileAttributes { permissions: Some(mode & 0o7777), ..FileAttributes::empty() };
        let handle = self.session.open(path, flags, attributes).await?.handle;
        let piece = self.write_piece as usize;
        let pieces: Vec<_> = data
            .chunks(piece)
            .enumerate()
            .map(|(number, bytes)| self.write_piece(&handle, (number * piece) as u64, bytes))
            .collect();
        let written = futures::stream::iter(pieces).buffered(PIECES);
        let written = written.try_for_each(|_| async { Ok(()) }).await;
        let closed = self.session.close(handle.as_str()).await;
        written.and(closed.map(drop))
    }

    async fn write_piece(&self, handle: &str, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let _room = self.room_for(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).await;
        self.session.write(handle, offset, bytes.to_vec()).await.map(drop)
    }
}

/// Where a file is while it is written.
fn beside(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/.{name}.moorline-part"),
        None => format!(".{path}.moorline-part"),
    }
}

/// Appends the pieces up to the first that is not full, and says whether that is the end of the file.
fn append_beginning(data: &mut Vec<u8>, pieces: &[Vec<u8>], full: usize) -> bool {
    for piece in pieces {
        data.extend_from_slice(piece);
        match piece.len() {
            0 => return true,
            // Need not be the end: what follows is asked for again.
            length if length < full => return false,
            _ => {}
        }
    }
    false
}
