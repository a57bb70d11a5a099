//! The tray: its menu as a pure function of state, and what its items do.
//!
//! Showing the menu is the host's business.

mod action;
mod menu;
mod words;

use model::{WorkspaceRef, WorkspaceState, WorkspaceView};

pub use menu::{TrayItem, menu};

/// What the menu is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrayState {
    /// The tag of the menu's language; empty for English.
    pub language: String,
    /// Connections that are up.
    pub connected: usize,
    /// All connections.
    pub connections: usize,
    /// All workspaces.
    pub workspaces: Vec<TrayWorkspace>,
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
        }
    }
}
