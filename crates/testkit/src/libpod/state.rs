//! What the server holds, and waiting for it to change.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::watch;

use super::{BOX_IMAGE, BOX_LINE, ECHO_PORT};

/// The state, and a counter of its changes.
#[derive(Default)]
pub(super) struct Server {
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

impl Server {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.state());
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
        changed
    }

    /// Waits until `look` finds something.
    pub(super) async fn until<T>(&self, mut look: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut changes = self.changes.subscribe();
        loop {
            let found = look(&mut self.state());
            if let Some(found) = found {
                return found;
            }
            let _ = changes.changed().await;
        }
    }
}

#[derive(Default)]
pub(super) struct State {
    pub(super) containers: Vec<Container>,
    /// What each volume holds, by path below it.
    pub(super) volumes: BTreeMap<String, BTreeMap<String, StoredFile>>,
    /// Names that the image was given beside its own.
    pub(super) image_names: Vec<String>,
    pub(super) sessions: Vec<ExecSession>,
    /// Second and line.
    pub(super) events: Vec<(i64, String)>,
    ids: u64,
}

pub(super) struct Container {
    pub(super) id: String,
    pub(super) name: String,
    /// The body of its create.
    pub(super) spec: Value,
    pub(super) created: OffsetDateTime,
    pub(super) started: Option<OffsetDateTime>,
    /// `created`, `running` or `exited`.
    pub(super) status: &'static str,
    /// Frames as the log sends them.
    pub(super) log: Vec<Vec<u8>>,
    pub(super) cpu_nano: u64,
    /// What was put into it, by absolute path.
    pub(super) files: BTreeMap<String, StoredFile>,
}

#[derive(Clone)]
pub(super) struct StoredFile {
    pub(super) contents: Vec<u8>,
    pub(super) mode: u32,
    pub(super) uid: u64,
    pub(super) gid: u64,
}

pub(super) struct ExecSession {
    pub(super) id: String,
    pub(super) container: String,
    pub(super) command: Vec<String>,
    pub(super) user: String,
    pub(super) has_terminal: bool,
    pub(super) has_input: bool,
    pub(super) pid: u64,
    pub(super) rows: u64,
    pub(super) columns: u64,
    pub(super) is_running: bool,
    pub(super) exit_code: i32,
}

impl State {
    pub(super) fn new_id(&mut self) -> (String, u64) {
        self.ids += 1;
        (format!("{:064x}", self.ids), self.ids)
    }

    /// By id or name.
    pub(super) fn container(&mut self, id: &str) -> Option<&mut Container> {
        self.containers.iter_mut().find(|one| one.id == id || one.name == id)
    }

    pub(super) fn session(&mut self, id: &str) -> Option<&mut ExecSession> {
        self.sessions.iter_mut().find(|one| one.id == id)
    }

    pub(super) fn echoes_on(&self, server_port: u16) -> bool {
        let mut running = self.containers.iter().filter(|one| one.is_running());
        running.any(|one| {
            one.ports().iter().any(|port| {
                *field(port, "/host_port") == server_port
                    && *field(port, "/container_port") == ECHO_PORT
            })
        })
    }

    pub(super) fn tell(&mut self, id: &str, action: &str) {
        let now = OffsetDateTime::now_utc();
        let line = json!({
            "status": action, "id": id, "from": BOX_IMAGE, "Type": "container", "Action": action,
            "Actor": { "ID": id, "Attributes": { "image": BOX_IMAGE } },
            "scope": "local", "time": now.unix_timestamp(),
        });
        self.events.push((now.unix_timestamp(), format!("{line}\n")));
    }

    /// Starts or stops a container; false when it is so already.
    pub(super) fn set_running(&mut self, id: &str, is_running: bool) -> Option<bool> {
        let container = self.container(id)?;
        if container.is_running() == is_running {
            return Some(false);
        }
        let id = container.id.clone();
        if is_running {
            container.start();
        } else {
            container.status = "exited";
        }
        for action in if is_running { ["init", "start"] } else { ["died", "cleanup"] } {
            self.tell(&id, action);
        }
        Some(true)
    }
}

impl Container {
    pub(super) fn is_running(&self) -> bool {
        self.status == "running"
    }

    pub(super) fn ports(&self) -> &[Value] {
        field(&self.spec, "/portmappings").as_array().map_or(&[], Vec::as_slice)
    }

    fn start(&mut self) {
        let now = OffsetDateTime::now_utc();
        self.started = Some(now);
        self.status = "running";
        let line = format!("{} {BOX_LINE}\n", stamp(now.replace_nanosecond(0).unwrap_or(now)));
        let mut frame = vec![1, 0, 0, 0];
        frame.extend(u32::try_from(line.len()).unwrap_or_default().to_be_bytes());
        frame.extend(line.into_bytes());
        self.log.push(frame);
    }
}

/// What is at a JSON pointer; null when nothing is.
pub(super) fn field<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

pub(super) fn stamp(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}
