//! A damaged database: found at opening, put aside whole, never deleted.
//!
//! Deliberately not here: repair. The file is kept so that a person can still look into it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::StoreError;

/// Reads every page of the database; `Corrupt` says what is wrong with the first bad one.
pub(crate) async fn look_for(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StoreError> {
    let finding: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await
        .map_err(|error| StoreError::from_sqlx(path, &error))?;
    if finding == "ok" {
        return Ok(());
    }
    Err(StoreError::Corrupt { path: path.to_owned(), detail: finding })
}

/// Renames the database and its two companions, and returns the new name.
pub(crate) fn put_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = free_name(path);
    // The companions go first: a stop in between must never leave them beside a fresh database.
    for suffix in ["-wal", "-shm"] {
        let (from, to) = (with_suffix(path, suffix), with_suffix(&aside, suffix));
        match std::fs::rename(&from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(StoreError::from_io(&from, &error)),
        }
    }
    std::fs::rename(path, &aside).map_err(|error| StoreError::from_io(path, &error))?;
    Ok(aside)
}

/// What the person reads about it.
pub(crate) fn notice(aside: &Path) -> String {
    format!(
        "The database was damaged and is kept as {}. Moorline started with an empty one: add your \
         connections again, or put back a copy from a backup.",
        aside.display()
    )
}

fn free_name(path: &Path) -> PathBuf {
    let now = OffsetDateTime::now_utc();
    let stamp = now
        .format(format_description!("[year][month][day]T[hour][minute][second]Z"))
        .unwrap_or_else(|_| now.unix_timestamp().to_string());
    let mut name = with_suffix(path, &format!(".broken-{stamp}"));
    let mut number = 2;
    while name.exists() {
        name = with_suffix(path, &format!(".broken-{stamp}-{number}"));
        number += 1;
    }
    name
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
