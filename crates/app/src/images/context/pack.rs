//! Writes a tar archive while it is being sent: never more of it in memory than a few pieces.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read, Write},
    time::UNIX_EPOCH,
};

use backend_api::BuildContext;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use tar::{Builder, EntryType, Header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::Folder;

const PIECE: usize = 64 * 1024;
/// Pieces that may wait to be sent.
const WAITING: usize = 16;

/// The files of a folder. Packing ends when the stream is dropped.
pub(crate) fn pack_folder(folder: Folder) -> BuildContext {
    packed(move |builder| {
        for path in &folder.entries {
            append(builder, &folder, path)
                .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
        }
        Ok(())
    })
}

/// Files given by name and text; names that end in `.sh` are programs.
pub(crate) fn pack_texts(files: Vec<(String, String)>) -> BuildContext {
    packed(move |builder| {
        for (name, text) in &files {
            let mode = if name.ends_with(".sh") { 0o755 } else { 0o644 };
            let mut header = header(EntryType::Regular, mode, 0);
            header.set_size(text.len() as u64);
            builder.append_data(&mut header, name, text.as_bytes())?;
        }
        Ok(())
    })
}

fn packed(
    write: impl FnOnce(&mut Builder<Pieces>) -> io::Result<()> + Send + 'static,
) -> BuildContext {
    let (sender, receiver) = mpsc::channel(WAITING);
    // Ends by itself when nobody receives any more.
    drop(tokio::task::spawn_blocking(move || {
        let mut builder = Builder::new(Pieces { sender: sender.clone(), held: BytesMut::new() });
        let written = write(&mut builder).and_then(|()| builder.into_inner()?.flush());
        if let Err(error) = written {
            drop(sender.blocking_send(Err(error)));
        }
    }));
    ReceiverStream::new(receiver).boxed()
}

fn append(builder: &mut Builder<Pieces>, folder: &Folder, path: &str) -> io::Result<()> {
    if path == folder.containerfile.0 {
        // As it was when the steps were shown.
        let text = folder.containerfile.1.as_bytes();
        let mut header = header(EntryType::Regular, 0o644, 0);
        header.set_size(text.len() as u64);
        return builder.append_data(&mut header, path, text);
    }
    let full = folder.root.join(path);
    let metadata = fs::symlink_metadata(&full)?;
    let mtime = mtime(&metadata);
    if metadata.is_symlink() {
        let target = fs::read_link(&full)?;
        return builder.append_link(&mut header(EntryType::Symlink, 0o777, mtime), path, target);
    }
    if metadata.is_dir() {
        let mut header = header(EntryType::Directory, mode(&metadata, 0o755), mtime);
        return builder.append_data(&mut header, format!("{path}/"), io::empty());
    }
    let mut header = header(EntryType::Regular, mode(&metadata, 0o644), mtime);
    header.set_size(metadata.len());
    let file = Whole { file: File::open(&full)?, left: metadata.len() };
    builder.append_data(&mut header, path, file)
}

fn header(kind: EntryType, mode: u32, mtime: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(mtime);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

fn mtime(metadata: &Metadata) -> u64 {
    let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    modified.map_or(0, |since| since.as_secs())
}

#[cfg(unix)]
fn mode(metadata: &Metadata, _otherwise: u32) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777
}

/// Systems without permission bits: whatever may be a program may be run.
#[cfg(not(unix))]
fn mode(_metadata: &Metadata, otherwise: u32) -> u32 {
    otherwise | 0o111
}

/// A file of exactly the length that its header says, whatever happens to it meanwhile.
struct Whole {
    file: File,
    left: u64,
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else {
            return Ok(0);
        };
        let read = self.file.read(buffer)?;
        if read == 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "it changed while it was read",
            ));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// Sends what is written in pieces; waits while nobody takes them.
struct Pieces {
    sender: mpsc::Sender<io::Result<Bytes>>,
    held: BytesMut,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.held.is_empty() {
            return Ok(());
        }
        let piece = self.held.split().freeze();
        self.sender
            .blocking_send(Ok(piece))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the archive"))
    }
}
