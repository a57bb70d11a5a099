//! A rebuild on the real server: what it keeps, what brings the old one back, and a port that others hold.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend_api::{Cx, LogSink, Session, StepSink};
use model::{ASIDE_SUFFIX, Failure, FormValues, LogStream, RebuildPlan, WorkspaceId};
use testkit::{CutDial, DirectDial};
use tests::podman::{BOX_IMAGE, BROKEN_IMAGE, PodmanService};
use tokio_util::sync::CancellationToken;

use super::making::make;
use super::rig::{PodmanRig, values};

struct NoSteps;

impl StepSink for NoSteps {
    fn begin(&self, _index: usize) {}
    fn skip(&self, _index: usize) {}
}

#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl LogSink for Lines {
    fn line(&self, _stream: LogStream, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

async fn plan(session: &dyn Session, id: &WorkspaceId, input: &FormValues, cx: &Cx) -> RebuildPlan {
    session.rebuild().unwrap().plan(id, input, cx).await.unwrap()
}

async fn rebuild(
    session: &dyn Session,
    id: &WorkspaceId,
    plan: &RebuildPlan,
    cx: &Cx,
) -> Result<WorkspaceId, Failure> {
    let rebuild = session.rebuild().unwrap();
    let made = rebuild.rebuild(id, &plan.plan, &NoSteps, &|_| {}, cx).await;
    made.map(|made| made.workspace_id).map_err(Failure::from)
}

/// Every container with its state: Up, Exited or Created.
fn names(service: &PodmanService) -> Vec<String> {
    let rows = service.podman(&["ps", "--all", "--format", "{{.Names}} {{.Status}}"]).unwrap();
    let short = |row: &str| row.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut names: Vec<String> = rows.lines().map(short).collect();
    names.sort();
    names
}

fn box_input(name: &str) -> FormValues {
    values(&[
        ("name", name),
        ("image", BOX_IMAGE),
        ("ports", "5432"),
        ("memory", "64"),
        ("environment", "GREETING=it's me\nSECRET=abc"),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_rebuild_brings_the_old_one_back() {
    let mut rig = PodmanRig::direct();
    let cut = CutDial::new(Arc::new(DirectDial::default()));
    rig.dial = Arc::new(cut.clone());
    let done = testkit::conformance::survives_every_fault(&rig, &cut, "faulty", "faulty-cache");
    done.await.unwrap();
}

#[tokio::test]
async fn a_rebuild_changes_what_was_asked_and_keeps_the_rest() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let (_, id) = make(session.as_ref(), &box_input("atlas-api"), &cx).await.unwrap();
    rig.service.podman(&["exec", "atlas-api", "touch", "/workspace/work", "/tmp/lost"]).unwrap();
    let before = session.inspect(&id, &cx).await.unwrap();
    let input = values(&[
        ("ports", "8080 9000"),
        ("memory", "96"),
        ("environment", "ADDED=1"),
        ("without", "SECRET"),
    ]);
    let plan = plan(session.as_ref(), &id, &input, &cx).await;
    assert_eq!(plan.plan.problems, []);
    let changed: Vec<&str> = plan
        .changes
        .iter()
        .filter(|change| change.before != change.after)
        .map(|change| change.what.as_str())
        .collect();
    assert_eq!(changed, ["Memory", "Ports", "Environment"]);
    let environment = plan.changes.iter().find(|change| change.what == "Environment").unwrap();
    assert_eq!(environment.after, "2 variables; ADDED set; without SECRET");
    assert!(!format!("{:?}", plan.changes).contains("abc"), "values stand in no change");
    let new = rebuild(session.as_ref(), &id, &plan, &cx).await.unwrap();
    assert_ne!(new, id);
    let after = session.inspect(&new, &cx).await.unwrap();
    let ports = |detail: &model::WorkspaceDetail| -> Vec<(u16, Option<u16>)> {
        detail.workspace.ports.iter().map(|port| (port.port, port.server_port)).collect()
    };
    let (old_ports, new_ports) = (ports(&before), ports(&after));
    let inside: Vec<u16> = new_ports.iter().map(|(inside, _)| *inside).collect();
    assert_eq!(inside, [22, 3000, 8080, 9000]);
    assert!(
        new_ports
            .iter()
            .filter(|port| [22, 3000, 8080].contains(&port.0))
            .all(|port| old_ports.contains(port))
    );
    assert_eq!(after.volumes, before.volumes);
    assert_eq!(after.limits.memory_bytes, Some(96 * 1024 * 1024));
    for label in ["l8s.managed", "l8s.ssh.port", "l8s.web.port", "l8s.owner"] {
        assert_eq!(after.labels.get(label), before.labels.get(label), "{label}");
    }
    let env = rig.service.podman(&["exec", "atlas-api", "env"]).unwrap();
    assert!(env.contains("GREETING=it's me") && env.contains("ADDED=1"), "{env}");
    assert!(!env.contains("SECRET"), "{env}");
    rig.service.podman(&["exec", "atlas-api", "test", "-e", "/workspace/work"]).unwrap();
    rig.service.podman(&["exec", "atlas-api", "test", "-e", "/tmp/lost"]).unwrap_err();
    assert_eq!(names(&rig.service), ["atlas-api Up"]);
}

#[tokio::test]
async fn an_image_that_does_not_run_leaves_the_old_one_running_with_its_ports() {
    let rig = PodmanRig::direct();
    let session = rig.session().await;
    let lines = Arc::new(Lines::default());
    let cx = rig.cx().for_call(CancellationToken::new(), lines.clone());
    let (_, id) = make(session.as_ref(), &box_input("atlas-api"), &cx).await.unwrap();
    let plan = plan(session.as_ref(), &id, &values(&[("image", BROKEN_IMAGE)]), &cx).await;
    let failure = rebuild(session.as_ref(), &id, &plan, &cx).await.unwrap_err();
    assert_eq!(
        failure.message,
        "\"atlas-api\" ended right after its start with exit code 3; the old \"atlas-api\" runs again"
    );
    assert_eq!(failure.hint.as_deref(), Some("Its last words: cannot go on"));
    assert_eq!(names(&rig.service), ["atlas-api Up"]);
    let found = rig.service.podman(&["inspect", "--format", "{{.Id}}", "atlas-api"]).unwrap();
    assert_eq!(found, id.as_str());
    let said = lines.0.lock().unwrap().join("\n");
    assert!(said.contains("the old atlas-api runs again"), "{said}");
    // The forwarding rules of its ports are there again.
    let mut stream = session.endpoints().unwrap().dial(&id, 3000, &cx).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"ping").await.unwrap();
    let mut answer = [0; 4];
    let read = tokio::io::AsyncReadExt::read_exact(&mut stream, &mut answer);
    tokio::time::timeout(Duration::from_secs(5), read).await.unwrap().unwrap();
    assert_eq!(&answer, b"ping");
}

#[tokio::test]
async fn an_ide_that_answered_before_has_to_answer_again() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let (_, id) = make(session.as_ref(), &box_input("atlas-api"), &cx).await.unwrap();
    // It stays up, and nothing listens on the IDE's port 8080 any more.
    let input = values(&[("command", "sleep 3600")]);
    let plan = plan(session.as_ref(), &id, &input, &cx).await;
    let cancel = CancellationToken::new();
    let watched = cx.for_call(cancel.clone(), cx.log.clone());
    let session: Arc<dyn Session> = Arc::from(session);
    let work = tokio::spawn({
        let (session, id) = (session.clone(), id.clone());
        async move { rebuild(session.as_ref(), &id, &plan, &watched).await }
    });
    let waits = async {
        loop {
            let all = names(&rig.service);
            if all.contains(&"atlas-api Up".to_owned()) && all.len() == 2 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waits).await.unwrap();
    // It does not count as working after the second that a program without an IDE needs.
    let early = tokio::time::sleep(Duration::from_secs(3));
    tokio::select! {
        () = early => {}
    }
    assert!(!work.is_finished(), "the silent IDE is waited for");
    cancel.cancel();
    let failure = work.await.unwrap().unwrap_err();
    assert_eq!(failure.code, model::ErrorCode::Cancelled);
    assert_eq!(names(&rig.service), ["atlas-api Up"]);
    let found = rig.service.podman(&["inspect", "--format", "{{.Id}}", "atlas-api"]).unwrap();
    assert_eq!(found, id.as_str());
}

#[tokio::test]
async fn a_stopped_one_stays_stopped_and_a_port_that_others_hold_is_named_first() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let (_, id) = make(session.as_ref(), &box_input("atlas-api"), &cx).await.unwrap();
    session.lifecycle().unwrap().stop(&id, &cx).await.unwrap();
    let made = plan(session.as_ref(), &id, &FormValues::new(), &cx).await;
    let id = rebuild(session.as_ref(), &id, &made, &cx).await.unwrap();
    assert_eq!(names(&rig.service), ["atlas-api Exited"]);
    let port = session.list(&cx).await.unwrap()[0].ports[0].server_port.unwrap();
    let mapping = format!("127.0.0.1:{port}:22");
    rig.service.podman(&["run", "-d", "--name", "foreign", "-p", &mapping, BOX_IMAGE]).unwrap();
    let made = plan(session.as_ref(), &id, &FormValues::new(), &cx).await;
    let problems: Vec<&str> =
        made.plan.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, [format!("foreign holds port {port} of forge-1. Stop it first.")]);
    assert_eq!(names(&rig.service), ["atlas-api Exited", "foreign Up"]);
}

