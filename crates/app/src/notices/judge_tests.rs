//! What is told, where, and what is kept quiet.

use std::collections::BTreeMap;

use model::{Connection, Kind, QuestionKind, RunSubject};

use super::*;

fn run(status: RunStatus, took: i64) -> CoreEvent {
    let subject = RunSubject {
        connection_id: ConnectionId::from_raw("c"),
        connection_name: "forge-1".into(),
        name: "atlas-api".into(),
        workspace_id: None,
        lab_id: None,
    };
    let run = Run {
        id: RunId::from_raw(format!("{status:?}-{took}")),
        verb: "create".into(),
        subject,
        status,
        started_at: 1000,
        ended_at: (status != RunStatus::Running).then_some(1000 + took),
        steps: Vec::new(),
        error: None,
        input: BTreeMap::new(),
        cancel_means: None,
        leftover: None,
        log_lines: 0,
    };
    CoreEvent::Run { run: Box::new(run) }
}

fn connection(state: ConnectionState) -> CoreEvent {
    let connection = Connection {
        id: ConnectionId::from_raw("c"),
        kind: Kind::new("podman"),
        name: "forge-1".into(),
        fields: BTreeMap::new(),
        secrets: BTreeMap::new(),
        ssh_host_id: None,
        connect_at_start: true,
        created_at: 0,
    };
    let view = ConnectionView {
        connection,
        ssh_host: None,
        jumps: Vec::new(),
        state,
        server: None,
        abilities: None,
        workspace_count: 0,
        labs: None,
        lab_count: 0,
    };
    CoreEvent::Connections { connections: vec![view] }
}

fn silent(attempt: u32) -> ConnectionState {
    let error = Failure::new(ErrorCode::Unreachable, "no answer");
    ConnectionState::Reconnecting { next_try_at: 0, attempt, last_seen: None, error }
}

fn failed(code: ErrorCode) -> ConnectionState {
    ConnectionState::Failed { error: Failure::new(code, "refused"), last_seen: None }
}

const UP: ConnectionState = ConnectionState::Connected { since: 0, round_trip_ms: None };

/// One word for each notice that the events lead to.
fn told(judge: &mut Judge, events: &[CoreEvent]) -> Vec<&'static str> {
    let notices = events.iter().flat_map(|event| judge.take(event));
    let word = |kind| match kind {
        NoticeKind::RunEnded { .. } => "run",
        NoticeKind::ConnectionLost { is_final: true, .. } => "refused",
        NoticeKind::ConnectionLost { .. } => "lost",
        NoticeKind::ConnectionBack { .. } => "back",
        NoticeKind::TunnelLost { .. } => "tunnel",
        NoticeKind::LabOverdue { .. } => "lab",
        NoticeKind::QuestionAsked { .. } => "question",
    };
    notices.map(word).collect()
}

fn check(events: &[CoreEvent], expected: &[&str]) {
    assert_eq!(told(&mut Judge::new(500), events), expected);
}

#[test]
fn a_failed_run_is_told_once_and_a_quick_success_not_at_all() {
    check(&[run(RunStatus::Running, 0), run(RunStatus::Failed, 50)], &["run"]);
    check(&[run(RunStatus::Failed, 50), run(RunStatus::Failed, 50)], &["run"]);
    check(&[run(RunStatus::Succeeded, LONG_MS - 1), run(RunStatus::Cancelled, 50_000)], &[]);
    check(&[run(RunStatus::Succeeded, LONG_MS)], &["run"]);
    assert_eq!(told(&mut Judge::new(2000), &[run(RunStatus::Failed, 50)]), [""; 0]);
}

#[test]
fn an_outage_is_told_when_it_lasts_and_when_it_is_over() {
    let outage = [silent(1), silent(2), silent(3)].map(connection);
    check(&outage, &["lost"]);
    check(&[silent(1), UP].map(connection), &[]);
    check(&[silent(2), UP, silent(2), UP].map(connection), &["lost", "back", "lost", "back"]);
    check(&[silent(2), ConnectionState::Disconnected, UP].map(connection), &["lost"]);
}

#[test]
fn a_refusal_is_told_unless_the_person_decided_it() {
    let refused = failed(ErrorCode::Unauthorized);
    check(&[silent(2), refused.clone(), refused].map(connection), &["lost", "refused"]);
    check(&[connection(failed(ErrorCode::HostKeyUnknown))], &[]);
}

#[test]
fn each_question_is_told_once() {
    let question = |id: &str| Question {
        id: QuestionId::from_raw(id),
        subject: "forge-1".into(),
        question: QuestionKind::VaultPassphrase { is_new: false, refused: None },
    };
    let event = |ids: &[&str]| CoreEvent::Questions {
        questions: ids.iter().map(|id| question(id)).collect(),
    };
    check(&[event(&["a"]), event(&["a", "b"]), event(&[]), event(&["c"])], &["question"; 3]);
}
