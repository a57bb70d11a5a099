//! From state to menu. Pure, so that it is tested without a desktop.

use model::{WorkspaceRef, WorkspaceState};

use super::{
    TrayState, TrayWorkspace,
    words::{Words, fill},
};

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
    let running = || state.workspaces.iter().filter(|w| w.state == WorkspaceState::Running);
    let ides: Vec<_> = running()
        .filter(|workspace| workspace.has_web_ide)
        .map(|workspace| action("ide", workspace, maker.titled(workspace)))
        .collect();
    let terminals: Vec<_> =
        running().map(|workspace| action("terminal", workspace, maker.titled(workspace))).collect();
    if !terminals.is_empty() {
        items.push(TrayItem::Separator);
        if !ides.is_empty() {
            items.push(maker.submenu(&maker.words.open_ide, ides));
        }
        items.push(maker.submenu(&maker.words.open_terminal, terminals));
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
        let (connected, all) = (state.connected.to_string(), state.connections.to_string());
        let values = [("connected", connected.as_str()), ("all", all.as_str())];
        match (state.connected, state.connections) {
            (_, 0) => self.words.no_connections.clone(),
            (connected, all) if connected == all => fill(&self.words.all_connected, &values),
            _ => fill(&self.words.some_connected, &values),
        }
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
mod tests {
    use model::{ConnectionId, WorkspaceId};

    use super::*;

    fn workspace(name: &str, state: WorkspaceState, is_favourite: bool) -> TrayWorkspace {
        TrayWorkspace {
            workspace: WorkspaceRef {
                connection_id: ConnectionId::from_raw("c"),
                workspace_id: WorkspaceId::from_raw(name),
            },
            name: name.into(),
            connection_name: "forge-1".into(),
            state,
            is_favourite,
            has_web_ide: name != "db",
        }
    }

    fn text(items: &[TrayItem], indent: usize) -> String {
        let lines = items.iter().map(|item| {
            let pad = "  ".repeat(indent);
            match item {
                TrayItem::Label { text } => format!("{pad}{text}\n"),
                TrayItem::Action { id, text } => format!("{pad}[{text}] {id}\n"),
                TrayItem::Separator => format!("{pad}--\n"),
                TrayItem::Submenu { text: title, items } => {
                    format!("{pad}{title} >\n{}", text(items, indent + 1))
                }
            }
        });
        lines.collect()
    }

    fn check(state: &TrayState, expected: &str) {
        let lines =
            |text: &str| text.trim().lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(lines(&text(&menu(state), 0)), lines(expected));
    }

    #[test]
    fn an_empty_app_offers_its_window() {
        check(
            &TrayState::default(),
            "\
No connections yet
--
[Open Moorline] open
[Settings] settings
--
[Quit] quit",
        );
    }

    #[test]
    fn favourites_stand_first_with_what_can_be_done_to_them() {
        let state = TrayState {
            language: "en".into(),
            connected: 5,
            connections: 7,
            workspaces: vec![
                workspace("api", WorkspaceState::Running, true),
                workspace("db", WorkspaceState::Running, false),
                workspace("old", WorkspaceState::Unknown, false),
                workspace("web", WorkspaceState::Stopped, true),
                workspace("wip", WorkspaceState::Stopping, true),
            ],
        };
        check(
            &state,
            "\
5 of 7 connected
--
[Stop api (forge-1)] stop:c:api
[Start web (forge-1)] start:c:web
wip (forge-1): stopping…
Other >
  [Stop db (forge-1)] stop:c:db
  old (forge-1): not connected
--
Open IDE >
  [api (forge-1)] ide:c:api
Open terminal >
  [api (forge-1)] terminal:c:api
  [db (forge-1)] terminal:c:db
--
[Open Moorline] open
[Settings] settings
--
[Disconnect 5 servers and quit] quit",
        );
    }

    #[test]
    fn a_long_list_is_cut_and_says_where_the_rest_is() {
        let many = (0..40).map(|n| workspace(&format!("w{n:02}"), WorkspaceState::Stopped, false));
        let state = TrayState {
            connected: 1,
            connections: 1,
            workspaces: many.collect(),
            ..TrayState::default()
        };
        let items = menu(&state);
        let Some(TrayItem::Submenu { items, .. }) =
            items.iter().find(|item| matches!(item, TrayItem::Submenu { .. }))
        else {
            panic!("no submenu");
        };
        assert_eq!(items.len(), CAP + 1);
        let last =
            TrayItem::Action { id: "workspaces".into(), text: "20 more in the window".into() };
        assert_eq!(items.last(), Some(&last));
    }
}