#[tokio::test]
async fn what_a_crash_left_half_way_is_brought_back() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let (_, id) = make(session.as_ref(), &box_input("atlas-api"), &cx).await.unwrap();
    let made = plan(session.as_ref(), &id, &FormValues::new(), &cx).await;
    // As after a crash between the new one's creation and its start.
    let aside = format!("atlas-api{ASIDE_SUFFIX}");
    rig.service.podman(&["stop", "--time", "1", "atlas-api"]).unwrap();
    rig.service.podman(&["rename", "atlas-api", &aside]).unwrap();
    let label = format!("moorline.rebuild.of={id}");
    rig.service.podman(&["create", "--name", "atlas-api", "--label", &label, BOX_IMAGE]).unwrap();
    let list = session.list(&cx).await.unwrap();
    let left = list.iter().find(|one| one.id == id).unwrap();
    assert_eq!(left.state_remark.as_deref(), Some("put aside by a rebuild of atlas-api"));
    session.rebuild().unwrap().restore(&id, &made.plan.input, &cx).await.unwrap();
    assert_eq!(names(&rig.service), ["atlas-api Up"]);
    // A stranger who took the name keeps it.
    rig.service.podman(&["rename", "atlas-api", &aside]).unwrap();
    rig.service.podman(&["create", "--name", "atlas-api", BOX_IMAGE]).unwrap();
    let error = session.rebuild().unwrap().restore(&id, &made.plan.input, &cx).await.unwrap_err();
    let failure = Failure::from(error);
    assert_eq!(failure.message, "another container is called \"atlas-api\" on \"forge-1\" now");
    assert_eq!(names(&rig.service), ["atlas-api Created", &format!("{aside} Up")]);
}

