//! The tray: its menu as a pure function of state, and what its items do.
//!
//! Showing the menu is the host's business.

mod action;
mod menu;
mod words;

use model::{
    Editor, LabRef, LabState, LabView, TunnelId, TunnelState, WorkspaceRef, WorkspaceState,
    WorkspaceView,
};

use crate::ssh_config::ssh_port;

pub use menu::{TrayItem, menu};

/// What the menu is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrayState {
    /// The tag of the menu's language; empty for English.
    pub language: String,
    /// What workspaces are opened in.
    pub editor: Editor,
    /// Connections that are up.
    pub connected: usize,
    /// All connections.
    pub connections: usize,
    /// All workspaces.
    pub workspaces: Vec<TrayWorkspace>,
    /// All tunnels.
    pub tunnels: Vec<TrayTunnel>,
    /// Favourite labs.
    pub labs: Vec<TrayLab>,
}

/// A favourite lab as the menu needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayLab {
    pub lab: LabRef,
    pub name: String,
    pub connection_name: String,
    pub state: LabState,
    /// A run has it.
    pub is_busy: bool,
}

impl TrayLab {
    pub(crate) fn from_view(view: &LabView) -> Option<Self> {
        view.is_favourite.then(|| Self {
            lab: view.lab_ref.clone(),
            name: view.lab.name.clone(),
            connection_name: view.connection_name.clone(),
            state: view.lab.state,
            is_busy: view.run_id.is_some(),
        })
    }
}

/// A tunnel as the menu needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayTunnel {
    pub id: TunnelId,
    pub name: String,
    pub state: TrayTunnelState,
    pub is_favourite: bool,
}

/// How a tunnel is, as far as the menu tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayTunnelState {
    Off,
    /// Open, or listening for its first connection.
    Open,
    /// Started, and not open.
    Troubled,
}

impl From<&TunnelState> for TrayTunnelState {
    fn from(state: &TunnelState) -> Self {
        match state {
            TunnelState::Stopped => Self::Off,
            TunnelState::Open { .. } | TunnelState::Listening => Self::Open,
            TunnelState::Connecting { .. }
            | TunnelState::TargetDown { .. }
            | TunnelState::Reconnecting { .. }
            | TunnelState::PortTaken { .. }
            | TunnelState::Failed { .. } => Self::Troubled,
        }
    }
}

/// A workspace as the menu needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayWorkspace {
    pub workspace: WorkspaceRef,
    pub name: String,
    pub connection_name: String,
    pub state: WorkspaceState,
    pub is_favourite: bool,
    pub has_web_ide: bool,
    /// Editors of this computer can reach it.
    pub has_ssh: bool,
}

impl TrayWorkspace {
    pub(crate) fn from_view(view: &WorkspaceView) -> Self {
        Self {
            workspace: view.workspace_ref.clone(),
            name: view.workspace.name.clone(),
            connection_name: view.connection_name.clone(),
            state: view.workspace.state,
            is_favourite: view.is_favourite,
            has_web_ide: view.workspace.web_ide.is_some(),
            has_ssh: ssh_port(&view.workspace).is_some(),
        }
    }
}
