//! Moorline's own SSH keys: the authority that signs the host keys of workspaces, and the key that opens
//! them. Both are files in the data folder that only their owner may read, not keychain entries: plain
//! `ssh` and `git` have to be able to use them while Moorline does not run, and whoever can read a person's
//! files can read their other SSH keys too.
//!
//! Deliberately not here: putting keys into workspaces (that is `git::access`).

mod files;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use model::{ErrorCode, Failure};
use ssh::{KeyError, OwnKey};

/// Below the data folder.
const FOLDER: &str = "ssh";
const AUTHORITY: &str = "workspace_ca";
const ACCESS: &str = "workspace_key";
const KNOWN_HOSTS: &str = "workspace_known_hosts";
/// Held while keys are read or made, so that two first runs make them once.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The keys, read or made.
pub(crate) struct OwnKeys {
    pub(crate) authority: OwnKey,
    /// The public half of the key that opens workspaces.
    pub(crate) access_line: String,
    /// The private half, for `IdentityFile`.
    pub(crate) access_path: PathBuf,
    /// A known-hosts file that trusts the authority for workspaces and for nothing else.
    pub(crate) known_hosts: PathBuf,
}

/// Where the private key is that opens workspaces, once it is made.
pub(crate) fn access_path(data_folder: &Path) -> PathBuf {
    data_folder.join(FOLDER).join(ACCESS)
}

/// The public half of the authority, where it has been made. Blocks on the disk.
pub(crate) fn authority_line(data_folder: &Path) -> Option<String> {
    let path = data_folder.join(FOLDER).join(AUTHORITY).with_extension("pub");
    std::fs::read_to_string(path).ok()
}

/// Reads the keys; makes those that are not there yet.
pub(crate) async fn own_keys(data_folder: &Path) -> Result<OwnKeys, Failure> {
    let folder = data_folder.join(FOLDER);
    let work = tokio::task::spawn_blocking(move || read_or_make(&folder));
    work.await.map_err(|error| {
        Failure::new(ErrorCode::Internal, "Moorline's own SSH keys were not read")
            .with_hint("Try again. If it stays so, restart Moorline and report what the log says.")
            .with_detail(error.to_string())
    })?
}

/// The authority may sign for workspaces and for nothing else.
fn known_hosts_line(authority: &str) -> String {
    format!("@cert-authority moorline-* {authority}")
}

fn read_or_make(folder: &Path) -> Result<OwnKeys, Failure> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    files::make_folder(folder).map_err(|error| unusable(folder, &error.to_string()))?;
    let authority = key(&folder.join(AUTHORITY), "moorline-workspace-ca")?;
    let access_path = folder.join(ACCESS);
    let access = key(&access_path, "moorline")?;
    let line = |key: &OwnKey| key.public_line().map_err(|error| no_key(folder, &error));
    let (authority_line, access_line) = (line(&authority)?, line(&access)?);
    let known_hosts = folder.join(KNOWN_HOSTS);
    let trusted = format!("{}\n", known_hosts_line(&authority_line));
    files::write_when_different(&known_hosts, &trusted)
        .map_err(|error| unusable(&known_hosts, &error.to_string()))?;
    Ok(OwnKeys { authority, access_line, access_path, known_hosts })
}

/// A private key of ours, with its public half beside it.
fn key(path: &Path, comment: &str) -> Result<OwnKey, Failure> {
    let failed = |error: std::io::Error| unusable(path, &error.to_string());
    if let Some(text) = files::read(path).map_err(failed)? {
        return OwnKey::parse(text.expose()).map_err(|error| no_key(path, &error));
    }
    let made = || -> Result<(OwnKey, model::Secret<String>, String), KeyError> {
        let key = OwnKey::generate(comment)?;
        let (private, public) = (key.private_text()?, key.public_line()?);
        Ok((key, private, public))
    };
    let (key, private, public) = made().map_err(|error| no_key(path, &error))?;
    match files::add_private(path, private.expose()) {
        Ok(()) => {}
        // Another process was faster: its key counts.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return files::read(path).map_err(failed)?.map_or_else(
                || Err(unusable(path, "it was removed again")),
                |text| OwnKey::parse(text.expose()).map_err(|error| no_key(path, &error)),
            );
        }
        Err(error) => return Err(failed(error)),
    }
    files::write_when_different(&path.with_extension("pub"), &format!("{public}\n"))
        .map_err(failed)?;
    Ok(key)
}

fn unusable(path: &Path, words: &str) -> Failure {
    Failure::new(ErrorCode::Storage, format!("{} cannot be used", path.display()))
        .with_hint("Check who may read and write it, and whether the disk is full.")
        .with_detail(words)
}

fn no_key(path: &Path, error: &KeyError) -> Failure {
    Failure::new(ErrorCode::Storage, format!("the key {} cannot be used", path.display()))
        .with_hint("Move the file away; a new key is made, and workspaces have to be set up again.")
        .with_detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::read_or_make;

    #[test]
    fn keys_are_made_once_and_only_their_owner_may_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("ssh");
        let first = read_or_make(&folder).unwrap();
        let second = read_or_make(&folder).unwrap();
        let line = first.authority.public_line().unwrap();
        assert_eq!(line, second.authority.public_line().unwrap());
        assert_eq!(first.access_line, second.access_line);
        assert_ne!(line, first.access_line);
        #[cfg(unix)]
        for (name, expected) in [("", 0o700), ("workspace_ca", 0o600), ("workspace_key", 0o600)] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, expected, "{name}");
        }
        let known = std::fs::read_to_string(&first.known_hosts).unwrap();
        assert_eq!(known, format!("@cert-authority moorline-* {line}\n"));
    }

    #[test]
    fn several_first_runs_agree_on_the_keys() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("ssh");
        let lines: Vec<(String, String)> = std::thread::scope(|scope| {
            let makers: Vec<_> =
                (0..4).map(|_| scope.spawn(|| read_or_make(&folder).unwrap())).collect();
            let made = makers.into_iter().map(|maker| maker.join().unwrap());
            made.map(|keys| (keys.authority.public_line().unwrap(), keys.access_line)).collect()
        });
        assert!(lines.iter().all(|line| *line == lines[0]), "{lines:?}");
        let public = std::fs::read_to_string(folder.join("workspace_key.pub")).unwrap();
        assert_eq!(public.trim_end(), lines[0].1);
        let count = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(count, 5, "two keys, their public halves, known hosts, and nothing half-made");
    }

    #[test]
    fn a_damaged_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("workspace_ca");
        std::fs::write(&path, "not a key").unwrap();
        let failure = read_or_make(folder.path()).err().unwrap();
        assert!(failure.message.contains("workspace_ca"), "{}", failure.message);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
    }
}
