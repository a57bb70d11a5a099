//! Reads a folder's names: which files a build is sent, and which Containerfile it follows. Blocking.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use model::{ErrorCode, Failure};

use super::ignore::Ignore;

/// Looked for in this order, as Podman does.
const IGNORE_FILES: [&str; 2] = [".containerignore", ".dockerignore"];
const CONTAINERFILES: [&str; 2] = ["Containerfile", "Dockerfile"];
/// A Containerfile that is longer was not written by a person.
const MAX_CONTAINERFILE: u64 = 1024 * 1024;
/// More entries than a person would mean to send.
const MOST: usize = 500_000;

/// What is sent of a folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    /// Paths below the root, with slashes, folders before what is in them.
    pub(crate) entries: Vec<String>,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Entries left out; a folder counts once.
    pub(crate) left_out: usize,
    pub(crate) ignore_file: Option<&'static str>,
    /// Path below the root, and text.
    pub(crate) containerfile: (String, String),
}

/// Looks through a folder.
pub(crate) fn read_folder(path: &str, containerfile: &str) -> Result<Folder, Failure> {
    let root = PathBuf::from(path.trim());
    if path.trim().is_empty() || !root.is_absolute() {
        return Err(invalid(
            "path",
            "a build needs the whole path of its folder",
            "It begins at the root, for example /home/alice/api.",
        ));
    }
    if !root.is_dir() {
        let message = format!("there is no folder {}", root.display());
        return Err(invalid("path", &message, "Choose a folder of this computer."));
    }
    let containerfile = containerfile_of(&root, containerfile.trim())?;
    let (ignore_file, ignore) = ignore_of(&root)?;
    let mut folder = Folder { root, ignore_file, containerfile, ..Folder::default() };
    let root = folder.root.clone();
    folder.walk(&root, "", &ignore).map_err(|error| unreadable(&folder.root, &error))?;
    let named = folder.containerfile.0.clone();
    if !folder.entries.contains(&named) {
        folder.bytes += folder.containerfile.1.len() as u64;
        folder.files += 1;
        folder.entries.push(named);
    }
    Ok(folder)
}

impl Folder {
    fn walk(&mut self, folder: &Path, below: &str, ignore: &Ignore) -> io::Result<()> {
        let mut found = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        found.sort_by_key(fs::DirEntry::file_name);
        for entry in found {
            let Ok(name) = entry.file_name().into_string() else {
                self.left_out += 1;
                continue;
            };
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            let metadata = fs::symlink_metadata(entry.path())?;
            let is_left_out = ignore.leaves_out(&path);
            if metadata.is_dir() && (!is_left_out || ignore.has_exceptions()) {
                let before = self.entries.len();
                if !is_left_out {
                    self.add(path.clone())?;
                }
                self.walk(&entry.path(), &path, ignore)?;
                self.left_out += usize::from(is_left_out && before == self.entries.len());
            } else if is_left_out || !(metadata.is_file() || metadata.is_symlink()) {
                self.left_out += 1;
            } else {
                self.files += 1;
                self.bytes += if metadata.is_file() { metadata.len() } else { 0 };
                self.add(path)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String) -> io::Result<()> {
        if self.entries.len() >= MOST {
            return Err(io::Error::other(format!("it holds more than {MOST} files")));
        }
        self.entries.push(path);
        Ok(())
    }
}

fn containerfile_of(root: &Path, wanted: &str) -> Result<(String, String), Failure> {
    let names: Vec<&str> = if wanted.is_empty() { CONTAINERFILES.to_vec() } else { vec![wanted] };
    let is_inside = |name: &str| {
        Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
    };
    if !names.iter().all(|name| is_inside(name)) {
        let message = format!("{wanted} is not inside the folder");
        return Err(invalid(
            "containerfile",
            &message,
            "Give its path below the folder, for example docker/Containerfile.",
        ));
    }
    let Some(name) = names.iter().find(|name| root.join(name).is_file()) else {
        let message = format!("{} has no {}", root.display(), names.join(" or "));
        return Err(invalid(
            "containerfile",
            &message,
            "Write one there, or name the file that is to be followed.",
        ));
    };
    let path = root.join(name);
    let is_long = fs::metadata(&path).is_ok_and(|found| found.len() > MAX_CONTAINERFILE);
    if is_long {
        return Err(invalid(
            "containerfile",
            &format!("{name} is longer than 1 MiB"),
            "Choose another file.",
        ));
    }
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    Ok((name.replace('\\', "/").trim_start_matches("./").to_owned(), text))
}

fn ignore_of(root: &Path) -> Result<(Option<&'static str>, Ignore), Failure> {
    let Some(name) = IGNORE_FILES.into_iter().find(|name| root.join(name).is_file()) else {
        return Ok((None, Ignore::default()));
    };
    let path = root.join(name);
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    Ok((Some(name), Ignore::parse(&text)))
}

fn invalid(field: &str, message: &str, hint: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, message).with_field(field).with_hint(hint)
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(ErrorCode::Invalid, format!("cannot read {}: {error}", path.display()))
        .with_field("path")
        .with_hint(
            "Look at its permissions, or name what the build does not need in .containerignore.",
        )
}
