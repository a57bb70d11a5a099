//! What the core tells every attached interface, unasked.
//!
//! The data only: who listens, and how floods are thinned out, is the listener's business.

use model::{
    ConnectionId, ConnectionView, Editor, Failure, LabRef, LabView, LinkRequest, Notice, Question,
    Run, RunId, Settings, TemplateView, TerminalView, TunnelId, TunnelView, UpdateState,
    WorkspaceRef, WorkspaceView,
};
use serde::Serialize;
use ts_rs::TS;

/// A change of state. Each carries the whole new state of its topic, so that one lost or repeated
/// event does no harm.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CoreEvent {
    /// All connections.
    Connections {
        connections: Vec<ConnectionView>,
    },
    /// All workspaces of one connection; empty when the connection is gone.
    Workspaces {
        connection_id: ConnectionId,
        workspaces: Vec<WorkspaceView>,
    },
    /// One run changed or began.
    Run {
        run: Box<Run>,
    },
    /// All open questions.
    Questions {
        questions: Vec<Question>,
    },
    /// All terminals, open and ended.
    Terminals {
        terminals: Vec<TerminalView>,
    },
    Settings {
        settings: Settings,
    },
    /// How it stands with updates of the app.
    Update {
        update: UpdateState,
    },
    /// What was told, newest first.
    Notices {
        notices: Vec<Notice>,
    },
    /// Links that wait for the person's answer.
    Links {
        links: Vec<LinkRequest>,
    },
    /// One tunnel as it is now; none when it was removed.
    Tunnel {
        tunnel_id: TunnelId,
        tunnel: Option<Box<TunnelView>>,
    },
    /// All labs of one connection; empty when the connection is gone.
    Labs {
        connection_id: ConnectionId,
        labs: Vec<LabView>,
    },
    /// All templates.
    Templates {
        templates: Vec<TemplateView>,
    },
    /// Something outside the page (the tray, a second start) asks for a page or a terminal.
    Navigate {
        target: NavigateTarget,
    },
}

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum NavigateTarget {
    Home,
    Workspaces,
    Tunnels,
    Settings,
    Tunnel {
        tunnel_id: TunnelId,
    },
    Workspace {
        workspace: WorkspaceRef,
    },
    Labs,
    Lab {
        lab: LabRef,
    },
    Run {
        run_id: RunId,
    },
    Connection {
        connection_id: ConnectionId,
    },
    /// Open a new terminal of this workspace in the dock.
    Terminal {
        workspace: WorkspaceRef,
    },
    /// Show what kept a workspace from being opened in an editor, and the way on.
    NotOpened {
        workspace: WorkspaceRef,
        editor: Editor,
        failure: Failure,
    },
    /// Show this failure; for what was started from the tray.
    Failure {
        failure: Failure,
    },
}
