//! What nobody can see is not taken for granted: labs that are not shown, answers that never came.

use backend_api::{BackendError, LabDone, Labs};
use model::{Failure, LabOptions, LabVerb};
use testkit::clab::{CLAB_ADMIN, CLAB_USER, Generation, Quirk};
use testkit::labs::{MemoryFiles, Notebook};
use tokio_util::sync::CancellationToken;

use super::rig::{ClabRig, PAIR, carry_out, pair, request};

async fn started(generation: Generation) -> ClabRig {
    let rig = ClabRig::start(generation).await;
    let session = rig.session().await;
    let start = request(LabVerb::Start, Some(pair()));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    rig
}

async fn one(
    rig: &ClabRig,
    verb: LabVerb,
    with: Option<&str>,
    quirk: Option<Quirk>,
) -> Result<LabDone, BackendError> {
    let session = rig.session().await;
    let files = with.map(|topology| {
        MemoryFiles::material(&[
            ("topology.clab.yml", topology),
            ("configs/r1.cfg", "hostname r1\n"),
        ])
    });
    let mut request = request(verb, files);
    request.options = LabOptions { removes_files: true, ..LabOptions::default() };
    quirk.into_iter().for_each(|quirk| rig.fake.next(quirk));
    carry_out(session.as_ref(), &rig.cx(), &request).await.0
}

async fn nodes_of(labs: &dyn Labs, rig: &ClabRig) -> Option<u32> {
    let listed = labs.labs(&rig.cx()).await.unwrap();
    listed.first().and_then(|lab| lab.nodes_running)
}

#[tokio::test]
async fn a_lab_that_is_not_shown_any_more_is_not_destroyed() {
    for generation in [Generation::Modern, Generation::Legacy0111] {
        let rig = started(generation).await;
        if generation == Generation::Modern {
            rig.fake.disown("pair");
        } else {
            one(&rig, LabVerb::Redeploy, None, None).await.unwrap();
        }
        let files = rig.fake.files(CLAB_USER);
        rig.fake.requests();
        let error = one(&rig, LabVerb::Destroy, None, None).await.unwrap_err();
        assert!(matches!(error, BackendError::NotFound(_)), "{error:?}");
        assert!(Failure::from(error).hint.unwrap().contains("administrator"));
        assert!(rig.fake.requests().contains(&"DELETE /api/v1/labs/pair".to_owned()));
        assert_eq!(rig.fake.files(CLAB_USER), files);
        let admin = rig.session_of(CLAB_ADMIN).await;
        assert_eq!(nodes_of(admin.labs().unwrap(), &rig).await, Some(2));
    }
}

#[tokio::test]
async fn a_lab_that_never_ran_loses_its_folder() {
    let rig = ClabRig::start(Generation::Modern).await;
    one(&rig, LabVerb::Create, Some(PAIR), None).await.unwrap();
    one(&rig, LabVerb::Destroy, None, None).await.unwrap();
    assert!(rig.fake.files(CLAB_USER).is_empty());
}

#[tokio::test]
async fn nodes_that_ran_before_are_no_proof() {
    let rig = started(Generation::Modern).await;
    let more = PAIR.replace("    r2: {}\n", "    r2: {}\n    r3: {}\n");
    for (verb, with) in
        [(LabVerb::Restart, None), (LabVerb::Redeploy, None), (LabVerb::Redeploy, Some(PAIR))]
    {
        let error = one(&rig, verb, with, Some(Quirk::NothingDone)).await.unwrap_err();
        assert!(matches!(error, BackendError::Rejected(_)), "{error:?}");
        let failure = Failure::from(error);
        assert!(failure.message.contains("nobody can say"), "{failure:?}");
        assert!(failure.hint.unwrap().contains("All 2 nodes run"));
    }
    // A link less: the nodes are the same.
    let (fewer, _) = more.split_once("  links:").unwrap();
    let fewer = fewer.replace("    r3: {}\n", "");
    let apply = one(&rig, LabVerb::Apply, Some(&fewer), Some(Quirk::NothingDone)).await;
    assert!(Failure::from(apply.unwrap_err()).message.contains("nobody can say"));
    one(&rig, LabVerb::Apply, Some(&fewer), Some(Quirk::NoEnd)).await.unwrap();
    one(&rig, LabVerb::Redeploy, Some(PAIR), Some(Quirk::NoEnd)).await.unwrap();
}

#[tokio::test]
async fn a_later_session_tells_a_restart_by_the_age_of_the_nodes() {
    let rig = started(Generation::Modern).await;
    let session = rig.session().await;
    let labs = session.labs().unwrap();
    let told = Notebook::default();
    let restart = request(LabVerb::Restart, None);
    // The nodes are up for two seconds, so a restart of 1970 has been.
    labs.resume(&restart, "restart-0-nodes", &told, &rig.cx()).await.unwrap();
    let now = rig.cx().clock.now();
    for job in [format!("restart-{now}-nodes"), "restart".into()] {
        let error = labs.resume(&restart, &job, &told, &rig.cx()).await.unwrap_err();
        assert!(Failure::from(error).message.contains("nobody can say"));
    }
    let destroy = request(LabVerb::Destroy, None);
    rig.fake.disown("pair");
    assert!(labs.resume(&destroy, "destroy-0-none", &told, &rig.cx()).await.is_err());
}

#[tokio::test]
async fn a_cancel_before_the_answer_begins_is_looked_behind() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    rig.engine.hold();
    rig.fake.next(Quirk::NoHead);
    let notebook = std::sync::Arc::new(Notebook::default());
    let cx = rig.cx().for_call(CancellationToken::new(), notebook.clone());
    let start = request(LabVerb::Start, Some(pair()));
    let labs = session.labs().unwrap();
    let cancel = async {
        rig.engine.until_held(1).await;
        cx.cancel.cancel();
    };
    let (done, ()) = tokio::join!(labs.carry_out(&start, notebook.as_ref(), &cx), cancel);
    assert!(matches!(done, Err(BackendError::Cancelled)), "{done:?}");
    assert!(notebook.lines().iter().any(|line| line.contains("All 1 nodes run")));
    rig.engine.until_held(0).await;
}

#[tokio::test]
async fn the_older_server_redeploys_with_new_files() {
    let rig = started(Generation::Legacy0111).await;
    let more = PAIR.replace("    r2: {}\n", "    r2: {}\n    r3: {}\n");
    one(&rig, LabVerb::Redeploy, Some(&more), None).await.unwrap();
    let admin = rig.session_of(CLAB_ADMIN).await;
    assert_eq!(nodes_of(admin.labs().unwrap(), &rig).await, Some(3));
}
