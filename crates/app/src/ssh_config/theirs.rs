//! The person's own SSH config: one line at its top, put there and taken away again, and nothing else.
//!
//! It has to be the top, because a line below a `Host` counts for that host only. Their file is replaced as
//! a whole and copied aside first; a link to another place stays a link.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::entry::Files;

const BACKUP: &str = "moorline-backup";

/// The line for a managed file; none when OpenSSH could misread its path.
pub(super) fn line(managed: &Path) -> Option<String> {
    let quoted = Files::quoted(managed)?;
    // The path of an Include is a pattern.
    (!quoted.contains(['*', '?', '[', ']', '%'])).then(|| format!("Include {quoted}"))
}

/// Whether the line is there, before any condition.
pub(super) fn has_line(config: &[u8], line: &str) -> bool {
    String::from_utf8_lossy(config)
        .lines()
        .take_while(|one| !is_condition(one))
        .any(|one| one.trim() == line)
}

fn is_condition(line: &str) -> bool {
    let word = line.trim_start().split([' ', '\t', '=']).next().unwrap_or_default();
    word.eq_ignore_ascii_case("host") || word.eq_ignore_ascii_case("match")
}

/// Their text with the line on top.
pub(super) fn with_line(config: &[u8], line: &str) -> Vec<u8> {
    let rest = without_line(config, line);
    let end = if rest.windows(2).any(|two| two == b"\r\n") { "\r\n" } else { "\n" };
    [line.as_bytes(), end.as_bytes(), &rest].concat()
}

/// Their text without the line, every other byte as it was.
pub(super) fn without_line(config: &[u8], line: &str) -> Vec<u8> {
    let is_other = |one: &&[u8]| String::from_utf8_lossy(one).trim() != line;
    config.split_inclusive(|byte| *byte == b'\n').filter(is_other).collect::<Vec<_>>().concat()
}

/// Where theirs is copied to before it is changed.
pub(super) fn backup_path(file: &Path) -> PathBuf {
    beside(file, BACKUP)
}

/// Reads a file; one that is not there is empty. Blocks on the disk.
///
/// # Errors
/// Whatever the disk says.
pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        other => other,
    }
}

/// Replaces their config, having copied it aside. Blocks on the disk.
///
/// # Errors
/// Whatever the disk says; theirs is then as it was.
pub(super) fn replace_theirs(file: &Path, text: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if let Some(folder) = target.parent() {
        make_private_folder(folder)?;
    }
    let old = read(&target)?;
    if !old.is_empty() {
        replace(&backup_path(file), &old)?;
    }
    let permissions = fs::metadata(&target).map(|meta| meta.permissions()).ok();
    replace_with(&target, text, permissions)
}

/// Replaces a file of ours as a whole; nobody else may read it. Blocks on the disk.
///
/// # Errors
/// Whatever the disk says; the file is then as it was.
pub(super) fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    replace_with(file, text, None)
}

fn replace_with(file: &Path, text: &[u8], permissions: Option<fs::Permissions>) -> io::Result<()> {
    let fresh = beside(file, "moorline-new");
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened: File = options.open(&fresh)?;
    opened.write_all(text)?;
    if let Some(permissions) = permissions {
        opened.set_permissions(permissions)?;
    }
    opened.sync_all()?;
    drop(opened);
    fs::rename(&fresh, file)
}

/// Makes a folder that only its owner may enter, unless it is there. Blocks on the disk.
///
/// # Errors
/// Whatever the disk says.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINE: &str = "Include \"/data/ssh/config\"";

    #[test]
    fn a_line_below_a_host_does_not_count() {
        assert!(has_line(format!("# mine\n{LINE}\nHost a\n").as_bytes(), LINE));
        let below = format!("Host a\n  User b\n{LINE}\n");
        assert!(!has_line(below.as_bytes(), LINE));
        let moved = with_line(below.as_bytes(), LINE);
        assert_eq!(moved, format!("{LINE}\nHost a\n  User b\n").into_bytes());
    }

    #[test]
    fn a_link_stays_a_link_and_the_old_text_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("dotfiles"), folder.path().join("config"));
        fs::write(&real, "Host a\n").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&real, &link).unwrap();
        #[cfg(not(unix))]
        fs::copy(&real, &link).unwrap();
        replace_theirs(&link, b"new\n").unwrap();
        assert_eq!(fs::read(&link).unwrap(), b"new\n");
        #[cfg(unix)]
        assert_eq!(fs::read(&real).unwrap(), b"new\n");
        assert_eq!(fs::read(backup_path(&link)).unwrap(), b"Host a\n");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_new_files_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".ssh/config");
        replace_theirs(&file, b"a\n").unwrap();
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        replace_theirs(&file, b"b\n").unwrap();
        assert_eq!(mode(&file), 0o644);
    }

    #[test]
    fn a_path_that_is_a_pattern_is_refused() {
        assert_eq!(line(Path::new("/data/[1]/config")), None);
        assert_eq!(line(Path::new("/a b/config")).as_deref(), Some("Include \"/a b/config\""));
    }

    proptest! {
        #[test]
        fn what_was_theirs_comes_back(text in proptest::collection::vec(any::<u8>(), 0..300)) {
            let with = with_line(&text, LINE);
            prop_assert!(has_line(&with, LINE));
            prop_assert_eq!(without_line(&with, LINE), text);
        }
    }
}
