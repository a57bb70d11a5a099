//! The archive on its way to the server; one that tells no owners is given to the dev user.

use std::io;

use backend_api::TarStream;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tokio::{fs::File, io::AsyncReadExt as _};

use super::{
    BLOCK, CHUNK,
    header::{Header, checksum},
    walk::Walk,
};

/// The user and group that dev images give their user.
const DEV: u64 = 1000;

/// The bytes of a file that was looked through; with `is_given` every entry is given to the dev user on the
/// way. They are looked through once more as they leave: a file may change after it was looked at.
pub(in super::super) fn stream(file: std::fs::File, is_given: bool) -> TarStream<io::Error> {
    let giver = is_given.then(Giver::default);
    let sending =
        Sending { file: File::from_std(file), walk: Walk::default(), giver, is_over: false };
    stream::try_unfold(sending, Sending::next).boxed()
}

struct Sending {
    file: File,
    walk: Walk,
    giver: Option<Giver>,
    is_over: bool,
}

impl Sending {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let mut chunk = self.read().await?;
        if chunk.is_empty() {
            return self.walk.end().map(|_| None).map_err(changed);
        }
        self.walk.take(&chunk).map_err(changed)?;
        if let Some(giver) = &mut self.giver {
            giver.give(&mut chunk);
        }
        Ok(Some((Bytes::from(chunk), self)))
    }

    /// Whole blocks, except at the end.
    async fn read(&mut self) -> io::Result<Vec<u8>> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let mut chunk = vec![0; CHUNK];
        let mut length = 0;
        while let Some(rest) = chunk.get_mut(length..).filter(|rest| !rest.is_empty()) {
            match self.file.read(rest).await? {
                0 => break,
                read => length += read,
            }
        }
        // What is added to the file from now on is not sent: it would not begin with a block.
        self.is_over = length < CHUNK;
        chunk.truncate(length);
        Ok(chunk)
    }
}

fn changed(reason: String) -> io::Error {
    let text = format!("the archive changed while it was sent: {reason}");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// Writes another owner into every header that passes.
#[derive(Default)]
pub(super) struct Giver {
    left: u64,
}

impl Giver {
    pub(super) fn give(&mut self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(BLOCK) {
            if self.left > 0 {
                self.left -= 1;
                continue;
            }
            let Some(header) = Header::read(block) else { continue };
            self.left = header.size.div_ceil(BLOCK as u64);
            let id = format!("{DEV:07o}\0");
            for at in [108, 116] {
                if let Some(field) = block.get_mut(at..at + 8) {
                    field.copy_from_slice(id.as_bytes());
                }
            }
            // Names come before numbers when an archive is unpacked.
            for at in [265, 297] {
                if let Some(field) = block.get_mut(at..at + 32) {
                    field.fill(0);
                }
            }
            if let (Some(sum), Some(field)) = (checksum(block), block.get_mut(148..156)) {
                field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            }
        }
    }
}
