//! Forms, plans, making, refusing, cancelling.

use std::sync::Mutex;

use backend_api::{Apply, BackendError, Cx, Session, StepSink};
use model::{RemoveVolumes, WorkspaceId, WorkspaceState};
use tokio_util::sync::CancellationToken;

use super::{Checked, Must, Rig, Subject, broken, ensure};

/// Keeps which steps were begun.
#[derive(Default)]
struct Steps(Mutex<Vec<usize>>);

impl StepSink for Steps {
    fn begin(&self, index: usize) {
        if let Ok(mut begun) = self.0.lock() {
            begun.push(index);
        }
    }
    fn skip(&self, _index: usize) {}
}

impl Steps {
    fn begun(&self) -> Vec<usize> {
        self.0.lock().map(|begun| begun.clone()).unwrap_or_default()
    }
}

fn apply_of(session: &dyn Session) -> Checked<&dyn Apply> {
    session.apply().must("the suite makes its own workspaces")
}

/// Makes the workspace that the other rules use.
pub(super) async fn creates(
    rig: &dyn Rig,
    session: &dyn Session,
    cx: &Cx,
    name: &str,
) -> Checked<WorkspaceId> {
    let apply = apply_of(session)?;
    let form = apply.form(cx).await.must("the form can be asked for")?;
    let input = rig.input(name);
    for key in input.keys() {
        let is_field = form.fields.iter().any(|field| field.name == *key);
        ensure(is_field, "the form has every field that input may have", || key.clone())?;
    }
    let plan = apply.plan(&input, cx).await.must("a plan can be made")?;
    ensure(plan.problems.is_empty(), "good input has no problems", || format!("{plan:?}"))?;
    ensure(plan.subject == name && !plan.steps.is_empty(), "a plan has steps", String::new)?;
    let again = apply.plan(&input, cx).await.must("a plan can be made twice")?;
    ensure(plan == again, "planning only reads", || format!("{plan:?} {again:?}"))?;
    let steps = Steps::default();
    let told = Mutex::new(Vec::new());
    let tell = |id: WorkspaceId| {
        if let Ok(mut told) = told.lock() {
            told.push(id);
        }
    };
    let applied = apply.apply(&plan, &steps, &tell, cx).await.must("a good plan is carried out")?;
    let every: Vec<usize> = (0..plan.steps.len()).collect();
    ensure(steps.begun() == every, "every step begins once, in order", || {
        format!("{:?}", steps.begun())
    })?;
    let told = told.into_inner().unwrap_or_default();
    let is_told = told.last() == Some(&applied.workspace_id);
    ensure(is_told, "what is made is told", || format!("{told:?}"))?;
    let list = session.list(cx).await.must("list works")?;
    let found = list.iter().find(|one| one.id == applied.workspace_id);
    let found = found.must("what was made is listed")?;
    let is_right = found.name == name && found.state == WorkspaceState::Running;
    ensure(is_right, "what was made has its name and runs", || format!("{found:?}"))?;
    Ok(applied.workspace_id)
}

pub(super) async fn bad_input_is_a_problem(subject: &Subject<'_>) -> Checked {
    let apply = apply_of(subject.session)?;
    for (name, needs_suggestion) in
        [("Not A Name", true), (subject.name.as_str(), true), ("", false)]
    {
        let rule =
            "a name that is taken or will not do is a problem of its field, and nothing is made";
        let input = subject.rig.input(name);
        let plan = apply.plan(&input, subject.cx).await.must(rule)?;
        let problem = plan.problems.iter().find(|problem| problem.field == "name");
        let problem = problem.ok_or_else(|| broken(rule, format!("{name:?} will do: {plan:?}")))?;
        ensure(problem.suggestion.is_some() == needs_suggestion, rule, || format!("{problem:?}"))?;
        let refused = apply.apply(&plan, &Steps::default(), &|_| {}, subject.cx).await;
        ensure(matches!(refused, Err(BackendError::Invalid(_))), rule, || format!("{refused:?}"))?;
    }
    Ok(())
}

pub(super) async fn a_stale_plan_is_refused(subject: &Subject<'_>, prefix: &str) -> Checked {
    let rule = "a plan that no longer fits is refused before anything changes";
    let apply = apply_of(subject.session)?;
    let input = subject.rig.input(&format!("{prefix}-stale"));
    let plan = apply.plan(&input, subject.cx).await.must(rule)?;
    let first = apply.apply(&plan, &Steps::default(), &|_| {}, subject.cx).await.must(rule)?;
    let before = subject.session.list(subject.cx).await.must(rule)?.len();
    let steps = Steps::default();
    let second = apply.apply(&plan, &steps, &|_| {}, subject.cx).await;
    ensure(matches!(second, Err(BackendError::Conflict(_))), rule, || format!("{second:?}"))?;
    ensure(steps.begun() == [0], rule, || format!("steps {:?}", steps.begun()))?;
    let after = subject.session.list(subject.cx).await.must(rule)?.len();
    ensure(before == after, rule, || format!("{before} became {after}"))?;
    remove(subject, &first.workspace_id).await
}

pub(super) async fn cancel_leaves_nothing(subject: &Subject<'_>, prefix: &str) -> Checked {
    let rule = "what was made is taken away again after a cancel";
    let apply = apply_of(subject.session)?;
    let name = format!("{prefix}-cancelled");
    let plan = apply.plan(&subject.rig.input(&name), subject.cx).await.must(rule)?;
    let cancel = CancellationToken::new();
    let cx = subject.cx.for_call(cancel.clone(), subject.cx.log.clone());
    let result = apply.apply(&plan, &Steps::default(), &|_| cancel.cancel(), &cx).await;
    ensure(matches!(result, Err(BackendError::Cancelled)), rule, || format!("{result:?}"))?;
    let list = subject.session.list(subject.cx).await.must(rule)?;
    ensure(!list.iter().any(|one| one.name == name), rule, || "it is still listed".into())?;
    let again = apply.plan(&subject.rig.input(&name), subject.cx).await.must(rule)?;
    ensure(again == plan, rule, || format!("the server differs: {again:?}"))
}

async fn remove(subject: &Subject<'_>, id: &WorkspaceId) -> Checked {
    let lifecycle = subject.session.lifecycle().must("what is made can be removed")?;
    lifecycle.remove(id, RemoveVolumes::Delete, subject.cx).await.must("remove works")
}
