//! What lists and marks make of labs.

use std::collections::BTreeMap;

use model::{Kind, LabOrigin, LabTemplatePick, TemplateId};

use super::*;

fn connection() -> Connection {
    Connection {
        id: ConnectionId::from_raw("c"),
        kind: Kind::new("fake"),
        name: "lab-1".into(),
        fields: BTreeMap::new(),
        secrets: BTreeMap::new(),
        ssh_host_id: None,
        connect_at_start: false,
        created_at: 0,
    }
}

fn lab(name: &str, state: LabState) -> Lab {
    let kept = KeptLab { name: name.into(), ..KeptLab::default() };
    Lab { state, ..unlisted(&reference(name), &kept) }
}

fn reference(name: &str) -> LabRef {
    LabRef { connection_id: ConnectionId::from_raw("c"), lab_id: LabId::from_raw(name) }
}

fn ours(name: &str) -> KeptLab {
    let template =
        LabTemplatePick { template_id: TemplateId::from_raw("t"), topology: "topology.yml".into() };
    KeptLab {
        name: name.into(),
        origin: Some(LabOrigin {
            template,
            template_name: "t".into(),
            commit: None,
            variables: BTreeMap::new(),
            created_at: 0,
        }),
        ..KeptLab::default()
    }
}

fn shown(labs: &Labs) -> Vec<(String, LabState, bool, bool)> {
    let views = labs.views(&connection()).into_iter();
    views
        .map(|view| {
            let is_ours = view.origin.is_some();
            (view.lab.name, view.lab.state, is_ours, view.stale_since.is_some())
        })
        .collect()
}

#[test]
fn a_lab_that_its_server_does_not_list_is_still_there() {
    let mut labs = Labs::default();
    labs.keep(reference("ospf"), ours("ospf"));
    labs.keep(reference("bgp"), KeptLab { state: Some(LabState::Failed), ..ours("bgp") });
    labs.keep(reference("isis"), ours("isis"));
    labs.keep(reference("theirs"), KeptLab { is_favourite: true, ..KeptLab::default() });
    let rows = vec![lab("isis", LabState::Running), lab("other", LabState::Partly)];
    assert!(labs.listed(&connection().id, rows, 5));
    let expected = [
        ("bgp", LabState::Failed, true),
        ("isis", LabState::Running, true),
        ("ospf", LabState::Created, true),
        ("other", LabState::Partly, false),
    ];
    let expected = expected.map(|(name, state, ours)| (name.to_owned(), state, ours, false));
    assert_eq!(shown(&labs), expected);
    assert_eq!(labs.count(&connection().id), 4);
}

#[test]
fn what_is_not_listed_now_is_stale() {
    let mut labs = Labs::default();
    labs.restore(connection().id, vec![lab("isis", LabState::Running)], 5);
    assert_eq!(shown(&labs), [("isis".to_owned(), LabState::Unknown, false, true)]);
    labs.listed(&connection().id, vec![lab("isis", LabState::Running)], 6);
    assert_eq!(shown(&labs), [("isis".to_owned(), LabState::Running, false, false)]);
    assert!(labs.lost(&connection().id));
    assert!(!labs.lost(&connection().id));
    assert_eq!(labs.views(&connection())[0].stale_since, Some(6));
}

#[test]
fn a_lab_takes_one_run_at_a_time_and_shows_it() {
    let mut labs = Labs::default();
    let id = connection().id;
    labs.listed(&id, vec![lab("isis", LabState::Running)], 5);
    let (first, second) = (RunId::from_raw("1"), RunId::from_raw("2"));
    let isis = || (&id, Some(LabId::from_raw("isis")), "isis");
    assert_eq!(labs.began(first.clone(), isis(), Some(LabState::Stopping)), Ok(()));
    assert_eq!(labs.began(second.clone(), isis(), None), Err(first.clone()));
    // One that is made has no id yet: its name is the only thing to tell it by.
    assert_eq!(labs.began(second.clone(), (&id, None, "isis"), None), Err(first.clone()));
    assert_eq!(labs.began(second.clone(), (&id, None, "new"), None), Ok(()));
    labs.named(&second, &LabId::from_raw("/x/new"));
    let third = RunId::from_raw("3");
    let new = (&id, Some(LabId::from_raw("/x/new")), "new");
    assert_eq!(labs.began(third, new, None), Err(second.clone()));
    let view = labs.views(&connection()).remove(0);
    assert_eq!((view.lab.state, view.run_id), (LabState::Stopping, Some(first.clone())));
    labs.ended(&first);
    let view = labs.views(&connection()).remove(0);
    assert_eq!((view.lab.state, view.run_id), (LabState::Running, None));
}

#[test]
fn consoles_of_a_lab_without_nodes_are_dead() {
    let mut labs = Labs::default();
    let id = connection().id;
    labs.listed(&id, vec![lab("isis", LabState::Running)], 5);
    labs.set_consoles(&reference("isis"), vec![("r1".into(), WorkspaceId::from_raw("n1"))]);
    let console =
        WorkspaceRef { connection_id: id.clone(), workspace_id: WorkspaceId::from_raw("n1") };
    assert_eq!(labs.console(&console).map(|console| console.node.as_str()), Some("r1"));
    assert!(labs.dead_consoles(&id).is_empty());
    labs.listed(&id, vec![lab("isis", LabState::Stopped)], 6);
    assert_eq!(labs.dead_consoles(&id).as_slice(), std::slice::from_ref(&console));
    labs.listed(&id, Vec::new(), 7);
    assert_eq!(labs.dead_consoles(&id), [console]);
}
