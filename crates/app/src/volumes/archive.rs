//! Tar archives from this computer: looked through before they are sent, so that none reaches out of its volume.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    path::PathBuf,
};

use backend_api::TarStream;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use model::{ErrorCode, Failure};
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;

const BLOCK: usize = 512;
/// Read at once; a multiple of a block.
const CHUNK: usize = 128 * BLOCK;
/// The longest name that a long-name entry may bring.
const LONGEST_NAME: usize = 64 * 1024;
/// The user and group that dev images give their user.
const DEV: u64 = 1000;

/// What an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) entries: u64,
    pub(super) bytes: u64,
    /// Every entry belongs to root, as in archives that Podman's API gave.
    pub(super) is_all_roots: bool,
}

/// Walks through an archive block by block.
#[derive(Default)]
struct Walk {
    found: Found,
    has_owner: bool,
    /// Bytes of the current entry's contents, padding included.
    left: u64,
    /// Contents that are a name for the next entry: what kind, and what came so far.
    held: Option<(u8, Vec<u8>)>,
    long_name: Option<String>,
    long_link: Option<String>,
    links: BTreeSet<String>,
    is_over: bool,
}

/// Looks through the file at `path`.
///
/// # Errors
/// `Invalid` names the entry that will not do; `Storage` when the file cannot be read.
pub(super) async fn check(path: PathBuf, cancel: CancellationToken) -> Result<Found, Failure> {
    let looking = tokio::task::spawn_blocking(move || {
        let cannot = |error: io::Error| {
            Failure::new(ErrorCode::Storage, format!("cannot read {}", path.display()))
                .with_hint("Check that the file is there and may be read.")
                .with_detail(error.to_string())
        };
        let mut file = std::fs::File::open(&path).map_err(cannot)?;
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
                return walk.end().map_err(|reason| refused(&path, &reason));
            }
        }
    });
    looking.await.unwrap_or_else(|_| Err(Failure::new(ErrorCode::Internal, "reading a file broke")))
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

