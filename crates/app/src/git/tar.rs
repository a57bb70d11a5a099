//! One tar archive for everything a workspace is given, with owners in the headers.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::inside::Guest;

/// More than this is no set of dotfiles.
const MOST_FILES: usize = 5_000;
const MOST_BYTES: u64 = 50 * 1024 * 1024;
/// Never taken along from a folder of dotfiles.
const LEFT_OUT: &[&str] = &[".git", ".DS_Store"];

/// Who owns what is put in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner<'a> {
    Root,
    Guest(&'a Guest),
}

/// An archive that is unpacked at `/`.
pub(super) struct Archive(tar::Builder<Vec<u8>>);

impl Archive {
    pub(super) fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    /// Adds a file; `path` is absolute.
    pub(super) fn file(
        &mut self,
        path: &str,
        mode: u32,
        owner: Owner<'_>,
        bytes: &[u8],
    ) -> io::Result<()> {
        let mut header = header(tar::EntryType::Regular, mode, owner);
        header.set_size(bytes.len() as u64);
        self.0.append_data(&mut header, path.trim_start_matches('/'), bytes)
    }

    pub(super) fn folder(&mut self, path: &str, mode: u32, owner: Owner<'_>) -> io::Result<()> {
        let mut header = header(tar::EntryType::Directory, mode, owner);
        header.set_size(0);
        let path = format!("{}/", path.trim_matches('/'));
        self.0.append_data(&mut header, path, io::empty())
    }

    /// Adds a folder of dotfiles to a home: files, folders and links, nothing else. Gives their number.
    pub(super) fn dotfiles(&mut self, from: &Path, guest: &Guest) -> io::Result<usize> {
        let mut waiting = vec![PathBuf::new()];
        let (mut count, mut size) = (0, 0);
        while let Some(below) = waiting.pop() {
            let mut entries: Vec<_> = fs::read_dir(from.join(&below))?.collect::<Result<_, _>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                let name = entry.file_name();
                if LEFT_OUT.iter().any(|left_out| name == *left_out) {
                    continue;
                }
                let below = below.join(&name);
                let metadata = entry.metadata()?;
                count += 1;
                size += if metadata.is_file() { metadata.len() } else { 0 };
                if count > MOST_FILES || size > MOST_BYTES {
                    return Err(io::Error::other(format!(
                        "{} holds more than dotfiles: at most {MOST_FILES} files of {} MiB together",
                        from.display(),
                        MOST_BYTES / 1024 / 1024
                    )));
                }
                self.dotfile(&entry.path(), &below, &metadata, guest)?;
                if metadata.is_dir() {
                    waiting.push(below);
                }
            }
        }
        Ok(count)
    }

    fn dotfile(
        &mut self,
        from: &Path,
        below: &Path,
        metadata: &fs::Metadata,
        guest: &Guest,
    ) -> io::Result<()> {
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let path = format!("{}/{}", guest.home, parts.join("/"));
        let owner = Owner::Guest(guest);
        if metadata.is_dir() {
            return self.folder(&path, mode_of(metadata, 0o755), owner);
        }
        if metadata.is_symlink() {
            let mut header = header(tar::EntryType::Symlink, 0o777, owner);
            header.set_size(0);
            return self.0.append_link(
                &mut header,
                path.trim_start_matches('/'),
                fs::read_link(from)?,
            );
        }
        if metadata.is_file() {
            return self.file(&path, mode_of(metadata, 0o644), owner, &fs::read(from)?);
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        self.0.into_inner()
    }
}

fn header(kind: tar::EntryType, mode: u32, owner: Owner<'_>) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    let (uid, gid) = match owner {
        Owner::Root => (0, 0),
        Owner::Guest(guest) => (guest.uid, guest.gid),
    };
    header.set_uid(uid);
    header.set_gid(gid);
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    header.set_mtime(since.map_or(0, |since| since.as_secs()));
    header
}

#[cfg(unix)]
fn mode_of(metadata: &fs::Metadata, _else: u32) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o777
}

#[cfg(not(unix))]
fn mode_of(_metadata: &fs::Metadata, usual: u32) -> u32 {
    usual
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs};

    use super::{Archive, Guest, Owner};

    #[test]
    fn owners_are_in_the_headers_and_no_history_is_taken_along() {
        let guest = Guest { name: "dev".into(), uid: 1000, gid: 1001, home: "/home/dev".into() };
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(".config/nvim")).unwrap();
        fs::create_dir_all(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".git/config"), "secret").unwrap();
        fs::write(folder.path().join(".zshrc"), "setopt\n").unwrap();
        fs::write(folder.path().join(".config/nvim/init.lua"), "--\n").unwrap();
        let mut archive = Archive::new();
        archive.file("/etc/ssh/x", 0o644, Owner::Root, b"x").unwrap();
        assert_eq!(archive.dotfiles(folder.path(), &guest).unwrap(), 4);
        let bytes = archive.finish().unwrap();
        let mut found = BTreeMap::new();
        for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
            let entry = entry.unwrap();
            let header = entry.header();
            let path = entry.path().unwrap().to_string_lossy().into_owned();
            found.insert(path, (header.uid().unwrap(), header.gid().unwrap()));
        }
        let paths: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "etc/ssh/x",
                "home/dev/.config/",
                "home/dev/.config/nvim/",
                "home/dev/.config/nvim/init.lua",
                "home/dev/.zshrc",
            ]
        );
        assert_eq!(found["etc/ssh/x"], (0, 0));
        assert_eq!(found["home/dev/.zshrc"], (1000, 1001));
    }
}