#[tokio::test]
async fn a_container_of_l8s_keeps_what_l8s_needs() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let first = rig.fields["port_range"].split('-').next().unwrap().to_owned();
    let (ssh, web) = (format!("{first}:22"), format!("{}:3000", rig.fields["web_port_start"]));
    let labels =
        [format!("l8s.ssh.port={first}"), format!("l8s.web.port={}", rig.fields["web_port_start"])];
    let name = "dev-atlas-3fa9c1";
    rig.service
        .podman(&[
            "run",
            "-d",
            "--name",
            name,
            "--hostname",
            name,
            "--label",
            "l8s.managed=true",
            "--label",
            &labels[0],
            "--label",
            &labels[1],
            "-p",
            &ssh,
            "-p",
            &web,
            "--env",
            "USER=dev",
            "--env",
            "HOME=/home/dev",
            "-v",
            "dev-atlas-3fa9c1-home:/home/dev:U",
            "-v",
            "dev-atlas-3fa9c1-workspace:/workspace:U",
            BOX_IMAGE,
            "/bin/box",
        ])
        .unwrap();
    let id = session.list(&cx).await.unwrap()[0].id.clone();
    let made = plan(session.as_ref(), &id, &FormValues::new(), &cx).await;
    assert_eq!(made.plan.problems, []);
    assert!(made.plan.warnings.iter().any(|warning| warning.contains("every address")));
    let new = rebuild(session.as_ref(), &id, &made, &cx).await.unwrap();
    let after = session.inspect(&new, &cx).await.unwrap();
    assert_eq!(after.labels["l8s.ssh.port"], first);
    let volumes: Vec<&str> = after.volumes.iter().map(|volume| volume.name.as_str()).collect();
    assert_eq!(volumes.len(), 2);
    let ports = rig.service.podman(&["port", name]).unwrap();
    assert!(ports.contains(&format!("22/tcp -> 0.0.0.0:{first}")), "{ports}");
    let env = rig.service.podman(&["exec", name, "env"]).unwrap();
    assert!(env.contains("HOME=/home/dev") && env.contains("USER=dev"), "{env}");
}
