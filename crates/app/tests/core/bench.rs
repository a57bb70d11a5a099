//! A core in a folder of its own, with the fake server, and ways to wait for what it reports.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use app::{Core, CoreOptions, Host, PickKind, SystemKeychain, SystemNotice};
use async_trait::async_trait;
use backend_api::{Clock as _, SystemClock};
use model::{
    ConnectionId, ConnectionInput, ConnectionState, ErrorCode, Failure, Kind, Run, RunId,
    RunStatus, TimestampMs, UpdateOffer, WorkspaceId, WorkspaceRef, WorkspaceView,
};
use tempfile::TempDir;
use testkit::fake::{FakeBackend, FakeServer};

const DEADLINE: Duration = Duration::from_secs(20);

/// A desktop that notes what it is asked.
#[derive(Default)]
pub(crate) struct FakeHost {
    pub(crate) opened: Mutex<Vec<String>>,
    pub(crate) is_away: AtomicBool,
    pub(crate) told: Mutex<Vec<SystemNotice>>,
    pub(crate) save_to: Mutex<Option<PathBuf>>,
    pub(crate) open_from: Mutex<Option<PathBuf>>,
    /// What the system says of starting at login; none refuses to change it.
    pub(crate) at_login: Mutex<Option<bool>>,
    /// What the publisher answers; none where this copy cannot update itself.
    pub(crate) publisher: Mutex<Option<Result<Option<UpdateOffer>, Failure>>>,
    /// How often the publisher was asked.
    pub(crate) asked: AtomicUsize,
    /// How far its clock is ahead.
    pub(crate) ahead_ms: AtomicI64,
}

#[async_trait]
impl Host for FakeHost {
    fn is_desktop(&self) -> bool {
        true
    }

    fn now(&self) -> TimestampMs {
        SystemClock.now() + self.ahead_ms.load(Ordering::Relaxed)
    }

    fn is_watched(&self) -> bool {
        !self.is_away.load(Ordering::Relaxed)
    }

    fn notify(&self, notice: &SystemNotice) {
        self.told.lock().unwrap().push(notice.clone());
    }

    async fn open_window(
        &self,
        label: &str,
        url: &str,
        title: &str,
        _data_key: &str,
    ) -> Result<(), Failure> {
        self.opened.lock().unwrap().push(format!("window {label} {title} {url}"));
        Ok(())
    }

    async fn open_url(&self, url: &str) -> Result<(), Failure> {
        self.opened.lock().unwrap().push(format!("browser {url}"));
        Ok(())
    }

    async fn pick_save_path(&self, _suggested_name: &str) -> Result<Option<PathBuf>, Failure> {
        Ok(self.save_to.lock().unwrap().clone())
    }

    async fn pick_open_path(&self, _: &str, _: PickKind) -> Result<Option<PathBuf>, Failure> {
        Ok(self.open_from.lock().unwrap().clone())
    }

    fn starts_at_login(&self) -> Option<bool> {
        *self.at_login.lock().unwrap()
    }

    fn set_starts_at_login(&self, wanted: bool) -> Result<(), Failure> {
        let mut known = self.at_login.lock().unwrap();
        if known.is_none() {
            return Err(Failure::new(ErrorCode::Internal, "the system does not let it"));
        }
        *known = Some(wanted);
        Ok(())
    }

    fn can_update(&self) -> bool {
        self.publisher.lock().unwrap().is_some()
    }

    async fn update_check(&self) -> Result<Option<UpdateOffer>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.publisher.lock().unwrap().clone().unwrap()
    }

    async fn update_install(
        &self,
        progress: &(dyn Fn(u64, Option<u64>) + Send + Sync),
    ) -> Result<(), Failure> {
        progress(1_000_000, Some(2_000_000));
        Err(Failure::new(ErrorCode::Unauthorized, "the update is signed by somebody else"))
    }
}

