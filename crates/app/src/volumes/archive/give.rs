//! The archive on its way to the server; one that tells no owners is given to the dev user.

use std::{io, path::PathBuf};

use backend_api::TarStream;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tokio::io::AsyncReadExt as _;

use super::{
    BLOCK, CHUNK,
    header::{Header, checksum},
};

/// The user and group that dev images give their user.
const DEV: u64 = 1000;

/// The file's bytes; with `is_given` every entry is given to the dev user on the way.
pub(in super::super) fn stream(path: PathBuf, is_given: bool) -> TarStream<io::Error> {
    let opened = stream::once(async move {
        let file = tokio::fs::File::open(path).await?;
        Ok::<_, io::Error>(stream::try_unfold((file, Giver::default()), move |state| {
            next(state, is_given)
        }))
    });
    opened
        .flat_map(|opened| match opened {
            Ok(chunks) => chunks.boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        })
        .boxed()
}

type Reading = (tokio::fs::File, Giver);

async fn next(
    (mut file, mut giver): Reading,
    is_given: bool,
) -> io::Result<Option<(Bytes, Reading)>> {
    let mut chunk = vec![0; CHUNK];
    let mut length = 0;
    while let Some(rest) = chunk.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest).await? {
            0 => break,
            read => length += read,
        }
    }
    if length == 0 {
        return Ok(None);
    }
    chunk.truncate(length);
    if is_given {
        giver.give(&mut chunk);
    }
    Ok(Some((Bytes::from(chunk), (file, giver))))
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
