//! Walking through an archive block by block: every name and link has to stay inside the volume.

use std::collections::BTreeSet;

use super::{
    BLOCK,
    header::{Header, pax},
};

/// The longest name that a long-name entry may bring.
const LONGEST_NAME: usize = 64 * 1024;

/// What an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Found {
    pub(in super::super) entries: u64,
    pub(in super::super) bytes: u64,
    /// Every entry belongs to root, as in archives that Podman's API gave.
    pub(in super::super) is_all_roots: bool,
}

/// Walks through an archive block by block.
#[derive(Default)]
pub(super) struct Walk {
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

impl Walk {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
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

    pub(super) fn end(mut self) -> Result<Found, String> {
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
