//! What is known of how workspaces are reached, kept on the disk so that `ssh` works before Moorline has
//! connected, and while it does not run.

use std::io;
use std::path::Path;

use backend_api::SshTarget;
use model::{TimestampMs, Workspace, WorkspaceId, WorkspaceRef};
use serde::{Deserialize, Serialize};

use super::theirs;

/// How often a workspace without host keys is looked at again; its SSH server may just be starting.
const MOST_TRIES: u8 = 10;

/// One workspace with a way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) workspace: WorkspaceRef,
    pub(super) name: String,
    pub(super) is_managed: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) folder: String,
    pub(super) host_keys: Vec<String>,
    /// The start of the workspace that this was read in.
    pub(super) started_at: Option<TimestampMs>,
    #[serde(skip)]
    pub(super) tries: u8,
}

impl Record {
    pub(super) fn new(workspace: WorkspaceRef, row: &Workspace, target: SshTarget) -> Self {
        Self {
            workspace,
            name: row.name.clone(),
            is_managed: row.is_managed,
            host: target.host,
            port: target.port,
            user: target.user,
            folder: target.folder,
            host_keys: target.host_keys,
            started_at: row.started_at,
            tries: 0,
        }
    }

    /// Whether its keys may still come.
    pub(super) fn is_waiting(&self) -> bool {
        self.host_keys.is_empty() && self.tries < MOST_TRIES
    }

    /// Whether what is known may have changed with this row.
    pub(super) fn is_old(&self, row: &Workspace) -> bool {
        self.started_at != row.started_at || ssh_port(row) != Some(self.port) || self.is_waiting()
    }
}

/// The server's port of a workspace's SSH server.
pub(crate) fn ssh_port(row: &Workspace) -> Option<u16> {
    let ssh = row.ports.iter().find(|port| port.label.as_deref() == Some("ssh"))?;
    ssh.server_port
}

/// All records, by workspace.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Book(pub(super) Vec<Record>);

impl Book {
    /// Reads what an earlier process kept; what makes no sense counts as nothing. Blocks on the disk.
    pub(super) fn load(file: &Path) -> Self {
        let text = theirs::read(file).unwrap_or_default();
        Self(serde_json::from_slice(&text).unwrap_or_default())
    }

    /// Keeps the records. Blocks on the disk.
    pub(super) fn save(&self, file: &Path) -> io::Result<()> {
        theirs::replace(file, &serde_json::to_vec_pretty(&self.0)?)
    }

    pub(super) fn get(&self, workspace: &WorkspaceRef) -> Option<&Record> {
        self.0.iter().find(|record| record.workspace == *workspace)
    }

    /// The records of one connection that can be verified, by name.
    pub(super) fn reachable(&self, connection: &model::ConnectionId) -> Vec<&Record> {
        let is_meant =
            |one: &&Record| one.workspace.connection_id == *connection && !one.host_keys.is_empty();
        let mut records: Vec<&Record> = self.0.iter().filter(is_meant).collect();
        records.sort_by(|a, b| (&a.name, &a.workspace).cmp(&(&b.name, &b.workspace)));
        records
    }

    /// Takes in what a server lists now: workspaces that are gone go, names follow.
    pub(super) fn listed(&mut self, connection: &model::ConnectionId, rows: &[Workspace]) {
        let row_of = |id: &WorkspaceId| rows.iter().find(|row| row.id == *id);
        self.0.retain(|record| {
            record.workspace.connection_id != *connection
                || row_of(&record.workspace.workspace_id).is_some()
        });
        for record in &mut self.0 {
            if record.workspace.connection_id == *connection
                && let Some(row) = row_of(&record.workspace.workspace_id)
            {
                record.name.clone_from(&row.name);
                record.is_managed = row.is_managed;
            }
        }
    }

    /// Puts a record in, or in the place of the older one.
    pub(super) fn put(&mut self, mut record: Record) {
        match self.0.iter_mut().find(|one| one.workspace == record.workspace) {
            None => self.0.push(record),
            Some(old) => {
                if record.host_keys.is_empty() && record.started_at == old.started_at {
                    record.tries = old.tries.saturating_add(1);
                }
                *old = record;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{ConnectionId, WorkspacePort, WorkspaceState};

    use super::*;

    fn row(id: &str, name: &str, port: u16) -> Workspace {
        Workspace {
            id: WorkspaceId::from_raw(id),
            name: name.into(),
            state: WorkspaceState::Running,
            state_remark: None,
            image: "box".into(),
            branch: None,
            owner: None,
            created_at: None,
            started_at: Some(1),
            ports: vec![WorkspacePort {
                port: 22,
                server_port: Some(port),
                label: Some("ssh".into()),
            }],
            web_ide: None,
            is_managed: true,
            origin: model::WorkspaceOrigin::Moorline,
        }
    }

    fn record(connection: &str, row: &Workspace, keys: &[&str]) -> Record {
        let workspace = WorkspaceRef {
            connection_id: ConnectionId::from_raw(connection),
            workspace_id: row.id.clone(),
        };
        let target = SshTarget {
            host: "127.0.0.1".into(),
            port: ssh_port(row).unwrap(),
            user: "dev".into(),
            folder: "/workspace".into(),
            host_keys: keys.iter().map(ToString::to_string).collect(),
        };
        Record::new(workspace, row, target)
    }

    #[test]
    fn a_list_takes_away_and_renames_only_its_own() {
        let (a, b) = (row("a", "api", 2200), row("b", "web", 2201));
        let mut book = Book(vec![record("one", &a, &["k"]), record("one", &b, &["k"])]);
        book.put(record("two", &a, &["k"]));
        book.listed(&ConnectionId::from_raw("one"), &[row("b", "front", 2201)]);
        let names: Vec<&str> = book.0.iter().map(|record| record.name.as_str()).collect();
        assert_eq!(names, ["front", "api"]);
    }

    #[test]
    fn a_new_start_or_port_or_missing_keys_are_looked_at_again() {
        let first = row("a", "api", 2200);
        let known = record("one", &first, &["k"]);
        assert!(!known.is_old(&first));
        assert!(known.is_old(&row("a", "api", 2205)));
        assert!(known.is_old(&Workspace { started_at: Some(2), ..first.clone() }));
        let mut book = Book(vec![record("one", &first, &[])]);
        for _ in 0..MOST_TRIES {
            assert!(book.0[0].is_old(&first));
            book.put(record("one", &first, &[]));
        }
        assert!(!book.0[0].is_old(&first), "it has no SSH server");
    }

    #[test]
    fn a_broken_file_is_an_empty_book() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("workspaces.json");
        std::fs::write(&file, b"[{\"workspace\": 1").unwrap();
        assert_eq!(Book::load(&file), Book::default());
        let book = Book(vec![record("one", &row("a", "api", 2200), &["k"])]);
        book.save(&file).unwrap();
        assert_eq!(Book::load(&file), book);
    }
}
