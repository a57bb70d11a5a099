//! The life of one lab: made, started, looked at, talked to, collected, taken down.

use std::time::Duration;

use backend_api::{ExecRequest, TerminalInput, TerminalOptions, TerminalOutput};
use bytes::Bytes;
use futures::StreamExt;
use model::{LabState, LabVerb, NodeState, TerminalSize};
use tests::labs::{API_PASSWORD, LabServer};

use super::leftovers::nothing_is_left;
use super::rig::{Rig, id, request, run};

const ADJACENT: Duration = Duration::from_secs(40);

/// Types into the console of a node until it shows the adjacency.
async fn see_adjacency(rig: &Rig, console: &model::WorkspaceId) {
    let size = TerminalSize { columns: 120, rows: 40 };
    let options = TerminalOptions { size, argv: None, user: None };
    let exec = rig.session.exec().unwrap();
    let mut terminal = exec.terminal(console, options, &rig.cx).await.unwrap();
    assert_eq!(terminal.program, "vtysh");
    let mut shown = String::new();
    let seeing = async {
        let mut every = tokio::time::interval(Duration::from_millis(500));
        while !shown.contains("Full/") {
            tokio::select! {
                _ = every.tick() => {
                    let line = Bytes::from_static(b"show ip ospf neighbor\n");
                    terminal.input.send(TerminalInput::Bytes(line)).await.unwrap();
                }
                item = terminal.output.next() => match item {
                    Some(Ok(TerminalOutput::Bytes(bytes))) => {
                        shown.push_str(&String::from_utf8_lossy(&bytes));
                    }
                    other => panic!("{other:?} after {shown}"),
                },
            }
        }
    };
    tokio::time::timeout(ADJACENT, seeing).await.unwrap();
}

#[test]
fn a_lab_lives_from_template_to_nothing() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        assert!(labs.features().dialect.contains("26.2"), "{:?}", labs.features());
        assert!(rig.session.server(&rig.cx).await.unwrap().product.starts_with("netlab 2"));
        assert!(labs.labs(&rig.cx).await.unwrap().is_empty());

        let ask = request(LabVerb::Start, "pair", None, Some("two-ospf"));
        let plan = labs.plan(&ask, &rig.cx).await.unwrap();
        assert!(plan.problems.is_empty(), "{:?}", plan.problems);
        assert_eq!(plan.instance, Some(1));
        assert_eq!(plan.sync.unwrap().changed, ["topology-defaults.yml", "topology.yml"]);
        assert!(!server.folder("pair").exists(), "a plan only reads");

        rig.make(LabVerb::Create, "pair", "two-ospf").await.good();
        let created = labs.lab(&id("pair"), &rig.cx).await.unwrap();
        assert_eq!(created.lab.state, LabState::Created);
        let made = server.folder("pair").join("netlab.topology.json");
        assert!(std::fs::read_to_string(made).unwrap().contains(API_PASSWORD), "netlab leaks it");
        assert!(!format!("{created:?}").contains(API_PASSWORD));
        assert_eq!(created.graph.as_ref().map(|graph| graph.links.len()), Some(1));
        assert!(created.nodes.iter().all(|node| node.state == NodeState::Absent));

        let started = rig.ask(LabVerb::Start, "pair").await;
        let text = started.notebook.text();
        assert_eq!(*started.notebook.steps.lock().unwrap(), [0, 1, 2], "{text}");
        assert_eq!(started.notebook.jobs.lock().unwrap().len(), 1);
        started.good();
        assert!(text.contains("starting provider clab"), "{text}");
        assert!(!text.contains(API_PASSWORD));

        let list = labs.labs(&rig.cx).await.unwrap();
        assert_eq!(list.len(), 1, "{list:?}");
        assert_eq!((list[0].name.as_str(), list[0].state), ("pair", LabState::Running));
        assert_eq!((list[0].nodes_running, list[0].nodes_total), (Some(2), Some(2)));
        let detail = labs.lab(&id("pair"), &rig.cx).await.unwrap();
        assert_eq!(detail.as_of, None);
        let node = detail.nodes.iter().find(|node| node.name == "r1").unwrap();
        assert_eq!((node.kind.as_str(), node.state), ("frr", NodeState::Running));
        see_adjacency(&rig, node.console.as_ref().unwrap()).await;

        let argv = ["vtysh", "-c", "show version"].map(str::to_owned).into();
        let exec = ExecRequest { argv, ..ExecRequest::default() };
        let console = node.console.clone().unwrap();
        let said = rig.session.exec().unwrap().run(&console, exec, &rig.cx).await.unwrap();
        assert!(String::from_utf8_lossy(&said.stdout).contains("FRRouting"), "{said:?}");

        let rig = nothing_is_left(rig, &server, &console).await;
        let labs = rig.session.labs().unwrap();

        server.docker(&["stop", "-t", "1", "clab-ml-1-r2"]).unwrap();
        let detail = labs.lab(&id("pair"), &rig.cx).await.unwrap();
        let states: Vec<_> = detail.nodes.iter().map(|node| node.state).collect();
        assert_eq!(states, [NodeState::Running, NodeState::Stopped]);
        assert_eq!(detail.lab.state, LabState::Partly);
        server.docker(&["start", "clab-ml-1-r2"]).unwrap();

        rig.ask(LabVerb::Stop, "pair").await.good();
        assert_eq!(server.docker(&["ps", "--all", "--quiet"]).unwrap(), "");
        assert_eq!(labs.labs(&rig.cx).await.unwrap()[0].state, LabState::Created);
        rig.ask(LabVerb::Destroy, "pair").await.good();
        assert!(labs.labs(&rig.cx).await.unwrap().is_empty());
        assert!(!server.folder("pair").exists());
    });
}

#[test]
fn a_lab_with_jinja_files_beside_it_restarts() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        rig.make(LabVerb::Start, "jinja", "jinja").await.good();
        let shown = server.docker(&["exec", "clab-ml-1-r1", "vtysh", "-c", "show running-config"]);
        assert!(shown.unwrap().contains("description r1 from the template"));
        let restarted = rig.ask(LabVerb::Restart, "jinja").await;
        assert_eq!(restarted.notebook.jobs.lock().unwrap().len(), 2, "two jobs");
        restarted.good();
        rig.ask(LabVerb::Destroy, "jinja").await.good();
    });
}
