//! Local forwards on demand: a loopback listener that carries one port of a workspace.
//!
//! A forward outlives a reconnect and keeps its local port; it closes with its workspace or when the
//! connection is given up.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use model::{ConnectionId, ErrorCode, Failure, Forward, ForwardId, WorkspaceRef};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    Core,
    sessions::Live,
    shared::{Shared, no_connection},
    state::State,
};

/// Browsers open many connections at once.
const BACKLOG: u32 = 4096;
/// Counters are published at most this often.
const COUNT_EVERY: Duration = Duration::from_millis(250);

/// A forward that is open. Dropping it closes the listener and its connections.
pub(crate) struct OpenForward {
    view: Forward,
    open_connections: Arc<AtomicU32>,
    _guard: DropGuard,
}

impl OpenForward {
    pub(crate) fn view(&self) -> Forward {
        let open_connections = self.open_connections.load(Ordering::Relaxed);
        Forward { open_connections, ..self.view.clone() }
    }
}

impl Core {
    /// Carries a port of a workspace to this computer's loopback; the same forward when there is one.
    ///
    /// # Errors
    /// `Unreachable` when the connection is down, `Unsupported` when its server carries no ports,
    /// `Conflict` when no local port is free.
    pub async fn forward_open(
        &self,
        workspace: WorkspaceRef,
        port: u16,
    ) -> Result<Forward, Failure> {
        if port == 0 {
            return Err(Failure::new(ErrorCode::Invalid, "0 is not a port")
                .with_hint("Enter a port from 1 to 65535.")
                .with_field("port"));
        }
        open(&self.shared, workspace, port, port).await
    }

    /// Closes a forward with its connections; fine when it is closed already.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn forward_close(&self, id: ForwardId) -> Result<(), Failure> {
        let job = move |state: &mut State| {
            if let Some(open) = state.forwards.remove(&id) {
                state.changes.workspaces.insert(open.view.workspace.connection_id.clone());
            }
        };
        self.shared.owner.with(job).await
    }
}

/// Opens a forward, on `local_port` when it is free.
pub(crate) async fn open(
    shared: &Arc<Shared>,
    workspace: WorkspaceRef,
    port: u16,
    local_port: u16,
) -> Result<Forward, Failure> {
    let (row, _) = shared.workspace(&workspace).await?;
    let live = shared.live(&workspace.connection_id).await?;
    if live.session.endpoints().is_none() {
        return Err(live.cannot("carry ports"));
    }
    let wanted = workspace.clone();
    if let Some(found) = shared.owner.with(move |state| find(state, &wanted, port)).await? {
        return Ok(found);
    }
    let (listener, remark) =
        listen(local_port).map_err(|error| no_port(&row.name, port, &error))?;
    let local_port = listener.local_addr().map_or(0, |address| address.port());
    let view = Forward {
        id: ForwardId::generate(),
        workspace: workspace.clone(),
        port,
        local_port,
        remark,
        open_connections: 0,
    };
    let cancel = shared.cancel.child_token();
    let open_connections = Arc::new(AtomicU32::new(0));
    let carrier = Carrier {
        shared: Arc::clone(shared),
        workspace,
        port,
        cancel: cancel.clone(),
        open_connections: Arc::clone(&open_connections),
    };
    let open = OpenForward { view, open_connections, _guard: cancel.drop_guard() };
    let (view, is_ours) = shared.owner.with(move |state| put(state, open)).await??;
    if is_ours {
        shared.spawn(carrier.serve(listener));
    }
    Ok(view)
}

/// Puts a forward among those that are open, unless another call was faster: then that one, and false.
fn put(state: &mut State, open: OpenForward) -> Result<(Forward, bool), Failure> {
    let workspace = open.view.workspace.clone();
    if !state.connections.contains_key(&workspace.connection_id) {
        return Err(no_connection());
    }
    if let Some(found) = find(state, &workspace, open.view.port) {
        return Ok((found, false));
    }
    let view = open.view();
    state.changes.workspaces.insert(workspace.connection_id);
    state.forwards.insert(view.id.clone(), open);
    Ok((view, true))
}

fn find(state: &State, workspace: &WorkspaceRef, port: u16) -> Option<Forward> {
    let mut all = state.forwards.values().map(OpenForward::view);
    all.find(|forward| forward.workspace == *workspace && forward.port == port)
}

/// The forwards of a workspace: port inside and on this computer.
pub(crate) fn ports_of(state: &State, workspace: &WorkspaceRef) -> Vec<(u16, u16)> {
    let views = state.forwards.values().map(|open| &open.view);
    let own = views.filter(|view| view.workspace == *workspace);
    own.map(|view| (view.port, view.local_port)).collect()
}

