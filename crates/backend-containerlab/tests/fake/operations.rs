//! Operations that go wrong as they do on real servers: each is told as what it is, then looked at.

use backend_api::BackendError;
use model::{Failure, LabOptions, LabState, LabVerb};
use testkit::clab::{CLAB_USER, Generation, OTHER_USER, Quirk};
use testkit::labs::{MemoryFiles, Notebook, Told};
use tokio_util::sync::CancellationToken;

use super::rig::{ClabRig, PAIR, carry_out, pair, request};

async fn started() -> ClabRig {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    rig
}

fn failure(result: Result<backend_api::LabDone, BackendError>) -> Failure {
    result.unwrap_err().into()
}

#[tokio::test]
async fn only_what_changed_travels() {
    let rig = started().await;
    let session = rig.session().await;
    let files = rig.fake.files(CLAB_USER);
    assert!(String::from_utf8_lossy(&files["pair/pair.clab.yml"]).contains("name: pair"));
    assert_eq!(&files["pair/configs/r1.cfg"][..], b"hostname r1\n");
    rig.fake.requests();
    let create = request(LabVerb::Create, Some(pair()));
    carry_out(session.as_ref(), &rig.cx(), &create).await.0.unwrap();
    let (manifest, folder) = ("GET /api/v1/labs/workspace/file", "GET /api/v1/labs/workspace/tree");
    assert_eq!(rig.fake.requests(), [manifest, folder, folder]);
    let changed = MemoryFiles::material(&[("topology.clab.yml", PAIR), ("new/r2.cfg", "x")]);
    let create = request(LabVerb::Create, Some(changed));
    carry_out(session.as_ref(), &rig.cx(), &create).await.0.unwrap();
    let files = rig.fake.files(CLAB_USER);
    assert!(files.contains_key("pair/new/r2.cfg") && !files.contains_key("pair/configs/r1.cfg"));
}

#[tokio::test]
async fn a_busy_lab_is_waited_for() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    rig.fake.next(Quirk::Busy(0));
    let start = request(LabVerb::Start, Some(pair()));
    let (done, notebook) = carry_out(session.as_ref(), &rig.cx(), &start).await;
    done.unwrap();
    assert!(notebook.lines().iter().any(|line| line.contains("busy with deploy operation")));
}

#[tokio::test]
async fn a_stream_without_an_end_is_looked_behind() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    rig.fake.next(Quirk::NothingDone);
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &start).await.0);
    assert!(error.message.contains("it has no nodes"), "{error:?}");
    rig.fake.next(Quirk::NoEnd);
    let (done, notebook) = carry_out(session.as_ref(), &rig.cx(), &start).await;
    done.unwrap();
    assert!(notebook.lines().iter().any(|line| line.contains("All 2 nodes run")));
}

#[tokio::test]
async fn an_error_in_a_good_answer_is_an_error() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    rig.fake.next(Quirk::ErrorLine("Failed to deploy lab 'pair': no space left on device".into()));
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &start).await.0);
    assert!(error.message.contains("no space left on device"), "{error:?}");
    assert!(error.hint.unwrap().contains("No node of the lab is on the server"));
}

#[tokio::test]
async fn ten_minutes_are_told_with_what_is_there() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    rig.fake.next(Quirk::TenMinutes);
    let start = request(LabVerb::Start, Some(pair()));
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &start).await.0);
    let hint = error.hint.unwrap();
    assert!(hint.contains("ten minutes") && hint.contains("All 1 nodes run"), "{hint}");
}

#[tokio::test]
async fn an_image_that_is_not_there_is_told_before_and_after() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let mut material = pair();
    material.variables.insert("IMAGE".into(), "lab/none:1".into());
    let mut start = request(LabVerb::Start, Some(material));
    start.lab_id = None;
    let plan = session.labs().unwrap().plan(&start, &rig.cx()).await.unwrap();
    assert_eq!(plan.images[0].is_present, Some(false));
    assert!(plan.warnings.iter().any(|warning| warning.contains("lab/none:1")));
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &start).await.0);
    assert!(error.message.contains("No such image"), "{error:?}");
    assert!(error.hint.unwrap().contains("docker pull"));
}

#[tokio::test]
async fn a_done_that_is_not_so_is_found_out() {
    let rig = started().await;
    let session = rig.session().await;
    rig.fake.next(Quirk::KeepsContainers);
    let destroy = request(LabVerb::Destroy, None);
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &destroy).await.0);
    assert!(error.message.contains("still there: r1 (running), r2 (running)"), "{error:?}");
}

#[tokio::test]
async fn a_cancel_ends_it_on_the_newer_server() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    rig.engine.hold();
    let notebook = std::sync::Arc::new(Notebook::default());
    let cx = rig.cx().for_call(CancellationToken::new(), notebook.clone());
    let start = request(LabVerb::Start, Some(pair()));
    let labs = session.labs().unwrap();
    let cancel = async {
        rig.engine.until_held(1).await;
        notebook.until_line("Creating container name=r1").await;
        cx.cancel.cancel();
    };
    let (done, ()) = tokio::join!(labs.carry_out(&start, notebook.as_ref(), &cx), cancel);
    assert!(matches!(done, Err(BackendError::Cancelled)), "{done:?}");
    let means = Told::CancelMeans("The server stops where it is, and nodes that were made stay. Moorline then looks what is there; destroying the lab removes it.".into());
    assert!(notebook.told().contains(&means));
    // The server lets go of it, and half of the lab is there.
    rig.engine.until_held(0).await;
    assert!(notebook.lines().iter().any(|line| line.contains("All 1 nodes run")));
}

