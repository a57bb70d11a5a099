//! The database: connections, SSH hosts, the workspace cache, favourites, runs, log chunks, settings.
//!
//! Owns: the schema, its migrations, retention, and what happens to a damaged file. Deliberately not
//! here: secrets (a `Connection` holds references only) and any rule about when something is stored.

mod error;

use std::path::Path;

use model::{
    Connection, ConnectionId, LogLine, Run, RunId, RunStatus, Settings, SshHost, SshHostId,
    TimestampMs, Workspace, WorkspaceRef,
};

pub use error::StoreError;

/// The open database. Clones share it.
#[derive(Clone)]
pub struct Store {}

/// A store that was opened, and what the person should know about how.
pub struct Opened {
    pub store: Store,
    /// Set when a damaged database was put aside: where it is now.
    pub notice: Option<String>,
}

/// The workspaces a connection listed last.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedWorkspaces {
    pub connection_id: ConnectionId,
    /// When the server listed them.
    pub seen_at: TimestampMs,
    pub workspaces: Vec<Workspace>,
}

#[allow(unused_variables, clippy::unused_async, clippy::todo)]
impl Store {
    /// Opens the database in `folder`, makes both where they are missing. A damaged file is put aside
    /// and a fresh one made; a file of a newer version is refused and left alone.
    pub async fn open(folder: &Path) -> Result<Opened, StoreError> {
        todo!()
    }
    /// All connections, by name.
    pub async fn connections(&self) -> Result<Vec<Connection>, StoreError> {
        todo!()
    }
    /// One connection.
    pub async fn get_connection(
        &self,
        id: &ConnectionId,
    ) -> Result<Option<Connection>, StoreError> {
        todo!()
    }
    /// Stores a connection, new or changed.
    pub async fn put_connection(&self, connection: &Connection) -> Result<(), StoreError> {
        todo!()
    }
    /// Removes a connection with its cached workspaces and favourites; runs stay as history.
    pub async fn delete_connection(&self, id: &ConnectionId) -> Result<(), StoreError> {
        todo!()
    }
    /// All SSH hosts.
    pub async fn ssh_hosts(&self) -> Result<Vec<SshHost>, StoreError> {
        todo!()
    }
    /// One SSH host.
    pub async fn get_ssh_host(&self, id: &SshHostId) -> Result<Option<SshHost>, StoreError> {
        todo!()
    }
    /// Stores an SSH host, new or changed. Its jumps must be stored already.
    pub async fn put_ssh_host(&self, host: &SshHost) -> Result<(), StoreError> {
        todo!()
    }
    /// Removes an SSH host. Refused with `InUse` while a connection or another host's jumps need it.
    pub async fn delete_ssh_host(&self, id: &SshHostId) -> Result<(), StoreError> {
        todo!()
    }
    /// Replaces the cached workspaces of a connection.
    pub async fn put_workspaces(
        &self,
        connection_id: &ConnectionId,
        workspaces: &[Workspace],
        seen_at: TimestampMs,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// The cached workspaces of every connection that ever listed some.
    pub async fn cached_workspaces(&self) -> Result<Vec<CachedWorkspaces>, StoreError> {
        todo!()
    }
    /// All favourites.
    pub async fn favourites(&self) -> Result<Vec<WorkspaceRef>, StoreError> {
        todo!()
    }
    /// Makes a workspace a favourite, or no longer one.
    pub async fn set_favourite(
        &self,
        workspace: &WorkspaceRef,
        is_favourite: bool,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Stores a run, new or changed.
    pub async fn put_run(&self, run: &Run) -> Result<(), StoreError> {
        todo!()
    }
    /// One run.
    pub async fn get_run(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        todo!()
    }
    /// Runs, newest first. Every word of `search` must begin a word of the run's verb, subject,
    /// connection, steps or error; an empty search matches all.
    pub async fn runs(
        &self,
        search: &str,
        status: Option<RunStatus>,
        limit: u32,
    ) -> Result<Vec<Run>, StoreError> {
        todo!()
    }
    /// Runs stored as running: after a start, those a crash left over.
    pub async fn running_runs(&self) -> Result<Vec<Run>, StoreError> {
        todo!()
    }
    /// Appends lines to a run's log as one chunk. The run must be stored already.
    pub async fn append_log(&self, run_id: &RunId, lines: &[LogLine]) -> Result<(), StoreError> {
        todo!()
    }
    /// The chunks of a run's log with a number above `after_chunk`, in order. Numbers begin at 1.
    pub async fn read_log(
        &self,
        run_id: &RunId,
        after_chunk: u64,
    ) -> Result<Vec<(u64, Vec<LogLine>)>, StoreError> {
        todo!()
    }
    /// The stored settings; defaults where nothing is stored.
    pub async fn get_settings(&self) -> Result<Settings, StoreError> {
        todo!()
    }
    /// Stores all settings.
    pub async fn put_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        todo!()
    }
    /// Writes what is pending and closes the files. Later calls fail.
    pub async fn close(&self) {
        todo!()
    }
}