/// Closes every forward of a connection that was given up.
pub(crate) fn close_of(state: &mut State, id: &ConnectionId) {
    close_where(state, id, |_, _| true);
}

/// Closes the forwards of workspaces that are gone from the list or do not run.
pub(crate) fn close_stopped(state: &mut State, id: &ConnectionId) {
    close_where(state, id, |state, workspace| !state.workspaces.is_running(workspace));
}

fn close_where(
    state: &mut State,
    id: &ConnectionId,
    is_closed: impl Fn(&State, &WorkspaceRef) -> bool,
) {
    let closed: Vec<ForwardId> = state
        .forwards
        .values()
        .map(|open| &open.view)
        .filter(|view| view.workspace.connection_id == *id && is_closed(state, &view.workspace))
        .map(|view| view.id.clone())
        .collect();
    for forward in closed {
        state.forwards.remove(&forward);
        state.changes.workspaces.insert(id.clone());
    }
}

/// Listens on the same port when it is free, else on another, and says why.
fn listen(port: u16) -> io::Result<(TcpListener, Option<String>)> {
    match bind(port) {
        Ok(listener) => Ok((listener, None)),
        Err(error) => {
            let why = if error.kind() == io::ErrorKind::PermissionDenied {
                "needs administrator rights"
            } else {
                "is taken by another program"
            };
            let listener = bind(0)?;
            let other = listener.local_addr()?.port();
            Ok((listener, Some(format!("port {port} of this computer {why}: {other} is used"))))
        }
    }
}

fn bind(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // Without it a port stays taken for a minute after its last connection on unix.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.listen(BACKLOG)
}

fn no_port(name: &str, port: u16, error: &io::Error) -> Failure {
    Failure::new(ErrorCode::Conflict, format!("no local port is free for port {port} of {name}"))
        .with_hint("End programs that hold many ports, then try again.")
        .with_detail(error.to_string())
}

struct Carrier {
    shared: Arc<Shared>,
    workspace: WorkspaceRef,
    port: u16,
    cancel: CancellationToken,
    open_connections: Arc<AtomicU32>,
}

impl Carrier {
    async fn serve(self, listener: TcpListener) {
        let carrier = Arc::new(self);
        carrier.shared.spawn(Arc::clone(&carrier).publish_counts());
        loop {
            let accepted = tokio::select! {
                () = carrier.cancel.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, _)) => carrier.shared.spawn(Arc::clone(&carrier).carry(stream)),
                Err(error) => {
                    // Too many open files: give connections time to end.
                    tracing::warn!(%error, "a forward cannot accept");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn carry(self: Arc<Self>, mut local: TcpStream) {
        self.open_connections.fetch_add(1, Ordering::Relaxed);
        let work = async {
            let live = self.shared.live(&self.workspace.connection_id).await?;
            let mut remote = dial(&live, &self.workspace, self.port).await?;
            drop(local.set_nodelay(true));
            if let Err(error) = tokio::io::copy_bidirectional(&mut local, &mut remote).await {
                tracing::debug!(%error, "a forwarded connection broke");
            }
            Ok::<_, Failure>(())
        };
        tokio::select! {
            () = self.cancel.cancelled() => {}
            result = work => if let Err(failure) = result {
                tracing::info!(port = self.port, %failure, "a forwarded connection was not made");
            }
        }
        self.open_connections.fetch_sub(1, Ordering::Relaxed);
    }

    async fn publish_counts(self: Arc<Self>) {
        let mut published = 0;
        loop {
            tokio::select! {
                () = self.cancel.cancelled() => return,
                () = tokio::time::sleep(COUNT_EVERY) => {}
            }
            let now = self.open_connections.load(Ordering::Relaxed);
            if now != published {
                published = now;
                let id = self.workspace.connection_id.clone();
                let job = move |state: &mut State| {
                    state.changes.workspaces.insert(id);
                };
                drop(self.shared.owner.with(job).await);
            }
        }
    }
}

/// One stream to a port of a workspace.
pub(crate) async fn dial(
    live: &Live,
    workspace: &WorkspaceRef,
    port: u16,
) -> Result<backend_api::BoxStream, Failure> {
    let endpoints = live.session.endpoints().ok_or_else(|| live.cannot("carry ports"))?;
    live.call(endpoints.dial(&workspace.workspace_id, port, &live.cx())).await
}
