//! Operations on labs: their steps, cancels, lost sessions, a core that died, retries.

use model::{ErrorCode, LabOptions, LabState, LabVerb, RunStatus, StepStatus};

use super::Rig;
use crate::bench::code;

#[tokio::test]
async fn a_lab_is_made_from_a_template_and_kept() {
    let rig = Rig::start().await;
    let plan = rig.bench.core.lab_create_plan(rig.input("ospf"), LabVerb::Start).await.unwrap();
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
    let run = rig.make("ospf", LabVerb::Start).await;
    let run = rig.bench.until_over(&run).await;
    assert_eq!((run.verb.as_str(), run.status), ("lab_start", RunStatus::Succeeded));
    assert!(run.steps.iter().all(|step| step.status == StepStatus::Succeeded), "{run:?}");
    assert_eq!(rig.log(&run.id, 1).await, ["job-1 took ospf"]);
    // The list was true before the run was over.
    let view = rig.view("ospf").await.unwrap();
    assert_eq!((view.lab.state, view.run_id), (LabState::Running, None));
    let origin = view.origin.unwrap();
    assert_eq!((origin.template, origin.template_name.as_str()), (rig.pick.clone(), "ospf"));
    assert_eq!(origin.variables["area"], "0");
    rig.bench.server.change_labs(|labs| {
        let (asked, files) = &labs.asked[0];
        assert_eq!((asked.verb, asked.name.as_str()), (LabVerb::Start, "ospf"));
        assert_eq!(files, &["topology.yml"]);
    });
    let views = rig.bench.core.connections().await.unwrap();
    assert_eq!((views[0].lab_count, views[0].labs.is_some()), (1, true));
}

#[tokio::test]
async fn names_that_are_taken_or_will_not_do_are_refused_before_anything_is_done() {
    let rig = Rig::start().await;
    rig.running("ospf").await;
    let core = &rig.bench.core;
    assert_eq!(code(core.lab_create(rig.input("OSPF"), LabVerb::Start).await), ErrorCode::Conflict);
    assert_eq!(code(core.lab_create(rig.input("o_1"), LabVerb::Start).await), ErrorCode::Invalid);
    let plan = core.lab_create_plan(rig.input("ospf"), LabVerb::Start).await.unwrap();
    assert_eq!(plan.problems[0].suggestion.as_deref(), Some("ospf-2"));
    rig.bench.server.change_labs(|labs| assert_eq!(labs.asked.len(), 1));
    // Validating makes nothing of that name, and keeps nothing.
    let run = rig.make("ospf", LabVerb::Validate).await;
    assert_eq!(rig.bench.until_over(&run).await.status, RunStatus::Succeeded);
    assert_eq!(core.labs().await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_that_waits_for_its_turn_is_cancelled_without_a_job() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| labs.is_queue_full = true);
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.bench
        .until("the queue", async || {
            let run = rig.bench.core.run(&run).await.unwrap();
            (run.cancel_means.as_deref() == Some("Takes it out of the queue.")).then_some(())
        })
        .await;
    // What is kept of it follows a moment later.
    rig.until_view("ospf", |view| view.origin.is_some()).await;
    let again = rig.bench.core.lab_create(rig.input("ospf"), LabVerb::Start).await;
    assert_eq!(code(again), ErrorCode::Conflict);
    rig.bench.core.run_cancel(&run).await.unwrap();
    assert_eq!(rig.bench.until_over(&run).await.status, RunStatus::Cancelled);
    rig.bench.server.change_labs(|labs| assert!(labs.jobs.is_empty()));
    // It had an id by then, so that it can be started again or forgotten.
    let view = rig.until_view("ospf", |view| view.run_id.is_none()).await;
    assert!(view.origin.is_some());
}

#[tokio::test]
async fn a_lab_shows_what_is_done_to_it_and_takes_one_run_at_a_time() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    rig.bench.server.change_labs(|labs| labs.are_held = true);
    let run = rig.change(&lab, LabVerb::Stop).await;
    let view = rig.until_view("ospf", |view| view.run_id.is_some()).await;
    assert_eq!((view.lab.state, view.run_id.as_ref()), (LabState::Stopping, Some(&run)));
    let core = &rig.bench.core;
    let second = core.lab_change(&lab, LabVerb::Start, LabOptions::default()).await;
    assert_eq!(code(second), ErrorCode::Busy);
    assert_eq!(code(core.lab_forget(&lab).await), ErrorCode::Busy);
    rig.until_log(&run, "job-2 took").await;
    rig.bench.server.end_job("job-2", Err("no such container".into()));
    let run = rig.bench.until_over(&run).await;
    assert_eq!(run.status, RunStatus::Failed);
    assert_eq!(run.error.unwrap().message, "no such container");
    let apply = core.lab_change(&lab, LabVerb::Apply, LabOptions::default()).await;
    assert_eq!(code(apply), ErrorCode::Unsupported, "this server cannot do that");
}

