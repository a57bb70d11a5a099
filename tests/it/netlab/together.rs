//! More than one lab on a server, and a template of many files.

use std::sync::Arc;
use std::time::Instant;

use backend_api::{LabMaterial, LabRequest};
use model::{LabState, LabVerb};
use tests::labs::LabServer;

use super::rig::{Notebook, Rig, id, made_up, request, run};

#[test]
fn two_labs_run_beside_each_other_by_their_numbers() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        let (one, two) = tokio::join!(
            rig.make(LabVerb::Start, "one", "two-ospf"),
            rig.make(LabVerb::Start, "two", "two-ospf"),
        );
        one.good();
        two.good();
        let list = labs.labs(&rig.cx).await.unwrap();
        let mut numbers: Vec<_> = list.iter().map(|lab| lab.instance.clone().unwrap()).collect();
        numbers.sort();
        assert_eq!(numbers, ["1", "2"], "{list:?}");
        assert!(list.iter().all(|lab| lab.state == LabState::Running), "{list:?}");
        rig.ask(LabVerb::Destroy, "one").await.good();
        let list = labs.labs(&rig.cx).await.unwrap();
        assert_eq!(list.len(), 1, "the other is left alone: {list:?}");
        rig.ask(LabVerb::Destroy, "two").await.good();
    });
}

/// Five hundred files beside a topology.
fn many(changed: &str) -> LabMaterial {
    let mut files: Vec<_> = (0..500)
        .map(|number| (format!("part-{}/file-{number}.j2", number % 10), format!("text {number}")))
        .collect();
    let topology = "defaults.device: frr\nmodule: [ ospf ]\nnodes: [ r1, r2 ]\nlinks: [ r1-r2 ]\n";
    files.push(("topology.yml".into(), topology.into()));
    files.push(("changing.txt".into(), changed.into()));
    LabMaterial {
        files: made_up(&files),
        topology: "topology.yml".into(),
        variables: Default::default(),
    }
}

#[test]
fn only_what_changed_travels_and_what_others_changed_is_kept() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        let ask = |text: &str, lab_id| LabRequest {
            material: Some(many(text)),
            ..request(LabVerb::Create, "many", lab_id, None)
        };
        let notebook = Arc::new(Notebook::default());
        labs.carry_out(&ask("one", None), notebook.as_ref(), &rig.cx).await.unwrap();
        let folder = server.folder("many");
        assert!(folder.join("part-3/file-3.j2").exists());

        let began = Instant::now();
        let plan = labs.plan(&ask("one", Some(id("many"))), &rig.cx).await.unwrap();
        let sync = plan.sync.unwrap();
        assert!(sync.changed.is_empty() && sync.removed.is_empty(), "{sync:?}");
        assert_eq!(sync.unchanged, 503);
        println!("plan of 500 unchanged files: {:?}", began.elapsed());

        std::fs::write(folder.join("changing.txt"), "by somebody else").unwrap();
        std::fs::remove_file(folder.join("part-3/file-3.j2")).unwrap();
        let plan = labs.plan(&ask("two", Some(id("many"))), &rig.cx).await.unwrap();
        let sync = plan.sync.unwrap();
        assert_eq!(sync.changed, ["changing.txt", "part-3/file-3.j2"]);
        let warnings = plan.warnings;
        assert!(warnings.iter().any(|told| told.contains("changing.txt")), "{warnings:?}");
        labs.carry_out(&ask("two", Some(id("many"))), notebook.as_ref(), &rig.cx).await.unwrap();
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
        assert_eq!(read("changing.txt"), "two");
        assert_eq!(read(".moorline-kept/changing.txt"), "by somebody else");
        assert_eq!(read("part-3/file-3.j2"), "text 3");
    });
}
