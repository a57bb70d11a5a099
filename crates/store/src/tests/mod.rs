//! The store over real files: what is kept, what is refused, what damage does.
//!
//! Deliberately not here: anything that needs the rest of the app.

mod crash;
mod damage;
mod kept;
mod logs;
mod notices;
mod runs;
mod tunnels;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{
    Connection, ConnectionId, HostAddress, Kind, LogLine, LogStream, Run, RunId, RunStatus,
    RunSubject, SecretRef, SshAuth, SshHost, SshHostId,
};

use crate::Store;

/// Opens a store in which nothing was damaged.
async fn open(folder: &Path) -> Store {
    let opened = Store::open(folder).await.unwrap();
    assert_eq!(opened.notice, None);
    opened.store
}

fn database(folder: &Path) -> PathBuf {
    folder.join("moorline.db")
}

fn connection(name: &str) -> Connection {
    Connection {
        id: ConnectionId::generate(),
        kind: Kind::new("podman"),
        name: name.into(),
        fields: BTreeMap::from([("socket".into(), "/run/podman ü.sock".into())]),
        secrets: BTreeMap::from([("token".into(), SecretRef::from_raw("token-1"))]),
        ssh_host_id: None,
        connect_at_start: true,
        created_at: 1_700_000_000_000,
    }
}

fn ssh_host(jumps: &[&SshHost]) -> SshHost {
    SshHost {
        id: SshHostId::generate(),
        addresses: vec![HostAddress { host: "fd00::1".into(), port: 2222 }],
        user: "dev".into(),
        auth: vec![
            SshAuth::Agent { socket: None },
            SshAuth::Password { secret: Some(SecretRef::from_raw("password-1")) },
        ],
        jumps: jumps.iter().map(|jump| jump.id.clone()).collect(),
    }
}

fn run(name: &str, status: RunStatus, started_at: i64) -> Run {
    Run {
        id: RunId::generate(),
        verb: "create".into(),
        subject: RunSubject {
            connection_id: ConnectionId::from_raw("c"),
            connection_name: "forge".into(),
            name: name.into(),
            workspace_id: None,
            lab_id: None,
        },
        status,
        started_at,
        ended_at: None,
        steps: Vec::new(),
        error: None,
        input: BTreeMap::from([("image".into(), "localhost/dev".into())]),
        cancel_means: None,
        leftover: None,
        log_lines: 0,
    }
}

fn line(text: impl Into<String>) -> LogLine {
    LogLine { at: Some(1), stream: LogStream::Stdout, text: text.into() }
}
