//! Walking through an archive block by block: every name and link has to stay inside the volume.

use std::collections::BTreeSet;

use super::{
    BLOCK,
    header::{Header, text},
    records::records,
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

/// Contents that describe the next entry, as far as they came.
struct Held {
    kind: u8,
    length: usize,
    bytes: Vec<u8>,
}

/// Walks through an archive block by block.
#[derive(Default)]
pub(super) struct Walk {
    found: Found,
    has_owner: bool,
    /// Bytes of the current entry's contents, padding included.
    left: u64,
    /// Contents that describe the next entry.
    held: Option<Held>,
    long_name: Option<String>,
    long_link: Option<String>,
    is_described: bool,
    links: BTreeSet<String>,
    is_over: bool,
}

impl Walk {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        for block in bytes.chunks(BLOCK) {
            if self.is_over {
                // Some readers go on behind the end.
                if block.iter().any(|byte| *byte != 0) {
                    return Err("something follows its end".into());
                }
            } else if self.left > 0 {
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
        if self.is_described || self.long_name.is_some() || self.long_link.is_some() {
            return Err("a description in it belongs to no entry".into());
        }
        self.found.is_all_roots = !self.has_owner && self.found.entries > 0;
        Ok(self.found)
    }

    fn contents(&mut self, block: &[u8]) -> Result<(), String> {
        if let Some(held) = &mut self.held {
            held.bytes.extend(block);
        }
        self.left = self.left.saturating_sub(BLOCK as u64);
        if self.left == 0
            && let Some(mut held) = self.held.take()
        {
            held.bytes.truncate(held.length);
            self.described(held.kind, &held.bytes)?;
        }
        Ok(())
    }

    /// What did not fit into the header of the entry that follows, or of all that follow.
    fn described(&mut self, kind: u8, bytes: &[u8]) -> Result<(), String> {
        match kind {
            b'L' => return give(&mut self.long_name, text(bytes)),
            b'K' => return give(&mut self.long_link, text(bytes)),
            _ => {}
        }
        let said = records(bytes)?;
        if said.contains_key("size") || said.contains_key("SCHILY.realsize") {
            return Err("it holds a file of more than 8 GiB".into());
        }
        self.has_owner |= said.get("uid").is_some_and(|uid| *uid != b"0");
        for (key, place) in [("path", &mut self.long_name), ("linkpath", &mut self.long_link)] {
            let Some(value) = said.get(key) else { continue };
            if kind == b'g' {
                return Err("it gives several entries one name".into());
            }
            if value.contains(&0) {
                return Err("a name in it holds a zero byte".into());
            }
            give(place, String::from_utf8_lossy(value).into_owned())?;
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
            return self.describing(&header);
        }
        self.is_described = false;
        let name = self.long_name.take().unwrap_or(header.name);
        let link = self.long_link.take().unwrap_or(header.link);
        // Of anything else some readers skip the contents, and others read them as entries.
        let may_have_contents = matches!(header.kind, b'0' | 0 | b'7') && !name.ends_with('/');
        if header.size > 0 && !may_have_contents {
            return Err(format!("\"{name}\" has contents and is no file"));
        }
        self.entry(header.kind, &name, &link)?;
        self.found.entries += 1;
        self.found.bytes = self.found.bytes.saturating_add(header.size);
        self.has_owner |= header.owner != 0;
        Ok(())
    }

    fn describing(&mut self, header: &Header) -> Result<(), String> {
        if !header.is_known {
            return Err("it is no tar archive".into());
        }
        if header.size > LONGEST_NAME as u64 {
            return Err("a name in it is too long".into());
        }
        if header.size == 0 {
            return Err("a description in it is empty".into());
        }
        let is_second = match header.kind {
            b'x' => std::mem::replace(&mut self.is_described, true),
            b'g' => self.is_described || self.long_name.is_some() || self.long_link.is_some(),
            _ => false,
        };
        if is_second {
            return Err("it describes one entry twice".into());
        }
        let length = usize::try_from(header.size).unwrap_or(LONGEST_NAME);
        self.held = Some(Held { kind: header.kind, length, bytes: Vec::new() });
        Ok(())
    }

    fn entry(&mut self, kind: u8, name: &str, link: &str) -> Result<(), String> {
        let path = inside(name).ok_or_else(|| format!("\"{name}\" leads out of the volume"))?;
        if path.is_empty() && kind != b'5' {
            return Err(format!("\"{name}\" stands in the place of the volume"));
        }
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

/// Gives the next entry a name; readers differ about which of two counts.
fn give(place: &mut Option<String>, name: String) -> Result<(), String> {
    if name.is_empty() {
        return Err("a name in it is empty".into());
    }
    match place.replace(name) {
        None => Ok(()),
        Some(_) => Err("it describes one entry twice".into()),
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
