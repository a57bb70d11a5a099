//! Every trap of netlab's API, on a server of this process that behaves as the real one was seen to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fake;
mod files;
mod rig;
mod safety;
mod state;

use std::sync::Arc;
use std::time::Duration;

use backend_api::BackendError;
use model::{ErrorCode, LabState, LabVerb};

use fake::{End, Fake};
use rig::{PASSWORD, Rig, id};

#[tokio::test(start_paused = true)]
async fn q1_a_failure_that_says_running_is_a_failure_with_the_reason_from_the_log() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::Silent { log: "ERROR: containerlab deploy --reconfigure -t clab.yml" });
    let failure = rig.make(LabVerb::Start, "lab-a").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Rejected);
    assert!(failure.message.contains("could not start \"lab-a\""), "{failure:?}");
    assert!(failure.detail.unwrap().contains("containerlab deploy"));
    let labs = rig.labs().await;
    assert_eq!(labs[0].state, LabState::Failed, "{labs:?}");
}

#[tokio::test(start_paused = true)]
async fn q1_without_any_reason_the_person_is_told_where_it_is() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::Silent { log: "" });
    let failure = rig.make(LabVerb::Create, "lab-a").await.unwrap_err();
    assert!(failure.detail.unwrap().contains("journal"));
}

#[tokio::test(start_paused = true)]
async fn q2_the_log_comes_at_the_end_and_progress_from_netlabs_own_file() {
    let rig = Rig::new(Fake::default()).await;
    let waiting = rig.make(LabVerb::Start, "lab-a");
    waiting.await.unwrap();
    let text = rig.notebook.text();
    assert!(text.contains("starting provider clab"), "{text}");
    assert!(text.contains("Created provider configuration file"), "{text}");
    assert!(!text.contains(PASSWORD) && text.contains("••••••"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn q3_a_down_that_says_success_and_did_nothing_is_a_failure() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    rig.fake.next(End::Lies);
    let failure = rig.ask(LabVerb::Stop, "lab-a").await.unwrap_err();
    assert!(failure.message.contains("and it did not"), "{failure:?}");
    assert_eq!(rig.labs().await[0].state, LabState::Running);
}

#[tokio::test(start_paused = true)]
async fn q4_jobs_come_one_after_the_other_and_wait_for_those_of_others() {
    let rig = Arc::new(Rig::new(Fake::default()).await);
    rig.fake.foreign_job(4);
    let (one, two) =
        tokio::join!(rig.make(LabVerb::Start, "lab-a"), rig.make(LabVerb::Start, "lab-b"));
    one.unwrap();
    two.unwrap();
    assert!(rig.fake.state().violations.is_empty(), "{:?}", rig.fake.state().violations);
    assert_eq!(rig.fake.state().posted.len(), 2);
    assert!(rig.notebook.text().contains("not ours: up in /srv/other"));
    let mut numbers: Vec<_> = rig.labs().await.into_iter().map(|lab| lab.instance).collect();
    numbers.sort();
    assert_eq!(numbers, [Some("1".to_owned()), Some("2".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn q5_q6_nothing_but_the_job_is_asked_about_while_one_runs() {
    let rig = Arc::new(Rig::new(Fake::default()).await);
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    rig.fake.next(End::After(20));
    let looking = async {
        for _ in 0..20 {
            let labs = rig.labs().await;
            assert!(labs.iter().any(|lab| lab.name == "lab-a"), "the last list stays: {labs:?}");
            rig.session.labs().unwrap().lab(&id("lab-a"), &rig.cx).await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let (made, ()) = tokio::join!(rig.make(LabVerb::Start, "lab-b"), looking);
    made.unwrap();
    assert!(rig.fake.state().violations.is_empty(), "{:?}", rig.fake.state().violations);
}

#[tokio::test(start_paused = true)]
async fn q6_an_answer_that_a_job_swallowed_is_no_empty_list() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    rig.fake.state().swallows = 1;
    assert_eq!(rig.labs().await[0].state, LabState::Running);
}

#[tokio::test(start_paused = true)]
async fn q7_health_is_asked_right_before_every_job() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::Silent { log: "" });
    rig.make(LabVerb::Create, "lab-a").await.unwrap_err();
    rig.make(LabVerb::Create, "lab-b").await.unwrap();
    let state = rig.fake.state();
    assert!(state.violations.is_empty(), "{:?}", state.violations);
}

#[tokio::test(start_paused = true)]
async fn q8_a_number_that_runs_elsewhere_is_refused_before_netlab_asks_anybody() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    rig.fake.started("1", "/srv/other");
    let failure = rig.ask(LabVerb::Start, "lab-a").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Conflict, "{failure:?}");
    assert!(failure.message.contains("/srv/other"), "{failure:?}");
    assert_eq!(rig.fake.state().posted.len(), 1, "only the create");
}

#[tokio::test(start_paused = true)]
async fn q9_after_a_restart_of_the_server_the_state_decides() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::Restart { is_started: true });
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    rig.fake.next(End::Restart { is_started: false });
    let failure = rig.make(LabVerb::Start, "lab-b").await.unwrap_err();
    assert!(failure.message.contains("started again"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn q11_no_connection_rests() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(rig.fake.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_for_a_while_is_asked_on_and_never_told_twice() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::Away { answers: 12 });
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    assert_eq!(rig.fake.state().posted.len(), 1);
    assert!(rig.notebook.text().contains("does not answer"));
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_answer_was_lost_is_found_and_not_posted_again() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.state().loses_answer = true;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    assert_eq!(rig.fake.state().posted.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_is_real_while_it_waits_and_honest_afterwards() {
    let rig = Arc::new(Rig::new(Fake::default()).await);
    rig.fake.foreign_job(1_000_000);
    let cancel = rig.cx.cancel.clone();
    let cancelling = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    };
    let (made, ()) = tokio::join!(rig.make(LabVerb::Start, "lab-a"), cancelling);
    assert_eq!(made.unwrap_err().code, ErrorCode::Cancelled);
    assert!(rig.fake.state().posted.is_empty());

    let rig = Arc::new(Rig::new(Fake::default()).await);
    rig.fake.next(End::After(1_000_000));
    let cancel = rig.cx.cancel.clone();
    let cancelling = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    };
    let (made, ()) = tokio::join!(rig.make(LabVerb::Start, "lab-a"), cancelling);
    let failure = made.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unreachable);
    assert!(failure.message.contains("goes on"), "{failure:?}");
    assert!(rig.notebook.means().contains("cannot end a job"));
}

#[tokio::test(start_paused = true)]
async fn a_job_of_an_earlier_session_is_gone_on_with() {
    let rig = Arc::new(Rig::new(Fake::default()).await);
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    rig.fake.next(End::After(3));
    let job = rig.fake.post("up", &format!("{}/lab-a", rig::ROOT));
    rig.fake.starting("1", &format!("{}/lab-a", rig::ROOT));
    rig.resume(LabVerb::Start, "lab-a", &job).await.unwrap();
    assert_eq!(rig.labs().await[0].state, LabState::Running);
    // One that ended while nobody watched, and that the server has forgotten.
    rig.resume(LabVerb::Start, "lab-a", "job-forgotten").await.unwrap();
    let failure = rig.resume(LabVerb::Stop, "lab-a", "job-forgotten").await.unwrap_err();
    assert!(failure.message.contains("started again"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn a_number_is_given_back_with_the_lab() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    rig.ask(LabVerb::Destroy, "lab-a").await.unwrap();
    assert_eq!(rig.plan(LabVerb::Start, "lab-b").await.instance, Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_an_earlier_start_locked_is_told_before_netlab_refuses_it() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    rig.files.put(&format!("{}/lab-a/netlab.lock", rig::ROOT), b"");
    let failure = rig.ask(LabVerb::Start, "lab-a").await.unwrap_err();
    assert!(failure.message.contains("locked"), "{failure:?}");
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_sync_goes_on_and_is_no_change_of_others() {
    let rig = Rig::new(Fake::default()).await;
    rig.files.break_after(2);
    rig.make(LabVerb::Create, "lab-a").await.unwrap_err();
    rig.files.break_after(usize::MAX);
    let plan = rig.plan(LabVerb::Create, "lab-a").await;
    assert!(plan.warnings.is_empty(), "{:?}", plan.warnings);
    rig.remake(LabVerb::Create, "lab-a").await.unwrap();
    assert!(!rig.files.has(".moorline-kept"));
}

#[tokio::test(start_paused = true)]
async fn dialects_are_told_apart_by_questions_that_change_nothing() {
    let old = Rig::new(Fake::text_only()).await;
    assert!(old.session.labs().unwrap().features().dialect.contains("26.1"));
    assert!(old.session.labs().unwrap().nodes().is_none());
    let wrapper = Rig::try_new(Fake::wrapper()).await.err().unwrap();
    assert!(matches!(wrapper, BackendError::Unsupported(_)), "{wrapper:?}");
    let open = Rig::new(Fake::open_to_all()).await;
    let warnings = open.session.labs().unwrap().features().warnings;
    assert!(warnings[0].contains("without a password"), "{warnings:?}");
    for fake in [&old.fake, &open.fake] {
        assert!(fake.state().posted.is_empty());
    }
}
