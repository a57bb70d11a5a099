//! A server that exists in memory only: every ability, and switches for everything that can go wrong.
//!
//! For tests of what lies above the contract. It does not imitate a product; backends are tested
//! against the real ones.

mod adopting;
mod images;
mod inside;
mod lab_nodes;
mod labs;
mod making;
mod rebuilding;
mod session;
mod streams;
mod volumes;

use std::collections::BTreeMap;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use backend_api::{
    Backend, BackendError, BuildRequest, ConnectInput, Cx, ExecOutput, ExecRequest, Session,
    WatchEvent,
};
use model::{
    CertificateQuestion, Descriptor, Field, FieldKind, FieldProblem, FormValues, Image, Kind,
    Workspace, WorkspaceId, WorkspaceState,
};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::CancellationToken;

pub use images::image;
pub use labs::{FakeJob, FakeLabs, lab};
use session::FakeSession;
pub use volumes::FakeVolume;

/// Where `apply` stops and waits, or fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ApplyStop {
    #[default]
    Never,
    /// After the container was made, before it was started: until cancelled.
    AfterMaking,
    /// Fails after the container was made, and cannot take it away again.
    FailAfterMaking,
}

/// What a test sets and looks at.
pub struct FakeState {
    pub workspaces: Vec<Workspace>,
    /// The next connects fail with these.
    pub refusals: Vec<BackendError>,
    /// False: nothing answers.
    pub is_up: bool,
    /// Secrets the last connect was given, by field.
    pub given_secrets: Vec<(String, String)>,
    /// What every apply was given.
    pub applied_inputs: Vec<FormValues>,
    pub apply_stop: ApplyStop,
    pub images: Vec<Image>,
    /// What every build was asked for, and how many bytes it was sent.
    pub builds: Vec<(BuildRequest, usize)>,
    /// Lines of every workspace's log.
    pub log: Vec<String>,
    /// What a terminal prints when it is opened.
    pub greeting: Vec<u8>,
    /// What the last session was told is adopted.
    pub adopted: std::collections::BTreeMap<WorkspaceId, backend_api::Adopted>,
    /// Programs that were run to their end, in order.
    pub programs: Vec<ExecRequest>,
    /// What programs answer, by their arguments joined with spaces.
    pub answers: BTreeMap<String, ExecOutput>,
    pub volumes: BTreeMap<String, FakeVolume>,
    /// Contents of files by workspace and absolute path.
    pub files: BTreeMap<(WorkspaceId, String), Vec<u8>>,
    /// None: it runs no labs.
    pub labs: Option<FakeLabs>,
    /// What a connect has to be trusted for first, unless its fingerprint is known.
    pub certificate: Option<CertificateQuestion>,
}

/// The server. Clones share it.
#[derive(Clone)]
pub struct FakeServer {
    state: Arc<Mutex<FakeState>>,
    changes: broadcast::Sender<WatchEvent>,
    /// Fires when the links to the server break; replaced at the next connect.
    broken: Arc<Mutex<CancellationToken>>,
    /// Lifecycle calls take a permit first; a test may hold them back.
    gate: Arc<Semaphore>,
    connects: Arc<AtomicU32>,
    /// Counts the changes of labs.
    lab_changes: watch::Sender<u64>,
}

impl Default for FakeServer {
    fn default() -> Self {
        Self {
            state: Arc::new(Mutex::new(FakeState {
                workspaces: Vec::new(),
                refusals: Vec::new(),
                is_up: true,
                given_secrets: Vec::new(),
                applied_inputs: Vec::new(),
                apply_stop: ApplyStop::Never,
                images: Vec::new(),
                builds: Vec::new(),
                log: Vec::new(),
                greeting: b"$ ".to_vec(),
                adopted: std::collections::BTreeMap::new(),
                programs: Vec::new(),
                answers: BTreeMap::new(),
                volumes: BTreeMap::new(),
                files: BTreeMap::new(),
                labs: None,
                certificate: None,
            })),
            changes: broadcast::Sender::new(64),
            broken: Arc::default(),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            connects: Arc::default(),
            lab_changes: watch::Sender::new(0),
        }
    }
}

