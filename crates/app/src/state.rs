//! The product's state: the topics, what changed since it was last published, and the views of it.
//!
//! Owned by the task in `owner.rs`. No I/O here; what follows from a change is started by the topics.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{
    Connection, ConnectionId, ConnectionState, ConnectionView, Editor, Forward, ForwardId, LabView,
    LinkRequest, Run, RunId, ServerInfo, SshHost, SshHostId, TerminalId, TerminalView, TunnelId,
    WorkspaceView,
};
use tokio_util::sync::CancellationToken;

use crate::{
    forwards::OpenForward,
    labs::Labs,
    pages::{OpenPage, PageKey},
    questions::Questions,
    runs::{LiveRun, Withheld},
    sessions::{Live, Machine},
    templates::Templates,
    terminals::Terminal,
    tray::{TrayLab, TrayState, TrayTunnel, TrayWorkspace},
    tunnels::{self, Tunnels},
    workspaces::Workspaces,
};

/// What has to be published.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) is_connections: bool,
    pub(crate) is_questions: bool,
    pub(crate) is_terminals: bool,
    pub(crate) is_links: bool,
    /// The language of menus, or what they offer to open workspaces in.
    pub(crate) is_menu: bool,
    pub(crate) tunnels: BTreeSet<TunnelId>,
    pub(crate) workspaces: BTreeSet<ConnectionId>,
    pub(crate) labs: BTreeSet<ConnectionId>,
    pub(crate) is_templates: bool,
    pub(crate) runs: Vec<Run>,
}

/// One connection with everything that is known of it now.
pub(crate) struct Entry {
    pub(crate) connection: Connection,
    pub(crate) machine: Machine,
    /// What the server last said of itself.
    pub(crate) server: Option<ServerInfo>,
    pub(crate) live: Option<Arc<Live>>,
    /// Ends the attempt, the countdown or the session that runs now.
    pub(crate) token: CancellationToken,
}

impl Entry {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            machine: Machine::default(),
            server: None,
            live: None,
            token: CancellationToken::new(),
        }
    }
}

/// Everything.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) connections: BTreeMap<ConnectionId, Entry>,
    pub(crate) ssh_hosts: BTreeMap<SshHostId, SshHost>,
    pub(crate) workspaces: Workspaces,
    pub(crate) labs: Labs,
    pub(crate) templates: Templates,
    pub(crate) questions: Questions,
    pub(crate) runs: BTreeMap<RunId, Arc<LiveRun>>,
    pub(crate) withheld: Withheld,
    pub(crate) terminals: BTreeMap<TerminalId, Arc<Terminal>>,
    pub(crate) forwards: BTreeMap<ForwardId, OpenForward>,
    pub(crate) pages: BTreeMap<PageKey, OpenPage>,
    pub(crate) tunnels: Tunnels,
    /// Those of removed tunnels, and until when these may be taken back.
    pub(crate) leaving_hosts: BTreeMap<SshHostId, tokio::time::Instant>,
    /// Links that wait for the person, oldest first.
    pub(crate) links: Vec<LinkRequest>,
    /// The tag of the language of menus.
    pub(crate) language: String,
    /// What menus offer to open workspaces in.
    pub(crate) editor: Editor,
    pub(crate) changes: Changes,
}

impl State {
    /// All connections, by name.
    pub(crate) fn connection_views(&self) -> Vec<ConnectionView> {
        let mut views: Vec<_> =
            self.connections.values().map(|entry| self.connection_view(entry)).collect();
        views.sort_by(|a, b| a.connection.name.cmp(&b.connection.name));
        views
    }

    /// One connection as pages show it.
    pub(crate) fn connection_view(&self, entry: &Entry) -> ConnectionView {
        let ssh_host =
            entry.connection.ssh_host_id.as_ref().and_then(|id| self.ssh_hosts.get(id)).cloned();
        let jumps = ssh_host
            .iter()
            .flat_map(|host| &host.jumps)
            .filter_map(|id| self.ssh_hosts.get(id).cloned())
            .collect();
        ConnectionView {
            ssh_host,
            jumps,
            state: entry.machine.state().clone(),
            server: entry.server.clone(),
            abilities: entry.live.as_ref().map(|live| live.session.abilities()),
            workspace_count: self.workspaces.count(&entry.connection.id),
            labs: entry.live.as_ref().and_then(|live| Some(live.session.labs()?.features())),
            lab_count: self.labs.count(&entry.connection.id),
            connection: entry.connection.clone(),
        }
    }

    /// All workspaces, connection by connection in the order of their names.
    pub(crate) fn workspace_views(&self) -> Vec<WorkspaceView> {
        let mut connections: Vec<_> = self.connections.values().collect();
        connections.sort_by(|a, b| a.connection.name.cmp(&b.connection.name));
        connections
            .into_iter()
            .flat_map(|entry| self.workspace_views_of(&entry.connection.id))
            .collect()
    }

    /// The workspaces of one connection; none when it is gone.
    pub(crate) fn workspace_views_of(&self, id: &ConnectionId) -> Vec<WorkspaceView> {
        let Some(entry) = self.connections.get(id) else { return Vec::new() };
        self.workspaces.views(&entry.connection, &self.forward_views())
    }

    /// All labs, connection by connection in the order of their names.
    pub(crate) fn lab_views(&self) -> Vec<LabView> {
        let mut connections: Vec<_> = self.connections.values().collect();
        connections.sort_by(|a, b| a.connection.name.cmp(&b.connection.name));
        connections.into_iter().flat_map(|entry| self.labs.views(&entry.connection)).collect()
    }

    /// The labs of one connection; none when it is gone.
    pub(crate) fn lab_views_of(&self, id: &ConnectionId) -> Vec<LabView> {
        let entry = self.connections.get(id);
        entry.map(|entry| self.labs.views(&entry.connection)).unwrap_or_default()
    }

    /// All terminals, oldest first.
    pub(crate) fn terminal_views(&self) -> Vec<TerminalView> {
        self.terminals.values().map(|terminal| terminal.view()).collect()
    }

    fn forward_views(&self) -> Vec<Forward> {
        self.forwards.values().map(OpenForward::view).collect()
    }

    /// What the tray's menu is made from.
    pub(crate) fn tray_state(&self) -> TrayState {
        let is_connected =
            |entry: &&Entry| matches!(entry.machine.state(), ConnectionState::Connected { .. });
        TrayState {
            language: self.language.clone(),
            editor: self.editor,
            connected: self.connections.values().filter(is_connected).count(),
            connections: self.connections.len(),
            workspaces: self.workspace_views().iter().map(TrayWorkspace::from_view).collect(),
            tunnels: self.tray_tunnels(),
            labs: self.lab_views().iter().filter_map(TrayLab::from_view).collect(),
        }
    }

    /// All tunnels, by name.
    fn tray_tunnels(&self) -> Vec<TrayTunnel> {
        let tunnel = |entry: &tunnels::Entry| TrayTunnel {
            id: entry.tunnel.id.clone(),
            name: entry.tunnel.name.clone(),
            state: entry.machine.state().into(),
            is_favourite: entry.tunnel.options.is_favourite,
        };
        let mut all: Vec<_> = self.tunnels.values().map(tunnel).collect();
        all.sort_by_key(|tunnel| tunnel.name.to_lowercase());
        all
    }
}
