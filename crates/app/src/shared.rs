//! What every task of the core holds: the way to the state, the store, the host, the clocks.
//!
//! No state of the product lives here; that is the owner's.

use std::{path::PathBuf, sync::Arc};

use backend_api::Backend;
use model::{
    Connection, ConnectionId, ConnectionState, ErrorCode, Failure, Kind, Settings, TimestampMs,
    Workspace, WorkspaceRef,
};
use ssh::TrustFiles;
use store::Store;
use tokio::{
    runtime::Handle,
    sync::{broadcast, watch},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ConfigPlaces, CoreEvent, Host,
    labs::LabTasks,
    metrics::Metrics,
    owner::Owner,
    sessions::Live,
    sessions::SshLinks,
    ssh_config::SshConfig,
    state::State,
    support::{Journal, Support},
    templates::Library,
    updates::Updates,
    vault::Vault,
};

/// Handles that tasks share.
pub(crate) struct Shared {
    pub(crate) owner: Owner,
    pub(crate) events: broadcast::Sender<Arc<CoreEvent>>,
    pub(crate) settings: watch::Sender<Settings>,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) backends: Vec<Arc<dyn Backend>>,
    pub(crate) links: SshLinks,
    pub(crate) metrics: Metrics,
    pub(crate) labs: LabTasks,
    pub(crate) templates: Library,
    pub(crate) ssh_config: SshConfig,
    pub(crate) updates: Updates,
    pub(crate) journal: Journal,
    pub(crate) support: Support,
    pub(crate) trust: TrustFiles,
    pub(crate) agent_socket: Option<PathBuf>,
    pub(crate) home_folder: PathBuf,
    pub(crate) places: ConfigPlaces,
    pub(crate) data_folder: PathBuf,
    pub(crate) version: String,
    pub(crate) storage_notice: Option<String>,
    pub(crate) runtime: Handle,
    pub(crate) cancel: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Shared {
    /// The time now.
    pub(crate) fn now(&self) -> TimestampMs {
        self.host.now()
    }

    /// Runs `work` as a task that ends with the core at the latest.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.cancel.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Tells every attached interface.
    pub(crate) fn tell(&self, event: CoreEvent) {
        drop(self.events.send(Arc::new(event)));
    }

    /// The backend of a kind.
    pub(crate) fn backend(&self, kind: &Kind) -> Result<Arc<dyn Backend>, Failure> {
        let found = self.backends.iter().find(|backend| backend.descriptor().kind == *kind);
        found.cloned().ok_or_else(|| {
            Failure::new(
                ErrorCode::Unsupported,
                format!("this build has no connections of the kind \"{kind}\""),
            )
            .with_hint("Choose a kind from the list, or install a newer Moorline.")
            .with_field("kind")
        })
    }

    /// A stored connection.
    pub(crate) async fn connection(&self, id: &ConnectionId) -> Result<Connection, Failure> {
        let id = id.clone();
        self.owner
            .with(move |state| state.connections.get(&id).map(|entry| entry.connection.clone()))
            .await?
            .ok_or_else(no_connection)
    }

    /// The live session of a connection, or why there is none.
    pub(crate) async fn live(&self, id: &ConnectionId) -> Result<Arc<Live>, Failure> {
        let id = id.clone();
        self.owner.with(move |state| live_of(state, &id)).await?
    }

    /// What a workspace, or the node of a lab, is called that has a terminal and a log under this id.
    pub(crate) async fn name_of(&self, workspace: &WorkspaceRef) -> Result<String, Failure> {
        let wanted = workspace.clone();
        let node = self.owner.with(move |state| state.labs.console(&wanted).cloned()).await?;
        match node {
            Some(console) => Ok(console.node),
            None => Ok(self.workspace(workspace).await?.0.name),
        }
    }

    /// A workspace as it was last listed, with its connection's name.
    pub(crate) async fn workspace(
        &self,
        workspace: &WorkspaceRef,
    ) -> Result<(Workspace, Connection), Failure> {
        let wanted = workspace.clone();
        self.owner
            .with(move |state| {
                let entry =
                    state.connections.get(&wanted.connection_id).ok_or_else(no_connection)?;
                let row = state.workspaces.row(&wanted).ok_or_else(|| {
                    Failure::new(
                        ErrorCode::NotFound,
                        format!("the workspace is no longer on {}", entry.connection.name),
                    )
                    .with_hint("Refresh the list.")
                })?;
                Ok((row.clone(), entry.connection.clone()))
            })
            .await?
    }
}

fn live_of(state: &State, id: &ConnectionId) -> Result<Arc<Live>, Failure> {
    let entry = state.connections.get(id).ok_or_else(no_connection)?;
    if let Some(live) = &entry.live {
        return Ok(Arc::clone(live));
    }
    let name = &entry.connection.name;
    let failure = Failure::new(ErrorCode::Unreachable, format!("{name} is not connected"));
    Err(match entry.machine.state() {
        ConnectionState::Disconnected => failure.with_hint(format!("Connect {name} first.")),
        ConnectionState::Connecting { .. } => {
            failure.with_hint(format!("Moorline is connecting to {name}: wait a moment."))
        }
        ConnectionState::Connected { .. } => failure.with_hint("Try again."),
        ConnectionState::Reconnecting { error, .. } => failure
            .with_hint(format!("Moorline tries {name} again by itself, or press Connect."))
            .with_detail(error.message.clone()),
        ConnectionState::Failed { error, .. } => failure
            .with_hint(error.hint.clone().unwrap_or_else(|| format!("Connect {name} again.")))
            .with_detail(error.message.clone()),
    })
}

/// The connection was deleted.
pub(crate) fn no_connection() -> Failure {
    Failure::new(ErrorCode::NotFound, "there is no such connection any more")
        .with_hint("Reload the list of connections.")
}