impl FakeServer {
    /// The server's state; change it under the lock.
    pub fn state(&self) -> MutexGuard<'_, FakeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a workspace and tells whoever watches.
    pub fn add(&self, name: &str, state: WorkspaceState) -> WorkspaceId {
        let workspace = workspace(name, state);
        let id = workspace.id.clone();
        self.state().workspaces.push(workspace);
        self.tell(&id);
        id
    }

    /// Breaks all links; new ones are refused until `come_back`.
    pub fn go_away(&self) {
        self.state().is_up = false;
        self.broken().cancel();
    }

    /// Answers again.
    pub fn come_back(&self) {
        *self.broken() = CancellationToken::new();
        self.state().is_up = true;
    }

    /// Lets no lifecycle call through until `let_through`.
    pub fn hold_back(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets this many lifecycle calls through.
    pub fn let_through(&self, count: usize) {
        self.gate.add_permits(count);
    }

    /// How often somebody connected.
    #[must_use]
    pub fn connects(&self) -> u32 {
        self.connects.load(Ordering::SeqCst)
    }

    fn tell(&self, id: &WorkspaceId) {
        // Nobody may be watching.
        drop(self.changes.send(WatchEvent::Changed(id.clone())));
    }

    fn broken(&self) -> MutexGuard<'_, CancellationToken> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_up(&self) -> Result<(), BackendError> {
        if self.state().is_up {
            return Ok(());
        }
        Err(BackendError::unreachable("cannot reach the fake server").with_hint("Call come_back."))
    }
}

/// A workspace with port 8080, which also serves its web IDE.
#[must_use]
pub fn workspace(name: &str, state: WorkspaceState) -> Workspace {
    Workspace {
        id: WorkspaceId::from_raw(format!("id-{name}")),
        name: name.into(),
        state,
        state_remark: None,
        image: "fake:1".into(),
        branch: None,
        owner: None,
        created_at: None,
        started_at: None,
        ports: vec![model::WorkspacePort { port: 8080, server_port: Some(3000), label: None }],
        web_ide: Some(model::IdeTarget { port: 8080, path: "/".into() }),
        is_managed: true,
        origin: model::WorkspaceOrigin::Moorline,
    }
}

/// The backend of the kind "fake". One server for all its connections.
pub struct FakeBackend(pub FakeServer);

#[async_trait]
impl Backend for FakeBackend {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            kind: Kind::new("fake"),
            title: "Fake".into(),
            summary: "A server in memory".into(),
            fields: vec![
                field("note", FieldKind::Text { mono: false }),
                field("api_port", FieldKind::Port),
                field("token", FieldKind::Secret),
                field("host", FieldKind::SshHost),
            ],
            notes: Vec::new(),
            runs_labs: false,
        }
    }

    fn validate(&self, fields: &FormValues) -> Vec<FieldProblem> {
        let is_bad = fields.get("note").is_some_and(|note| note == "bad");
        is_bad
            .then(|| FieldProblem {
                field: "note".into(),
                message: "bad is not a note".into(),
                suggestion: Some("good".into()),
            })
            .into_iter()
            .collect()
    }

    async fn connect(&self, input: ConnectInput, cx: Cx) -> Result<Box<dyn Session>, BackendError> {
        let server = self.0.clone();
        server.connects.fetch_add(1, Ordering::SeqCst);
        server.check_up()?;
        let certificate = server.state().certificate.clone();
        if let Some(question) = certificate
            && input.fields.get("tls_fingerprint") != Some(&question.fingerprint)
        {
            cx.certificates.judge(question).await?;
        }
        let mut state = server.state();
        if !state.refusals.is_empty() {
            return Err(state.refusals.remove(0));
        }
        state.given_secrets = input
            .secrets
            .iter()
            .map(|(field, value)| (field.clone(), value.expose().clone()))
            .collect();
        drop(state);
        let broken = server.broken().clone();
        Ok(Box::new(FakeSession { server, broken }))
    }
}

fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        label: name.into(),
        help: None,
        placeholder: None,
        is_required: false,
        default: None,
        is_advanced: false,
        kind,
    }
}
