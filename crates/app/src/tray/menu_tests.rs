//! The whole menu for a state, line by line.

use model::{ConnectionId, LabId, LabRef, WorkspaceId};

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
        has_ssh: name != "db",
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
        editor: Editor::Zed,
        connected: 5,
        connections: 7,
        workspaces: vec![
            workspace("api", WorkspaceState::Running, true),
            workspace("db", WorkspaceState::Running, false),
            workspace("old", WorkspaceState::Unknown, false),
            workspace("web", WorkspaceState::Stopped, true),
            workspace("wip", WorkspaceState::Stopping, true),
        ],
        ..TrayState::default()
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
Open in Zed >
  [api (forge-1)] editor:c:api
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
fn what_only_has_a_terminal_offers_no_editor() {
    let open_in = |name: &str, editor| {
        let workspaces = vec![workspace(name, WorkspaceState::Running, false)];
        let lines = menu(&TrayState { editor, workspaces, ..TrayState::default() });
        let titles = lines.into_iter().filter_map(|line| match line {
            TrayItem::Submenu { text, .. } => Some(text),
            _ => None,
        });
        titles.collect::<Vec<_>>()
    };
    assert_eq!(open_in("db", Editor::VsCode), ["Open terminal"]);
    let all = open_in("api", Editor::Terminal);
    assert_eq!(all, ["Open IDE", "Open in a terminal of this computer", "Open terminal"]);
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
    let last = TrayItem::Action { id: "workspaces".into(), text: "20 more in the window".into() };
    assert_eq!(items.last(), Some(&last));
}

#[test]
fn favourite_tunnels_are_started_and_stopped_and_all_are_counted() {
    let tunnel = |name: &str, state, is_favourite| TrayTunnel {
        id: model::TunnelId::from_raw(name),
        name: name.into(),
        state,
        is_favourite,
    };
    let mut state = TrayState {
        tunnels: vec![
            tunnel("db", TrayTunnelState::Open, true),
            tunnel("logs", TrayTunnelState::Troubled, true),
            tunnel("mail", TrayTunnelState::Off, true),
            tunnel("web", TrayTunnelState::Open, false),
        ],
        ..TrayState::default()
    };
    check(
        &state,
        "\
2 of 3 tunnels open
--
[Stop tunnel db] stop-tunnel:db
[Stop tunnel logs: not open now] stop-tunnel:logs
[Start tunnel mail] start-tunnel:mail
--
[Open Moorline] open
[Settings] settings
--
[Quit] quit",
    );
    (state.connected, state.connections) = (1, 2);
    let first = menu(&state).into_iter().next();
    let text = "1 of 2 connected · 2 of 3 tunnels open".into();
    assert_eq!(first, Some(TrayItem::Label { text }));
}

#[test]
fn favourite_labs_are_started_and_stopped() {
    let lab = |name: &str, state, is_busy| TrayLab {
        lab: LabRef {
            connection_id: ConnectionId::from_raw("c"),
            lab_id: LabId::from_raw(format!("/labs/{name}")),
        },
        name: name.into(),
        connection_name: "lab-1".into(),
        state,
        is_busy,
    };
    let state = TrayState {
        connected: 1,
        connections: 1,
        labs: vec![
            lab("bgp", LabState::Partly, false),
            lab("evpn", LabState::Starting, true),
            lab("isis", LabState::Running, true),
            lab("ospf", LabState::Created, false),
            lab("rip", LabState::Unknown, false),
        ],
        ..TrayState::default()
    };
    check(
        &state,
        "\
1 connected
--
[Stop lab bgp (lab-1)] stop-lab:c:/labs/bgp
Lab evpn (lab-1): starting…
Lab isis (lab-1): a run is going on
[Start lab ospf (lab-1)] start-lab:c:/labs/ospf
Lab rip (lab-1): not connected
--
[Open Moorline] open
[Settings] settings
--
[Disconnect 1 server and quit] quit",
    );
}