impl Walk {
    fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        for block in bytes.chunks(BLOCK) {
            if self.is_over {
                return Ok(());
            }
            if self.left > 0 {
                self.contents(block)?;
            } else {
                self.header(block)?;
            }
        }
        Ok(())
    }

    fn end(mut self) -> Result<Found, String> {
        if self.left > 0 || (self.found.entries == 0 && !self.is_over) {
            return Err("it is no whole tar archive".into());
        }
        self.found.is_all_roots = !self.has_owner && self.found.entries > 0;
        Ok(self.found)
    }

    fn contents(&mut self, block: &[u8]) -> Result<(), String> {
        if let Some((_, held)) = &mut self.held {
            let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(block.len());
            held.extend(block.get(..wanted).unwrap_or_default());
        }
        self.left = self.left.saturating_sub(BLOCK as u64);
        if self.left == 0
            && let Some((kind, held)) = self.held.take()
        {
            self.named(kind, &held)?;
        }
        Ok(())
    }

    /// A name that was too long for the header of the entry that follows.
    fn named(&mut self, kind: u8, held: &[u8]) -> Result<(), String> {
        let text = String::from_utf8_lossy(held).into_owned();
        let whole = text.trim_end_matches('\0').to_owned();
        match kind {
            b'L' => self.long_name = Some(whole),
            b'K' => self.long_link = Some(whole),
            b'x' => {
                let value = |key: &str| pax(&text, key);
                self.long_name = value("path").or(self.long_name.take());
                self.long_link = value("linkpath").or(self.long_link.take());
                if value("uid").is_some_and(|uid| uid != "0") {
                    self.has_owner = true;
                }
                if value("size").is_some() {
                    return Err("it holds a file of more than 8 GiB".into());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn header(&mut self, block: &[u8]) -> Result<(), String> {
        if block.iter().all(|byte| *byte == 0) {
            self.is_over = true;
            return Ok(());
        }
        let header = Header::read(block).ok_or("it is no tar archive")?;
        self.left = header.size.div_ceil(BLOCK as u64) * BLOCK as u64;
        if matches!(header.kind, b'L' | b'K' | b'x' | b'g') {
            if header.size > LONGEST_NAME as u64 {
                return Err("a name in it is too long".into());
            }
            self.held = (self.left > 0).then(|| (header.kind, Vec::new()));
            return Ok(());
        }
        let name = self.long_name.take().unwrap_or(header.name);
        let link = self.long_link.take().unwrap_or(header.link);
        self.entry(header.kind, &name, &link)?;
        self.found.entries += 1;
        self.found.bytes += header.size;
        self.has_owner |= header.owner != 0;
        Ok(())
    }

    fn entry(&mut self, kind: u8, name: &str, link: &str) -> Result<(), String> {
        let path = inside(name).ok_or_else(|| format!("\"{name}\" leads out of the volume"))?;
        if let Some(through) = self.links.iter().find(|link| is_below(&path, link)) {
            return Err(format!("\"{name}\" leads through the link \"{through}\""));
        }
        match kind {
            b'0' | 0 | b'7' | b'5' => Ok(()),
            b'2' => {
                self.links.insert(path);
                Ok(())
            }
            b'1' => {
                let target =
                    inside(link).ok_or_else(|| format!("\"{name}\" links out of the volume"))?;
                if self.links.iter().any(|link| target == *link || is_below(&target, link)) {
                    return Err(format!("\"{name}\" links through another link"));
                }
                Ok(())
            }
            _ => Err(format!("\"{name}\" is neither a file, a folder nor a link")),
        }
    }
}

struct Header {
    name: String,
    link: String,
    kind: u8,
    size: u64,
    owner: u64,
}

impl Header {
    fn read(block: &[u8]) -> Option<Self> {
        let sum = octal(block.get(148..156)?)?;
        (sum == checksum(block)?).then_some(())?;
        let mut name = text(block.get(..100)?);
        let prefix = block.get(345..500).map(text).unwrap_or_default();
        let is_posix = block.get(257..263)? == b"ustar\0";
        if is_posix && !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
        Some(Self {
            name,
            link: text(block.get(157..257)?),
            kind: *block.get(156)?,
            size: octal(block.get(124..136)?)?,
            owner: octal(block.get(108..116)?)?,
        })
    }
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// Octal digits, or GNU's binary form for large numbers.
fn octal(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|byte| byte & 0x80 != 0) {
        let last = field.get(field.len().checked_sub(8)?..)?;
        return last
            .iter()
            .try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// With the checksum itself taken as spaces.
fn checksum(block: &[u8]) -> Option<u64> {
    let sum = |part: Option<&[u8]>| Some(part?.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    (block.len() == BLOCK).then_some(())?;
    Some(sum(block.get(..148))? + 8 * u64::from(b' ') + sum(block.get(156..))?)
}

/// A value of a pax record: `length key=value`, one a line.
fn pax(records: &str, key: &str) -> Option<String> {
    records.lines().find_map(|line| {
        let (_, pair) = line.split_once(' ')?;
        let (name, value) = pair.split_once('=')?;
        (name == key).then(|| value.to_owned())
    })
}

/// The path without `.`; none when it is absolute or leads up.
fn inside(name: &str) -> Option<String> {
    if name.starts_with('/') {
        return None;
    }
    let parts = name.split('/').filter(|part| !part.is_empty() && *part != ".");
    let parts: Vec<&str> = parts.collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The file's bytes; with `is_given` every entry is given to the dev user on the way.
pub(super) fn stream(path: PathBuf, is_given: bool) -> TarStream<io::Error> {
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
struct Giver {
    left: u64,
}

impl Giver {
    fn give(&mut self, bytes: &mut [u8]) {
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

#[cfg(test)]
mod tests;
