//! What can go wrong with the database, in words for a person.
//!
//! Deliberately not here: recovery; opening decides what is put aside, callers decide what to retry.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use model::{ErrorCode, Failure};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another connection or tunnel, as `by` says, has this name already.
    #[error("the name \"{name}\" is taken by another {by}")]
    NameTaken { name: String, by: &'static str },
    /// The SSH host is still needed by a connection or a tunnel, or as a jump of another host.
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
    /// One entry makes no sense to this version; the file itself is sound.
    #[error("an entry of the database {} cannot be read", path.display())]
    Unreadable { path: PathBuf, detail: String },
    /// Anything else the database or the file system said.
    #[error("the database {} cannot be used", path.display())]
    Broken { path: PathBuf, detail: String },
}

impl StoreError {
    /// Reads what SQLite or the pool said about the file at `path`.
    pub(crate) fn from_sqlx(path: &Path, error: &sqlx::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error {
            sqlx::Error::PoolTimedOut => return Self::Locked { path },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                return Self::Unreadable { path, detail };
            }
            _ => {}
        }
        match result_code(error) {
            Some(SQLITE_FULL | SQLITE_IOERR_SHMSIZE) => Self::Full { path },
            Some(code) => match code & 0xff {
                SQLITE_BUSY | SQLITE_LOCKED => Self::Locked { path },
                SQLITE_CORRUPT | SQLITE_NOTADB => Self::Corrupt { path, detail },
                SQLITE_PERM | SQLITE_READONLY | SQLITE_CANTOPEN => Self::Denied { path, detail },
                _ => Self::Broken { path, detail },
            },
            None => Self::Broken { path, detail },
        }
    }

    /// Reads what the file system said about `path`.
    pub(crate) fn from_io(path: &Path, error: &std::io::Error) -> Self {
        let (path, detail) = (path.to_owned(), error.to_string());
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::AlreadyExists => Self::Denied { path, detail },
            _ => Self::Broken { path, detail },
        }
    }

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
            Self::Unreadable { .. } => {
                "Install the newest Moorline: it may have written the entry. Everything else is still \
                 there."
                    .into()
            }
            Self::Broken { .. } => "Quit Moorline and start it again.".into(),
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::Denied { detail, .. }
            | Self::Corrupt { detail, .. }
            | Self::Unreadable { detail, .. }
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

// https://www.sqlite.org/rescode.html
const SQLITE_PERM: u32 = 3;
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_NOTADB: u32 = 26;
/// The shared-memory file cannot grow: the disk is full.
const SQLITE_IOERR_SHMSIZE: u32 = 4874;

fn result_code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// Says that an entry which cannot be read is passed over.
pub(crate) fn left_out(what: &str, error: &dyn std::error::Error) {
    tracing::warn!(what, %error, "an entry of the database cannot be read and is left out");
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
            | StoreError::Unreadable { .. }
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
