//! Moorline's own known-hosts file: the only one that is ever written, and only as a whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use model::HostAddress;
use russh::keys::PublicKey;
use russh::keys::ssh_key::known_hosts::HostPatterns;

use super::{files, pattern};
use crate::TrustFiles;

/// Adds a host's key. Blocks on the disk.
///
/// # Errors
/// Whatever the disk says, or that the host's name would mean other hosts too; the file is then as it was.
pub(crate) fn remember(file: &Path, address: &HostAddress, key: &PublicKey) -> io::Result<()> {
    check_name(address)?;
    rewrite(file, |text| with_line(text, address, key))
}

/// Puts a host's key in the place of what this file knew of the host. Blocks on the disk.
///
/// # Errors
/// As `remember`.
pub(crate) fn replace(file: &Path, address: &HostAddress, key: &PublicKey) -> io::Result<()> {
    check_name(address)?;
    let name = pattern::written_name(address);
    rewrite(file, |text| {
        let kept: Vec<&str> = text.lines().filter(|line| !is_about_only(line, &name)).collect();
        with_line(&kept.join("\n"), address, key)
    })
}

/// The keys of the plain lines that Moorline's own file has for this very host. Blocks on the disk.
pub(super) fn plain_keys(files: &TrustFiles, address: &HostAddress) -> Vec<PublicKey> {
    let own = TrustFiles { user: Vec::new(), global: Vec::new(), own: files.own.clone() };
    let name = pattern::written_name(address);
    let lines = files::lines_about(&own, &name).into_iter();
    lines
        .filter(|line| line.marker.is_none() && names_only(&line.patterns, &name))
        .map(|line| line.key)
        .collect()
}

/// Adds and removes keys of a host that still has a plain line of its own. Blocks on the disk.
///
/// # Errors
/// As `remember`.
pub(super) fn change(
    file: &Path,
    address: &HostAddress,
    add: &[PublicKey],
    remove: &[PublicKey],
) -> io::Result<()> {
    check_name(address)?;
    let name = pattern::written_name(address);
    let key_of = |line: &str| {
        is_about_only(line, &name).then(|| files::parse_line(line))?.map(|e| e.public_key().clone())
    };
    let is_among = |keys: &[PublicKey], key: &PublicKey| {
        keys.iter().any(|other| other.key_data() == key.key_data())
    };
    rewrite(file, |text| {
        let known: Vec<PublicKey> = text.lines().filter_map(key_of).collect();
        if !known.iter().any(|key| !is_among(remove, key) && !is_among(add, key)) {
            return Ok(text.to_owned());
        }
        let goes = |line: &str| key_of(line).is_some_and(|key| is_among(remove, &key));
        let kept: String = text.split_inclusive('\n').filter(|line| !goes(line)).collect();
        let mut new = add.iter().filter(|key| !is_among(&known, key));
        new.try_fold(kept, |text, key| with_line(&text, address, key))
    })
}

/// A line is for one host: what would be read as a pattern, a list, a hash or a marker is refused.
fn check_name(address: &HostAddress) -> io::Result<()> {
    let host = &address.host;
    let is_more = |c: char| c.is_whitespace() || c.is_control() || ",*?!|".contains(c);
    if host.is_empty() || host.starts_with(['#', '@']) || host.contains(is_more) {
        let words = format!("\"{host}\" cannot stand in a known-hosts file; change the address");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    Ok(())
}

/// A plain line for this very host. Wildcards and markers say something about other hosts too.
fn is_about_only(line: &str, name: &str) -> bool {
    let Some(entry) = files::parse_line(line) else { return false };
    entry.marker().is_none() && names_only(entry.host_patterns(), name)
}

fn names_only(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::Patterns(list) => list.iter().all(|host| host.to_lowercase() == name),
        hashed @ HostPatterns::HashedName { .. } => pattern::covers(hashed, name),
    }
}

fn with_line(text: &str, address: &HostAddress, key: &PublicKey) -> io::Result<String> {
    let key = PublicKey::from(key.key_data().clone());
    let key = key.to_openssh().map_err(io::Error::other)?;
    let separator = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    Ok(format!("{text}{separator}{} {}\n", pattern::written_name(address), key.trim_end()))
}

/// Reads, changes and replaces the file while holding a lock, so that no two writers lose each other's
/// lines and no reader ever sees half a file.
fn rewrite(file: &Path, change: impl FnOnce(&str) -> io::Result<String>) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    // Windows locks no file that was opened for appending alone.
    let lock =
        OpenOptions::new().create(true).read(true).append(true).open(beside(file, "lock"))?;
    lock.lock()?;
    let text = match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let fresh = beside(file, "new");
    write_private(&fresh, &change(&text)?)?;
    fs::rename(&fresh, file)
}

fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened: File = options.open(file)?;
    opened.write_all(text.as_bytes())?;
    opened.sync_all()
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    file.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::HostAddress;
    use proptest::prelude::*;
    use russh::keys::PublicKey;

    use super::{files, pattern, remember, replace};

    const OLD: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio";
    const NEW: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILagOJFgwaMNhBWQINinKOXmqS4Gh5NgxgriXwdOoINJ";

    fn key(text: &str) -> PublicKey {
        text.parse().unwrap()
    }

    #[test]
    fn replacing_leaves_everything_else_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/known_hosts");
        let host = HostAddress { host: "Forge-1".into(), port: 2222 };
        remember(&file, &host, &key(OLD)).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text, format!("[forge-1]:2222 {OLD}\n"));
        let others = format!("# mine\n*.lab {OLD}\n@revoked [forge-1]:2222 {OLD}\n");
        fs::write(&file, format!("{others}{text}")).unwrap();
        replace(&file, &host, &key(NEW)).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text, format!("{others}[forge-1]:2222 {NEW}\n"));
    }

    proptest! {
        /// Whatever a host is called: the line trusts the key for that name alone, or is not written.
        #[test]
        fn a_line_is_for_one_host(
            host in "(fe80::1%)?[a-z0-9:.%,*?!|#@ \n-]{1,12}",
            port in prop_oneof![Just(22_u16), Just(2222)],
        ) {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("known_hosts");
            let address = HostAddress { host, port };
            for keep in [remember, replace] {
                if keep(&file, &address, &key(OLD)).is_err() {
                    prop_assert!(!file.exists());
                    continue;
                }
                let text = fs::read_to_string(&file).unwrap();
                let lines = files::parse(&file, &text);
                prop_assert_eq!(lines.len(), text.lines().count());
                for line in &lines {
                    prop_assert!(pattern::covers(&line.patterns, &pattern::written_name(&address)));
                    prop_assert!(!pattern::covers(&line.patterns, "elsewhere"));
                    prop_assert!(!pattern::covers(&line.patterns, "[elsewhere]:2222"));
                }
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        remember(&file, &HostAddress { host: "a".into(), port: 22 }, &key(OLD)).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
