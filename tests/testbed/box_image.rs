//! The smallest images that show what a workspace does: one static busybox and a program.
//!
//! Owns: their files, packed with the owners they have in a container, which needs no rights here.

use std::{
    fs,
    io::{Cursor, Write},
    path::Path,
};

use anyhow::{Context, Result};
use tar::{Builder, EntryType, Header};

/// An image of one static busybox: prints two lines, echoes on port 3000, serves a page on 8080, has a user
/// dev (uid 1000), and ends when it is asked to.
pub const BOX_IMAGE: &str = "localhost/box:1";
/// The same, but its program prints one line and ends with exit code 3.
pub const BROKEN_IMAGE: &str = "localhost/broken:1";

/// Both images, with the settings that `podman import` gives them.
pub(crate) const IMAGES: [(&str, &[&str]); 2] = [
    (BOX_IMAGE, &["CMD [\"/bin/box\"]", "ENV PATH=/bin", "LABEL moorline.ide.port=8080"]),
    (
        BROKEN_IMAGE,
        &["CMD [\"/bin/sh\", \"-c\", \"echo cannot go on >&2; exit 3\"]", "ENV PATH=/bin"],
    ),
];

const BOX_PROGRAM: &str = "#!/bin/sh
echo 'box is up'
echo 'a word to stderr' >&2
nc -ll -p 3000 -e cat &
httpd -p 8080 -h /www
trap 'exit 0' TERM
while :; do sleep 3600 & wait $!; done
";
const APPLETS: &[&str] = &[
    "sh", "cat", "echo", "sleep", "nc", "httpd", "stty", "ls", "id", "tail", "head", "printf",
    "seq", "kill", "date", "true", "false", "mkdir", "pwd", "env", "ps", "tr", "yes", "rm",
    "touch", "test",
];
const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\ndev:x:1000:1000:dev:/home/dev:/bin/sh\n";
const GROUP: &str = "root:x:0:\ndev:x:1000:\n";
const DEV: u64 = 1000;

/// Writes the root file system of both images.
///
/// # Errors
/// When busybox-static is not installed, or the file cannot be written.
pub(crate) fn write(tar: &Path) -> Result<()> {
    let busybox = ["/bin/busybox", "/usr/bin/busybox"].iter().map(Path::new).find(|p| p.exists());
    let busybox = fs::read(busybox.context("install busybox-static")?)?;
    let mut image = Image(Builder::new(fs::File::create(tar)?));
    for (folder, mode, owner) in [
        ("bin", 0o755, 0),
        ("etc", 0o755, 0),
        ("tmp", 0o1777, 0),
        ("root", 0o700, 0),
        ("www", 0o755, 0),
        ("home", 0o755, 0),
        ("home/dev", 0o755, DEV),
        ("workspace", 0o755, DEV),
    ] {
        image.folder(folder, mode, owner)?;
    }
    image.file("bin/busybox", 0o755, &busybox)?;
    for applet in APPLETS {
        image.link(&format!("bin/{applet}"), "busybox")?;
    }
    image.file("bin/box", 0o755, BOX_PROGRAM.as_bytes())?;
    image.file("www/index.html", 0o644, b"<h1>box</h1>\n")?;
    image.file("etc/passwd", 0o644, PASSWD.as_bytes())?;
    image.file("etc/group", 0o644, GROUP.as_bytes())?;
    image.0.into_inner()?.flush()?;
    Ok(())
}

struct Image(Builder<fs::File>);

impl Image {
    fn folder(&mut self, path: &str, mode: u32, owner: u64) -> Result<()> {
        let mut header = header(EntryType::Directory, mode, owner, 0);
        Ok(self.0.append_data(&mut header, path, Cursor::new([]))?)
    }

    fn file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> Result<()> {
        let mut header = header(EntryType::Regular, mode, 0, bytes.len() as u64);
        Ok(self.0.append_data(&mut header, path, Cursor::new(bytes))?)
    }

    fn link(&mut self, path: &str, target: &str) -> Result<()> {
        let mut header = header(EntryType::Symlink, 0o777, 0, 0);
        Ok(self.0.append_link(&mut header, path, target)?)
    }
}

fn header(kind: EntryType, mode: u32, owner: u64, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(owner);
    header.set_gid(owner);
    header.set_size(size);
    header.set_mtime(0);
    header
}
