//! A template of many files: what travels, what is kept, and how often the server is asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use backend_api::{LabMaterial, LabRequest, LabSink, StepSink};
use model::{LabId, LabVerb};
use tests::far::{Far, RoundTrip};
use tests::labs::LabServer;

use super::rig::{Notebook, Rig, id, made_up, request, run};

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

fn ask(text: &str, lab_id: Option<LabId>) -> LabRequest {
    LabRequest { material: Some(many(text)), ..request(LabVerb::Create, "many", lab_id, None) }
}

#[test]
fn only_what_changed_travels_and_what_others_changed_is_kept() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        let notebook = Arc::new(Notebook::default());
        labs.carry_out(&ask("one", None), notebook.as_ref(), &rig.cx).await.unwrap();
        let folder = server.folder("many");
        assert!(folder.join("part-3/file-3.j2").exists());

        let plan = labs.plan(&ask("one", Some(id("many"))), &rig.cx).await.unwrap();
        let sync = plan.sync.unwrap();
        assert!(sync.changed.is_empty() && sync.removed.is_empty(), "{sync:?}");
        assert_eq!(sync.unchanged, 503);

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
        let kept = std::fs::read_dir(folder.join(".moorline-kept")).unwrap();
        let kept: Vec<_> = kept.map(|run| run.unwrap().path().join("changing.txt")).collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), "by somebody else");
        assert_eq!(read("part-3/file-3.j2"), "text 3");
        an_unchanged_sync_is_two_round_trips(&server).await;
    });
}

/// Makes the server far away while a sync goes on, and takes the time.
struct Stopwatch {
    round_trip: RoundTrip,
    far: Duration,
    begun: Mutex<Vec<Instant>>,
}

impl StepSink for Stopwatch {
    fn begin(&self, index: usize) {
        self.begun.lock().unwrap().push(Instant::now());
        self.round_trip.set(if index == 0 { self.far } else { Duration::ZERO });
    }
    fn skip(&self, _index: usize) {}
}

impl LabSink for Stopwatch {
    fn lab(&self, _id: &LabId, _instance: Option<u16>) {}
    fn job(&self, _job: &str) {}
    fn cancel_means(&self, _sentence: &str) {}
}

async fn an_unchanged_sync_is_two_round_trips(server: &LabServer) {
    let round_trip = RoundTrip::new(Duration::ZERO);
    let sshd = SocketAddr::from((server.sshd().address, server.sshd().port));
    let far = Far::to(&[sshd], &round_trip).unwrap();
    let rig = Rig::through(server, far.ports[0]).await;
    let labs = rig.session.labs().unwrap();
    let time = async |far| {
        let watch = Stopwatch { round_trip: round_trip.clone(), far, begun: Mutex::default() };
        labs.carry_out(&ask("two", Some(id("many"))), &watch, &rig.cx).await.unwrap();
        let begun = watch.begun.into_inner().unwrap();
        begun[1] - begun[0]
    };
    let near = time(Duration::ZERO).await;
    let trip = Duration::from_secs(1);
    let away = time(trip).await;
    assert!(away >= trip, "the files were not looked at: {away:?}");
    assert!(away <= 2 * trip + near, "{away:?}, and {near:?} without any distance");
}
