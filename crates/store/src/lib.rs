//! The database: connections, SSH hosts, tunnels, the workspace cache, favourites, labs and
//! templates, runs, log chunks, notices, settings.
//!
//! Owns: the schema, its migrations, retention, and what happens to a damaged file. Deliberately not
//! here: secrets (a `Connection` holds references only) and any rule about when something is stored.

mod adoptions;
mod connections;
mod damage;
mod error;
mod favourites;
mod folder;
mod git_links;
mod lab_collections;
mod labs;
mod logs;
mod notices;
mod open;
mod retention;
mod runs;
mod settings;
mod ssh_hosts;
mod templates;
#[cfg(test)]
mod tests;
mod tunnels;
mod workspaces;

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::{Sqlite, SqlitePool, Transaction};

pub use error::StoreError;
pub use labs::{CachedLabs, KeptLab};
pub use tunnels::{StoredTunnel, TunnelSlot};
pub use workspaces::CachedWorkspaces;

/// The open database. Clones share it. Every call either happens as a whole or not at all, also when
/// its future is dropped or the process is killed.
#[derive(Clone)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    path: Arc<PathBuf>,
}

/// A store that was opened, and what the person should know about how.
pub struct Opened {
    pub store: Store,
    /// Set when a damaged database was put aside: where it is now.
    pub notice: Option<String>,
}

impl Store {
    /// Writes what is pending and closes the files. Later calls fail.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A transaction that holds the write lock from its start, so that it cannot fail half-way for
    /// want of it.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(|error| self.failed(error))
    }

    /// What the database's own error means.
    fn failed(&self, error: sqlx::Error) -> StoreError {
        StoreError::from_sqlx(&self.path, &error)
    }
}