#[tokio::test]
async fn a_run_goes_on_when_the_session_breaks() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| labs.are_held = true);
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.until_log(&run, "job-1 took").await;
    rig.bench.server.go_away();
    rig.until_log(&run, "the connection to forge-1 was lost").await;
    assert_eq!(rig.bench.core.run(&run).await.unwrap().status, RunStatus::Running);
    // It ended while nobody looked.
    rig.bench.server.come_back();
    rig.bench.server.end_job("job-1", Ok(()));
    rig.bench.core.connection_connect(&rig.connection).await.unwrap();
    let run = rig.bench.until_over(&run).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    rig.bench.server.change_labs(|labs| {
        assert_eq!((labs.asked.len(), labs.resumed.as_slice()), (1, &["job-1".to_owned()][..]));
    });
}

#[tokio::test]
async fn a_run_that_waits_for_its_server_can_be_given_up() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| labs.are_held = true);
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.until_log(&run, "job-1 took").await;
    rig.bench.server.go_away();
    rig.until_log(&run, "the connection to forge-1 was lost").await;
    rig.bench.core.run_cancel(&run).await.unwrap();
    let run = rig.bench.until_over(&run).await;
    assert_eq!(run.status, RunStatus::Cancelled);
    assert!(run.error.unwrap().hint.unwrap().contains("may still work on it"));
}

#[tokio::test]
async fn one_that_cannot_be_cancelled_says_that_it_goes_on() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| (labs.are_held, labs.cannot_cancel) = (true, true));
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.until_log(&run, "job-1 took").await;
    rig.bench.core.run_cancel(&run).await.unwrap();
    let run = rig.bench.until_over(&run).await;
    assert_eq!(run.status, RunStatus::Cancelled);
    let error = run.error.unwrap();
    assert_eq!(error.message, "nobody watches job-1 any more");
    assert_eq!(error.hint.as_deref(), Some("The server goes on with it."));
}

#[tokio::test]
async fn a_run_is_taken_up_again_by_the_next_start_of_the_app() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| labs.are_held = true);
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.until_log(&run, "job-1 took").await;
    let rig = rig.restart().await;
    let found = rig.bench.core.run(&run).await.unwrap();
    assert_eq!(found.status, RunStatus::Running);
    let view = rig.until_view("ospf", |_| true).await;
    assert_eq!(view.run_id.as_ref(), Some(&run));
    rig.until_log(&run, "Moorline was started again").await;
    rig.bench.server.end_job("job-1", Err("the image is missing".into()));
    let ended = rig.bench.until_over(&run).await;
    assert_eq!(ended.status, RunStatus::Failed);
    assert_eq!(ended.error.unwrap().message, "the image is missing");
    // It is over for good.
    let rig = rig.restart().await;
    assert_eq!(rig.bench.core.run(&run).await.unwrap().status, RunStatus::Failed);
    assert!(rig.view("ospf").await.unwrap().run_id.is_none());
}

#[tokio::test]
async fn a_run_without_a_job_is_interrupted_by_the_end_of_the_app() {
    let rig = Rig::start().await;
    rig.bench.server.change_labs(|labs| labs.is_queue_full = true);
    let run = rig.make("ospf", LabVerb::Start).await;
    rig.until_view("ospf", |_| true).await;
    let rig = rig.restart().await;
    assert_eq!(rig.bench.core.run(&run).await.unwrap().status, RunStatus::Interrupted);
    rig.bench.until_connected(&rig.connection).await;
    rig.bench.server.change_labs(|labs| labs.is_queue_full = false);
    // Done again with the same input, on the same lab.
    let again = rig.bench.core.run_retry(&run).await.unwrap();
    let again = rig.bench.until_over(&again).await;
    assert_eq!(again.status, RunStatus::Succeeded, "{:?}", again.error);
    rig.bench.server.change_labs(|labs| {
        let (asked, files) = labs.asked.last().unwrap();
        assert_eq!(
            (asked.name.as_str(), files.as_slice()),
            ("ospf", &["topology.yml".to_owned()][..])
        );
        let material = asked.material.as_ref().unwrap();
        assert_eq!(material.variables["area"], "0");
    });
}

#[tokio::test]
async fn a_destroyed_lab_stays_until_its_files_go_too() {
    let rig = Rig::start().await;
    let lab = rig.running("ospf").await;
    let run = rig.change(&lab, LabVerb::Destroy).await;
    rig.bench.until_over(&run).await;
    let view = rig.view("ospf").await.unwrap();
    assert_eq!(view.lab.state, LabState::Created);
    let options = LabOptions { removes_files: true, ..LabOptions::default() };
    let run = rig.bench.core.lab_change(&lab, LabVerb::Destroy, options).await.unwrap();
    rig.bench.until_over(&run).await;
    assert!(rig.view("ospf").await.is_none());
}