pub(crate) struct Bench {
    pub(crate) core: Arc<Core>,
    pub(crate) server: FakeServer,
    pub(crate) host: Arc<FakeHost>,
    pub(crate) folder: Arc<TempDir>,
    pub(crate) journal: app::Journal,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::start_in(Arc::new(TempDir::new().unwrap()), FakeServer::default()).await
    }

    pub(crate) async fn start_in(folder: Arc<TempDir>, server: FakeServer) -> Self {
        Self::start_with(folder, server, FakeHost::default()).await
    }

    pub(crate) async fn start_with(
        folder: Arc<TempDir>,
        server: FakeServer,
        host: FakeHost,
    ) -> Self {
        let host = Arc::new(host);
        let journal = app::Journal::default();
        let core = Core::start(CoreOptions {
            data_folder: folder.path().join("data"),
            home_folder: folder.path().to_owned(),
            agent_socket: None,
            places: app::ConfigPlaces::default(),
            backends: vec![Arc::new(FakeBackend(server.clone()))],
            host: host.clone(),
            keychain: SystemKeychain::DoWithout,
            version: "0".into(),
            journal: journal.clone(),
        })
        .await
        .unwrap();
        Self { core, server, host, folder, journal }
    }

    /// Ends the core, keeps folder and server, and starts again.
    pub(crate) async fn restart(self) -> Self {
        self.core.shutdown().await;
        drop(self.core);
        Self::start_in(self.folder, self.server).await
    }

    /// A connection that is up.
    pub(crate) async fn connected(&self) -> ConnectionId {
        let view = self.core.connection_create(input("forge-1")).await.unwrap();
        self.until_connected(&view.connection.id).await;
        view.connection.id
    }

    pub(crate) async fn until_connected(&self, id: &ConnectionId) {
        self.until_state(id, |state| matches!(state, ConnectionState::Connected { .. })).await;
    }

    pub(crate) async fn until_state(
        &self,
        id: &ConnectionId,
        check: impl Fn(&ConnectionState) -> bool,
    ) -> ConnectionState {
        self.until("the connection's state", async || {
            let views = self.core.connections().await.unwrap();
            let view = views.into_iter().find(|view| view.connection.id == *id)?;
            check(&view.state).then_some(view.state)
        })
        .await
    }

    /// Looks again at every event until `check` finds what it wants.
    pub(crate) async fn until<T>(&self, what: &str, check: impl AsyncFn() -> Option<T>) -> T {
        let mut events = self.core.events();
        let looking = async {
            loop {
                if let Some(found) = check().await {
                    return found;
                }
                let _ = tokio::time::timeout(Duration::from_millis(50), events.recv()).await;
            }
        };
        match tokio::time::timeout(DEADLINE, looking).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}"),
        }
    }

    pub(crate) async fn until_row(
        &self,
        name: &str,
        check: impl Fn(&WorkspaceView) -> bool,
    ) -> WorkspaceView {
        self.until(name, async || {
            let rows = self.core.workspaces().await.unwrap();
            rows.into_iter().find(|row| row.workspace.name == name && check(row))
        })
        .await
    }

    pub(crate) async fn until_over(&self, id: &RunId) -> Run {
        self.until("the end of the run", async || {
            let run = self.core.run(id).await.unwrap();
            (run.status != RunStatus::Running).then_some(run)
        })
        .await
    }
}

pub(crate) fn input(name: &str) -> ConnectionInput {
    ConnectionInput {
        kind: Kind::new("fake"),
        name: name.into(),
        fields: Default::default(),
        secrets: Default::default(),
        ssh_host: None,
        connect_at_start: true,
    }
}

pub(crate) fn reference(id: &ConnectionId, workspace: &WorkspaceId) -> WorkspaceRef {
    WorkspaceRef { connection_id: id.clone(), workspace_id: workspace.clone() }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Failure>) -> ErrorCode {
    result.unwrap_err().code
}
