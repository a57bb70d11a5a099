//! Tests of connections whose kind brings no checks of its own, and what is refused before a set-up.

use app::DoctorSubject;
use model::{DiagnosisReport, ErrorCode, FormValues, StageStatus};

use crate::bench::{Bench, input};

async fn tested(bench: &Bench, subject: DoctorSubject) -> DiagnosisReport {
    let mut follow = bench.core.doctor(subject, false).await.unwrap();
    let mut last = None;
    while let Some(report) = follow.next().await {
        last = Some(report);
    }
    last.unwrap()
}

fn draft(name: &str) -> DoctorSubject {
    DoctorSubject { connection_id: None, input: Some(input(name)) }
}

#[tokio::test]
async fn a_kind_without_checks_is_tested_by_connecting() {
    let bench = Bench::start().await;
    let report = tested(&bench, draft("forge-1")).await;
    let stages = &report.diagnosis.stages;
    assert_eq!(stages.len(), 1, "{}", report.text);
    assert_eq!(stages[0].status, StageStatus::Passed, "{}", report.text);
    assert_eq!(stages[0].summary.as_deref(), Some("Fake 1"));
    assert!(bench.core.connections().await.unwrap().is_empty(), "a test stores nothing");

    bench.server.go_away();
    let report = tested(&bench, draft("forge-1")).await;
    assert_eq!(report.diagnosis.failed().unwrap().id, "service");
    assert!(report.diagnosis.ended_at.is_some());
}

#[tokio::test]
async fn a_form_that_will_not_do_is_refused_by_its_field() {
    let bench = Bench::start().await;
    let failure = bench.core.doctor(draft(" "), false).await.err().unwrap();
    assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::Invalid, Some("name")));
    let nothing = DoctorSubject { connection_id: None, input: None };
    let failure = bench.core.doctor(nothing, false).await.err().unwrap();
    assert_eq!(failure.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_kind_without_a_script_offers_no_set_up() {
    let bench = Bench::start().await;
    let view = bench.core.connection_create(input("forge-1")).await.unwrap();
    let id = view.connection.id;
    assert_eq!(bench.core.setup_offer(&id).await.unwrap(), None);
    let refused = bench.core.setup_run(&id, FormValues::new(), true).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unsupported);
    let refused = bench.core.setup_run(&id, FormValues::new(), false).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("agreed"));
}
