//! What the server remembers: logins, files, what is busy, terminals, and what goes wrong next.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde_json::Value;

use super::engine::{Container, LabEngine, Order, Shell};
use super::{CLAB_ADMIN, CLAB_USER, Generation, OTHER_USER};

/// One thing that goes wrong once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quirk {
    /// The lab is busy: 409 with `Retry-After` of so many seconds.
    Busy(u32),
    /// A stream ends with neither "done" nor "error"; the operation was carried out.
    NoEnd,
    /// A stream ends with neither; nothing was done.
    NothingDone,
    /// A stream of status 200 ends with this error; nothing was done.
    ErrorLine(String),
    /// The ten minutes are over: a stream of status 200 that ends with that error, half of it done.
    TenMinutes,
    /// A line of somebody else's operation appears in the stream.
    ForeignLine(String),
    /// The program and the server do not fit: 500 for what asks about a lab.
    DoesNotFit,
    /// A destroy says "done", and the containers are there.
    KeepsContainers,
    /// Not even the head of an answer comes; the work of a stream goes on.
    NoHead,
}

pub(super) struct Session {
    pub(super) owner: String,
    pub(super) container: String,
    /// Taken when it is attached.
    pub(super) shell: Option<Shell>,
    pub(super) is_over: bool,
}

#[derive(Default)]
pub(super) struct State {
    /// User by token.
    pub(super) logins: BTreeMap<String, String>,
    pub(super) issued: u32,
    pub(super) quirks: VecDeque<Quirk>,
    pub(super) requests: Vec<String>,
    /// By user and path; none is a folder.
    pub(super) workspace: BTreeMap<(String, String), Option<Bytes>>,
    /// Files of it that were written later than all others.
    pub(super) edited: BTreeSet<(String, String)>,
    /// Operation by lab.
    pub(super) busy: BTreeMap<String, String>,
    pub(super) sessions: BTreeMap<String, Session>,
    /// By container and interface.
    pub(super) netem: BTreeMap<(String, String), Value>,
    /// Labs whose owner was lost by a redeploy of the old server.
    pub(super) orphans: Vec<String>,
    pub(super) has_netem: bool,
    pub(super) has_capture: bool,
}

impl State {
    /// Takes the next quirk when it is one of these.
    pub(super) fn quirk(&mut self, fits: impl Fn(&Quirk) -> bool) -> Option<Quirk> {
        let at = self.quirks.iter().position(fits)?;
        self.quirks.remove(at)
    }

    pub(super) fn files(&self, user: &str) -> BTreeMap<String, Bytes> {
        let own = self.workspace.iter().filter(|((owner, _), _)| owner == user);
        own.filter_map(|((_, path), file)| Some((path.clone(), file.clone()?))).collect()
    }

    /// The files of a lab's folder, relative to it.
    pub(super) fn folder(&self, user: &str, lab: &str) -> BTreeMap<String, Bytes> {
        let prefix = format!("{lab}/");
        let files = self.files(user).into_iter();
        files
            .filter_map(|(path, file)| Some((path.strip_prefix(&prefix)?.to_owned(), file)))
            .collect()
    }

    /// Puts a file there with the folders above it.
    pub(super) fn put(&mut self, user: &str, path: &str, file: Bytes) {
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..at).unwrap_or_default().to_owned();
            self.workspace.entry((user.to_owned(), folder)).or_insert(None);
        }
        self.workspace.insert((user.to_owned(), path.to_owned()), Some(file));
    }
}

pub(super) struct Server {
    pub(super) generation: Generation,
    pub(super) engine: Arc<dyn LabEngine>,
    pub(super) address: SocketAddr,
    state: Mutex<State>,
}

impl Server {
    pub(super) fn new(
        generation: Generation,
        engine: Arc<dyn LabEngine>,
        address: SocketAddr,
    ) -> Self {
        let state = State { has_netem: true, has_capture: true, ..State::default() };
        Self { generation, engine, address, state: Mutex::new(state) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn forget_logins(&self) {
        self.state().logins.clear();
    }

    pub(super) fn is_modern(&self) -> bool {
        self.generation == Generation::Modern
    }

    /// A token for a good login.
    pub(super) fn login(&self, user: &str, password: &str) -> Option<String> {
        let is_known = [CLAB_USER, OTHER_USER, CLAB_ADMIN].contains(&user);
        if !is_known || password != super::password(user) {
            return None;
        }
        let mut state = self.state();
        state.issued += 1;
        let token = format!("token-{}-{user}", state.issued);
        state.logins.insert(token.clone(), user.to_owned());
        Some(token)
    }

    /// All containers that a user may see.
    pub(super) async fn containers(&self, user: &str) -> Result<Vec<Container>, String> {
        let mut all = self.engine.containers().await?;
        let state = self.state();
        for one in all.iter_mut().filter(|one| state.orphans.contains(&one.lab_name)) {
            one.owner.clear();
        }
        all.retain(|one| user == CLAB_ADMIN || one.owner == user);
        Ok(all)
    }

    /// An order with what is in a user's folder of the lab.
    pub(super) fn order(&self, user: &str, lab: &str, topology: &str) -> Order {
        Order {
            lab: lab.to_owned(),
            owner: user.to_owned(),
            files: self.state().folder(user, lab),
            topology: topology.to_owned(),
            ..Order::default()
        }
    }
}

/// The lab is busy while it is held.
pub(super) struct Busy {
    server: Arc<Server>,
    lab: String,
}

impl Busy {
    /// Fails with the operation that is under way.
    pub(super) fn begin(server: &Arc<Server>, lab: &str, operation: &str) -> Result<Self, String> {
        let mut state = server.state();
        if let Some(other) = state.busy.get(lab) {
            return Err(other.clone());
        }
        state.busy.insert(lab.to_owned(), operation.to_owned());
        drop(state);
        Ok(Self { server: server.clone(), lab: lab.to_owned() })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.server.state().busy.remove(&self.lab);
    }
}