#[tokio::test]
async fn a_lost_connection_is_looked_behind() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    rig.engine.hold();
    let start = request(LabVerb::Start, Some(pair()));
    let cut = async {
        rig.engine.until_held(1).await;
        rig.fake.cut();
    };
    let cx = rig.cx();
    let (told, ()) = tokio::join!(carry_out(session.as_ref(), &cx, &start), cut);
    let (done, notebook) = told;
    assert!(notebook.lines().iter().any(|line| line.contains("The connection broke")));
    assert!(matches!(done, Err(BackendError::Unreachable(_))), "{done:?}");
    assert!(notebook.lines().iter().any(|line| line.contains("All 1 nodes run")));
    let listed = session.labs().unwrap().labs(&rig.cx()).await.unwrap();
    assert_eq!(listed[0].nodes_total, Some(1));
}

#[tokio::test]
async fn a_plan_of_changes_is_shown_and_applied() {
    let rig = started().await;
    let session = rig.session().await;
    let three = PAIR.replace("    r2: {}\n", "    r2: {}\n    r3: {}\n");
    let material = MemoryFiles::material(&[
        ("topology.clab.yml", &three),
        ("configs/r1.cfg", "hostname r1\n"),
    ]);
    let apply = request(LabVerb::Apply, Some(material));
    let plan = session.labs().unwrap().plan(&apply, &rig.cx()).await.unwrap();
    assert_eq!(plan.changes.unwrap().added_nodes, ["r3"]);
    assert_eq!(plan.sync.unwrap().changed, ["pair.clab.yml"]);
    assert!(!rig.fake.files(CLAB_USER).keys().any(|path| path.contains("moorline-plan")));
    carry_out(session.as_ref(), &rig.cx(), &apply).await.0.unwrap();
    let listed = session.labs().unwrap().labs(&rig.cx()).await.unwrap();
    assert_eq!((listed[0].nodes_total, listed[0].state), (Some(3), LabState::Running));
}

#[tokio::test]
async fn labs_of_others_are_theirs() {
    let rig = started().await;
    let other = rig.session_of(OTHER_USER).await;
    let labs = other.labs().unwrap();
    assert!(labs.labs(&rig.cx()).await.unwrap().is_empty());
    let shown = labs.lab(&model::LabId::from_raw("pair"), &rig.cx()).await;
    assert!(matches!(shown, Err(BackendError::NotFound(_))));
    let start = request(LabVerb::Start, Some(pair()));
    let error = failure(carry_out(other.as_ref(), &rig.cx(), &start).await.0);
    assert!(error.message.contains("owned by 'clabuser'"), "{error:?}");
    let admin = rig.session_of(testkit::clab::CLAB_ADMIN).await;
    let listed = admin.labs().unwrap().labs(&rig.cx()).await.unwrap();
    assert_eq!((listed[0].owner.as_deref(), listed[0].is_mine), (Some(CLAB_USER), false));
}

#[tokio::test]
async fn the_older_server_forgets_whose_lab_it_redeployed() {
    let rig = ClabRig::start(Generation::Legacy0111).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    let redeploy = request(LabVerb::Redeploy, None);
    let plan = session.labs().unwrap().plan(&redeploy, &rig.cx()).await.unwrap();
    assert!(plan.warnings.iter().any(|warning| warning.contains("forgets whose lab it is")));
    let (done, notebook) = carry_out(session.as_ref(), &rig.cx(), &redeploy).await;
    done.unwrap();
    assert!(notebook.lines().iter().any(|line| line.contains("forgot whose lab it is")));
}

#[tokio::test]
async fn a_server_and_a_program_that_do_not_fit_are_told_apart() {
    let rig = ClabRig::start(Generation::Legacy0111).await;
    let session = rig.session().await;
    rig.fake.next(Quirk::DoesNotFit);
    let start = request(LabVerb::Start, Some(pair()));
    let plan = session.labs().unwrap().plan(&start, &rig.cx()).await;
    let error = Failure::from(plan.unwrap_err());
    assert!(error.hint.unwrap().contains("do not fit together"));
}

#[tokio::test]
async fn a_topology_that_will_not_do_is_a_problem_with_its_line() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let material = MemoryFiles::material(&[(
        "t.yml",
        "topology:\n  nodes:\n    r1: {kind: linux, image: ${MISSING}}\n",
    )]);
    let validate = request(LabVerb::Validate, Some(material));
    let plan = session.labs().unwrap().plan(&validate, &rig.cx()).await.unwrap();
    assert!(plan.problems[0].message.contains("MISSING"), "{:?}", plan.problems);
    let error = failure(carry_out(session.as_ref(), &rig.cx(), &validate).await.0);
    assert!(error.message.contains("MISSING"));
}

#[tokio::test]
async fn what_is_collected_has_no_passwords() {
    let rig = started().await;
    let session = rig.session().await;
    let done =
        carry_out(session.as_ref(), &rig.cx(), &request(LabVerb::Collect, None)).await.0.unwrap();
    let paths: Vec<&str> = done.fetched.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["r1/running-config.txt", "r2/running-config.txt"]);
    let text = String::from_utf8_lossy(&done.fetched[0].content);
    assert!(text.contains("hostname r1") && !text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn some_nodes_are_started_alone() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let mut start = request(LabVerb::Start, Some(pair()));
    start.options = LabOptions { nodes: vec!["r1".into()], ..LabOptions::default() };
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    let listed = session.labs().unwrap().labs(&rig.cx()).await.unwrap();
    assert_eq!(listed[0].nodes_total, Some(1));
}
