//! From state to menu. Pure, so that it is tested without a desktop.

use model::{Editor, LabState, WorkspaceRef, WorkspaceState};

use super::{
    TrayLab, TrayState, TrayTunnel, TrayTunnelState, TrayWorkspace,
    words::{Words, fill},
};
use crate::ide;

/// Workspaces shown directly when there are no favourites.
const DIRECT: usize = 5;
/// What no language changes.
const PRODUCT: &str = "Moorline";
/// Lines of a submenu; the window shows all.
const CAP: usize = 15;

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrayItem {
    /// Text that does nothing.
    Label {
        text: String,
    },
    /// Calls `Core::tray_action` with its id. Hosts handle `open` and `quit` themselves, and show the
    /// window first for `settings`, `workspaces` and ids that begin with `terminal:`.
    Action {
        id: String,
        text: String,
    },
    Separator,
    Submenu {
        text: String,
        items: Vec<TrayItem>,
    },
}

/// The whole menu for a state.
#[must_use]
pub fn menu(state: &TrayState) -> Vec<TrayItem> {
    let maker = Maker { words: Words::of(&state.language) };
    let mut items = vec![TrayItem::Label { text: maker.status(state) }];
    let (direct, other) = split(&state.workspaces);
    if !direct.is_empty() {
        items.push(TrayItem::Separator);
        items.extend(direct.iter().map(|workspace| maker.line(workspace)));
    }
    if !other.is_empty() {
        let lines = other.into_iter().map(|workspace| maker.line(workspace)).collect();
        items.push(maker.submenu(&maker.words.other, lines));
    }
    if !state.labs.is_empty() {
        items.push(TrayItem::Separator);
        items.extend(state.labs.iter().map(|lab| maker.lab(lab)));
    }
    let tunnels: Vec<_> = state.tunnels.iter().filter(|tunnel| tunnel.is_favourite).collect();
    if !tunnels.is_empty() {
        items.push(TrayItem::Separator);
        items.extend(tunnels.into_iter().map(|tunnel| maker.tunnel(tunnel)));
    }
    let ways = maker.ways_in(state);
    if !ways.is_empty() {
        items.push(TrayItem::Separator);
        items.extend(ways);
    }
    items.push(TrayItem::Separator);
    items.push(plain("open", &fill(&maker.words.open_window, &[("product", PRODUCT)])));
    items.push(plain("settings", &maker.words.settings));
    items.push(TrayItem::Separator);
    items.push(plain("quit", &maker.quit(state.connected)));
    items
}

/// Makes lines in one language.
struct Maker {
    words: Words,
}

impl Maker {
    fn status(&self, state: &TrayState) -> String {
        let started = state.tunnels.iter().filter(|one| one.state != TrayTunnelState::Off);
        let is_open = |one: &&TrayTunnel| one.state == TrayTunnelState::Open;
        let (open, all) = (started.clone().filter(is_open).count(), started.count());
        if all == 0 {
            return self.servers(state);
        }
        let values = [("open", &*open.to_string()), ("all", &*all.to_string())];
        let tunnels = fill(&self.words.tunnels, &values);
        if state.connections == 0 {
            return tunnels;
        }
        let values = [("first", &*self.servers(state)), ("second", &*tunnels)];
        fill(&self.words.beside, &values)
    }

    fn tunnel(&self, tunnel: &TrayTunnel) -> TrayItem {
        let (verb, text) = match tunnel.state {
            TrayTunnelState::Off => ("start-tunnel", &self.words.start_tunnel),
            TrayTunnelState::Open => ("stop-tunnel", &self.words.stop_tunnel),
            TrayTunnelState::Troubled => ("stop-tunnel", &self.words.stop_troubled_tunnel),
        };
        plain(&format!("{verb}:{}", tunnel.id), &fill(text, &[("tunnel", &tunnel.name)]))
    }

    fn lab(&self, lab: &TrayLab) -> TrayItem {
        let values = [("name", &*lab.name), ("server", &*lab.connection_name)];
        let title = fill(&self.words.workspace, &values);
        let text = |text: &str| fill(text, &[("lab", &title)]);
        let words = &self.words;
        let action = |verb: &str, words: &str| {
            let reference = &lab.lab;
            let id = format!("{verb}:{}:{}", reference.connection_id, reference.lab_id);
            plain(&id, &text(words))
        };
        match lab.state {
            LabState::Starting => label(text(&words.lab_starting)),
            LabState::Stopping => label(text(&words.lab_stopping)),
            _ if lab.is_busy => label(text(&words.lab_busy)),
            LabState::Created | LabState::Stopped | LabState::Failed => {
                action("start-lab", &words.start_lab)
            }
            LabState::Running | LabState::Partly => action("stop-lab", &words.stop_lab),
            LabState::Unknown => label(text(&words.lab_unknown)),
        }
    }

