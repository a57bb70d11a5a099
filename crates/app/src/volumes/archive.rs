//! Tar archives from this computer: looked through before they are sent, so that none reaches out of its volume.

mod give;
mod header;
mod records;
mod walk;

use std::{
    fs::File,
    io::{self, Read, Seek as _},
    path::PathBuf,
};

use model::{ErrorCode, Failure};
use tokio_util::sync::CancellationToken;

pub(super) use give::stream;
pub(super) use walk::Found;
use walk::Walk;

const BLOCK: usize = 512;
/// Read at once; a multiple of a block.
const CHUNK: usize = 128 * BLOCK;

/// Looks through the file at `path`. Gives it back at its beginning, still open: what is sent is never a
/// file that took its place.
///
/// # Errors
/// `Invalid` names the entry that will not do; `Storage` when the file cannot be read.
pub(super) async fn check(
    path: PathBuf,
    cancel: CancellationToken,
) -> Result<(Found, File), Failure> {
    let looking = tokio::task::spawn_blocking(move || {
        let cannot = |error: io::Error| {
            Failure::new(ErrorCode::Storage, format!("cannot read {}", path.display()))
                .with_hint("Check that the file is there and may be read.")
                .with_detail(error.to_string())
        };
        let mut file = File::open(&path).map_err(cannot)?;
        let mut walk = Walk::default();
        let mut chunk = vec![0; CHUNK];
        loop {
            let length = fill(&mut file, &mut chunk).map_err(cannot)?;
            if cancel.is_cancelled() {
                return Err(Failure::new(ErrorCode::Cancelled, "cancelled"));
            }
            let read = chunk.get(..length).unwrap_or_default();
            walk.take(read).map_err(|reason| refused(&path, &reason))?;
            if length < CHUNK {
                let found = walk.end().map_err(|reason| refused(&path, &reason))?;
                file.rewind().map_err(cannot)?;
                return Ok((found, file));
            }
        }
    });
    looking.await.unwrap_or_else(|error| {
        Err(Failure::new(ErrorCode::Internal, "the archive was not looked through")
            .with_hint("Try again. If it stays so, report what the log says.")
            .with_detail(error.to_string()))
    })
}

fn refused(path: &std::path::Path, reason: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("{} is not imported: {reason}", path.display()))
        .with_hint("Nothing was changed. Make the archive again with tar, from inside the folder.")
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests;
