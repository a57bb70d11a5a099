//! Which files there are, and work on them away from the tasks.

use std::{
    io,
    path::{Path, PathBuf},
};

use model::{ErrorCode, Failure};
use ssh::SshConfig;

use super::{entry::Files, theirs};
use crate::{import::DiskFiles, shared::Shared};

/// The files of ours, and the person's own config.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    pub(super) folder: PathBuf,
    pub(super) managed: PathBuf,
    pub(super) known_hosts: PathBuf,
    pub(super) book: PathBuf,
    pub(super) user_file: PathBuf,
    home: PathBuf,
    host_keys: Vec<PathBuf>,
}

impl Paths {
    pub(super) fn of(shared: &Shared) -> Self {
        let folder = shared.data_folder.join("ssh");
        let host_keys = std::iter::once(&shared.trust.own).chain(&shared.trust.user);
        Self {
            managed: folder.join("config"),
            known_hosts: folder.join("known_hosts"),
            book: folder.join("workspaces.json"),
            user_file: shared.home_folder.join(".ssh").join("config"),
            home: shared.home_folder.clone(),
            host_keys: host_keys.cloned().collect(),
            folder,
        }
    }

    /// The files as entries name them.
    pub(super) fn files(&self) -> Result<Files, Failure> {
        let host_keys: Option<Vec<String>> =
            self.host_keys.iter().map(|path| Files::quoted(path)).collect();
        let named = || -> Option<Files> {
            Some(Files {
                folder: self.folder.to_str()?.to_owned(),
                workspace_keys: Files::quoted(&self.known_hosts)?,
                host_keys: host_keys?,
                can_share: cfg!(unix),
            })
        };
        named().ok_or_else(|| self.misread())
    }

    /// The line for the person's config.
    pub(super) fn line(&self) -> Result<String, Failure> {
        theirs::line(&self.managed).ok_or_else(|| self.misread())
    }

    fn misread(&self) -> Failure {
        Failure::new(
            ErrorCode::Storage,
            format!("ssh would misread the path {}", self.folder.display()),
        )
        .with_hint("Move the data folder to a path without quotes, brackets and percent signs.")
    }

    pub(super) async fn read_user_file(&self) -> Result<Vec<u8>, Failure> {
        let file = self.user_file.clone();
        on_disk(&self.user_file, move || theirs::read(&file)).await
    }

    /// The person's own config with everything it includes, as `ssh` would read it.
    pub(super) async fn read_user_config(&self) -> Result<SshConfig, Failure> {
        let (file, home) = (self.user_file.clone(), self.home.clone());
        let work = move || {
            // One that is there and cannot be read may have any name.
            theirs::read(&file)?;
            Ok(SshConfig::read(&DiskFiles, &file, &home))
        };
        on_disk(&self.user_file, work).await
    }

    /// Whether the person's own config names ours.
    pub(super) async fn is_included(&self) -> bool {
        let Ok(line) = self.line() else { return false };
        self.read_user_file().await.is_ok_and(|text| theirs::has_line(&text, &line))
    }

    /// Whether the managed files are there.
    pub(super) fn is_written(&self) -> bool {
        self.managed.exists() && self.known_hosts.exists()
    }
}

/// Does work on a file; a failure names it.
pub(super) async fn on_disk<T: Send + 'static>(
    file: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the work on the file broke off")));
    done.map_err(|error| {
        Failure::new(ErrorCode::Storage, format!("cannot use {}: {error}", file.display()))
            .with_hint("Check that the file and its folder belong to you and can be written.")
    })
}