    fn servers(&self, state: &TrayState) -> String {
        let (connected, all) = (state.connected.to_string(), state.connections.to_string());
        let values = [("connected", connected.as_str()), ("all", all.as_str())];
        match (state.connected, state.connections) {
            (_, 0) => self.words.no_connections.clone(),
            (connected, all) if connected == all => fill(&self.words.all_connected, &values),
            _ => fill(&self.words.some_connected, &values),
        }
    }

    /// Submenus of what runs: its web IDE, the editor of this computer, a terminal.
    fn ways_in(&self, state: &TrayState) -> Vec<TrayItem> {
        let way = |verb: &str, text: &str, is_possible: fn(&TrayWorkspace) -> bool| {
            let lines: Vec<_> = state
                .workspaces
                .iter()
                .filter(|workspace| workspace.state == WorkspaceState::Running)
                .filter(|workspace| is_possible(workspace))
                .map(|workspace| action(verb, workspace, self.titled(workspace)))
                .collect();
            (!lines.is_empty()).then(|| self.submenu(text, lines))
        };
        let open_in = match state.editor {
            Editor::Terminal => self.words.open_in_terminal.clone(),
            editor => fill(&self.words.open_in, &[("editor", ide::name_of(editor))]),
        };
        let ways = [
            way("ide", &self.words.open_ide, |workspace| workspace.has_web_ide),
            way("editor", &open_in, |workspace| workspace.has_ssh),
            way("terminal", &self.words.open_terminal, |_| true),
        ];
        ways.into_iter().flatten().collect()
    }

    fn quit(&self, connected: usize) -> String {
        match connected {
            0 => self.words.quit.clone(),
            1 => self.words.disconnect_one_and_quit.clone(),
            count => fill(&self.words.disconnect_and_quit, &[("count", &count.to_string())]),
        }
    }

    fn line(&self, workspace: &TrayWorkspace) -> TrayItem {
        let title = self.titled(workspace);
        let text = |text: &str| fill(text, &[("workspace", &title)]);
        let words = &self.words;
        match workspace.state {
            WorkspaceState::Created | WorkspaceState::Stopped | WorkspaceState::Error => {
                action("start", workspace, text(&words.start))
            }
            WorkspaceState::Running => action("stop", workspace, text(&words.stop)),
            WorkspaceState::Starting => label(text(&words.starting)),
            WorkspaceState::Stopping => label(text(&words.stopping)),
            WorkspaceState::Removing => label(text(&words.removing)),
            WorkspaceState::Paused => label(text(&words.paused)),
            WorkspaceState::Unknown => label(text(&words.unknown)),
        }
    }

    fn titled(&self, workspace: &TrayWorkspace) -> String {
        let values = [("name", &*workspace.name), ("server", &*workspace.connection_name)];
        fill(&self.words.workspace, &values)
    }

    fn submenu(&self, text: &str, mut items: Vec<TrayItem>) -> TrayItem {
        let hidden = items.len().saturating_sub(CAP);
        if hidden > 0 {
            items.truncate(CAP);
            let more = fill(&self.words.more, &[("count", &hidden.to_string())]);
            items.push(plain("workspaces", &more));
        }
        TrayItem::Submenu { text: text.into(), items }
    }
}

/// Favourites stand first; without any, the first few workspaces do.
fn split(all: &[TrayWorkspace]) -> (Vec<&TrayWorkspace>, Vec<&TrayWorkspace>) {
    let (favourites, rest): (Vec<_>, Vec<_>) = all.iter().partition(|w| w.is_favourite);
    if !favourites.is_empty() {
        return (favourites, rest);
    }
    let (first, later) = rest.split_at(rest.len().min(DIRECT));
    (first.to_vec(), later.to_vec())
}

fn label(text: String) -> TrayItem {
    TrayItem::Label { text }
}

fn plain(id: &str, text: &str) -> TrayItem {
    TrayItem::Action { id: id.into(), text: text.into() }
}

fn action(verb: &str, workspace: &TrayWorkspace, text: String) -> TrayItem {
    TrayItem::Action { id: id(verb, &workspace.workspace), text }
}

/// Ids of items: `verb:connection:workspace`.
fn id(verb: &str, workspace: &WorkspaceRef) -> String {
    format!("{verb}:{}:{}", workspace.connection_id, workspace.workspace_id)
}

#[cfg(test)]
#[path = "menu_tests.rs"]
mod tests;
