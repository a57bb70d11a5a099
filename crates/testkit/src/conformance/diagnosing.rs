//! The staged test of a connection: every check announced, made in order, and nothing changed by it.

use std::sync::Mutex;

use backend_api::{BackendError, CheckSink, Cx, Diagnose, Outcome};
use tokio_util::sync::CancellationToken;

use super::{Checked, Must, Rig, Subject, broken, ensure, soon};

/// What a diagnosis told, in order.
#[derive(Default)]
struct Told(Mutex<Vec<(String, Option<Outcome>)>>);

impl CheckSink for Told {
    fn begin(&self, id: &str) {
        if let Ok(mut told) = self.0.lock() {
            told.push((id.to_owned(), None));
        }
    }

    fn end(&self, id: &str, outcome: Outcome) {
        if let Ok(mut told) = self.0.lock() {
            match told.last_mut() {
                Some((last, end @ None)) if last == id => *end = Some(outcome),
                _ => told.push((format!("{id} was not begun"), Some(outcome))),
            }
        }
    }
}

async fn told(
    rig: &dyn Rig,
    own: &dyn Diagnose,
    cx: &Cx,
) -> Checked<Vec<(String, Option<Outcome>)>> {
    let rule = "a diagnosis ends";
    let sink = Told::default();
    soon(rule, own.diagnose(rig.connect_input(), &sink, cx)).await?.must(rule)?;
    Ok(sink.0.into_inner().unwrap_or_default())
}

pub(super) async fn a_healthy_server_passes(subject: &Subject<'_>) -> Checked {
    let Some(own) = subject.rig.backend().diagnose() else { return Ok(()) };
    let rule = "every check is announced, and each is begun in order and ended once";
    let before = subject.session.list(subject.cx).await.must(rule)?;
    let told = told(subject.rig, own, subject.cx).await?;
    let announced: Vec<&str> = own.checks().iter().map(|check| check.id).collect();
    let begun: Vec<&str> = told.iter().map(|(id, _)| id.as_str()).collect();
    ensure(begun == announced, rule, || format!("{announced:?} became {begun:?}"))?;
    let has_titles = own.checks().iter().all(|check| !check.title.is_empty());
    ensure(has_titles, rule, || "a check has no title".into())?;
    let rule = "a server that works passes every check, and each says what was found";
    for (id, outcome) in &told {
        let words = match outcome {
            Some(Outcome::Passed(words) | Outcome::Skipped(words)) => words,
            Some(Outcome::Warned { summary, .. }) => summary,
            other => return Err(broken(rule, format!("{id}: {other:?}"))),
        };
        ensure(!words.is_empty(), rule, || id.clone())?;
    }
    let rule = "a diagnosis changes nothing";
    let after = subject.session.list(subject.cx).await.must(rule)?;
    ensure(after == before, rule, || format!("{before:?} became {after:?}"))
}

pub(super) async fn a_cancelled_diagnosis_says_so(subject: &Subject<'_>) -> Checked {
    let Some(own) = subject.rig.backend().diagnose() else { return Ok(()) };
    let rule = "a diagnosis that is cancelled ends as cancelled, and no check fails by it";
    let cancel = CancellationToken::new();
    let cx = subject.cx.for_call(cancel.clone(), subject.cx.log.clone());
    cancel.cancel();
    let sink = Told::default();
    match soon(rule, own.diagnose(subject.rig.connect_input(), &sink, &cx)).await? {
        Err(BackendError::Cancelled) => {}
        other => return Err(broken(rule, format!("{other:?}"))),
    }
    let told = sink.0.into_inner().unwrap_or_default();
    let has_failed = told.iter().any(|(_, end)| matches!(end, Some(Outcome::Failed { .. })));
    ensure(!has_failed, rule, || format!("{told:?}"))
}
