//! What can go wrong with the database, in words for a person.
//!
//! Deliberately not here: recovery; opening decides what is put aside, callers decide what to retry.

use std::path::{Path, PathBuf};

use model::{ErrorCode, Failure};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another connection has this name already.
    #[error("the name \"{name}\" is taken by another connection")]
    NameTaken { name: String },
    /// The SSH host is still needed by a connection, or as a jump of another host.
    #[error("the SSH host is still used by {by}")]
    InUse { by: String },
    /// The thing this value points to is not stored.
    #[error("{what} cannot be stored: what it refers to is gone")]
    Dangling { what: String },
    /// The database was written by a newer Moorline. Nothing was changed.
    #[error("the database {} was made by a newer Moorline", path.display())]
    Newer { path: PathBuf },
    /// No space is left for the database.
    #[error("the disk that holds {} is full", path.display())]
    Full { path: PathBuf },
    /// The folder or the file may not be written.
    #[error("{} cannot be written", path.display())]
    Denied { path: PathBuf, detail: String },
    /// Another program held the database for too long.
    #[error("the database {} is held by another program", path.display())]
    Locked { path: PathBuf },
    /// The database turned out to be damaged while in use.
    #[error("the database {} is damaged", path.display())]
    Corrupt { path: PathBuf, detail: String },
    /// Anything else the database or the file system said.
    #[error("the database {} cannot be used", path.display())]
    Broken { path: PathBuf, detail: String },
}

impl StoreError {
    /// The next step, as a sentence.
    fn hint(&self) -> String {
        match self {
            Self::NameTaken { .. } => "Choose another name.".into(),
            Self::InUse { .. } => "Change or remove what uses it first.".into(),
            Self::Dangling { .. } => "Reload the page and try again.".into(),
            Self::Newer { .. } => {
                "Nothing was changed. Install the newest Moorline, or move this file away to start \
                 with an empty one."
                    .into()
            }
            Self::Full { .. } => {
                "Nothing that was stored is lost. Free some space, then try again.".into()
            }
            Self::Denied { path, .. } => {
                format!("Give yourself the right to write {}, then try again.", shown_folder(path))
            }
            Self::Locked { .. } => {
                "End the other Moorline or the backup program that holds it, then try again.".into()
            }
            Self::Corrupt { .. } => {
                "Quit Moorline and start it again: it puts the damaged file aside and says where."
                    .into()
            }
            Self::Broken { .. } => "Quit Moorline and start it again.".into(),
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::Denied { detail, .. }
            | Self::Corrupt { detail, .. }
            | Self::Broken { detail, .. } => Some(detail),
            Self::NameTaken { .. }
            | Self::InUse { .. }
            | Self::Dangling { .. }
            | Self::Newer { .. }
            | Self::Full { .. }
            | Self::Locked { .. } => None,
        }
    }
}

fn shown_folder(path: &Path) -> String {
    path.parent().unwrap_or(path).display().to_string()
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::NameTaken { .. } | StoreError::InUse { .. } => ErrorCode::Conflict,
            StoreError::Dangling { .. } => ErrorCode::NotFound,
            StoreError::Newer { .. }
            | StoreError::Full { .. }
            | StoreError::Denied { .. }
            | StoreError::Locked { .. }
            | StoreError::Corrupt { .. }
            | StoreError::Broken { .. } => ErrorCode::Storage,
        };
        let failure = Failure::new(code, error.to_string()).with_hint(error.hint());
        let failure = match error.detail() {
            Some(detail) => failure.with_detail(detail),
            None => failure,
        };
        if matches!(error, StoreError::NameTaken { .. }) {
            return failure.with_field("name");
        }
        failure
    }
}
