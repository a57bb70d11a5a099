//! Rebuilding: what is kept, what comes back after a cancel, and after a fault at every step.

use std::sync::Mutex;

use backend_api::{BackendError, Cx, Rebuild, Session, StepSink};
use model::{FormValues, RebuildPlan, Workspace, WorkspaceDetail, WorkspaceId, WorkspaceState};
use tokio_util::sync::CancellationToken;

use super::{Broken, Checked, Must, Rig, Subject, ensure};
use crate::{CutDial, Lost};

/// Cancels when a step begins.
struct CancelAt<'a> {
    step: usize,
    cancel: &'a CancellationToken,
    begun: Mutex<Vec<usize>>,
}

impl StepSink for CancelAt<'_> {
    fn begin(&self, index: usize) {
        if let Ok(mut begun) = self.begun.lock() {
            begun.push(index);
        }
        if index == self.step {
            self.cancel.cancel();
        }
    }
    fn skip(&self, _index: usize) {}
}

/// What must not change: everything a person relies on.
async fn kept(
    session: &dyn Session,
    id: &WorkspaceId,
    cx: &Cx,
) -> Checked<(Workspace, WorkspaceDetail)> {
    let rule = "a workspace can be looked at";
    let detail = session.inspect(id, cx).await.must(rule)?;
    Ok((detail.workspace.clone(), detail))
}

/// Rebuilds it, looks at what stayed, and gives the new id.
pub(super) async fn keeps_name_ports_and_volumes(
    session: &dyn Session,
    cx: &Cx,
    id: &WorkspaceId,
) -> Checked<WorkspaceId> {
    let Some(rebuild) = session.rebuild() else { return Ok(id.clone()) };
    let rule = "a rebuild keeps name, ports, volumes and environment";
    let (old, before) = kept(session, id, cx).await?;
    let form = rebuild.form(id, cx).await.must("a rebuild has a form")?;
    let has_image = form.fields.iter().any(|field| field.name == "image");
    ensure(has_image, "the image may be changed on a rebuild", || format!("{form:?}"))?;
    let plan = rebuild.plan(id, &FormValues::new(), cx).await.must(rule)?;
    ensure(plan.plan.problems.is_empty(), rule, || format!("{:?}", plan.plan.problems))?;
    let again = rebuild.plan(id, &FormValues::new(), cx).await.must(rule)?;
    ensure(plan == again, "planning a rebuild only reads", || format!("{plan:?} {again:?}"))?;
    let never = CancellationToken::new();
    let steps = CancelAt { step: usize::MAX, cancel: &never, begun: Mutex::default() };
    let made = rebuild.rebuild(id, &plan.plan, &steps, &|_| {}, cx).await.must(rule)?;
    let begun = steps.begun.into_inner().unwrap_or_default();
    let every: Vec<usize> = (0..plan.plan.steps.len()).collect();
    ensure(begun == every, "every step of a rebuild begins once, in order", || {
        format!("{begun:?}")
    })?;
    let (new, after) = kept(session, &made.workspace_id, cx).await?;
    ensure(new.id != old.id, "a rebuild makes a new one", String::new)?;
    ensure(
        (&new.name, &new.ports, new.state, &before.volumes, &before.environment_names)
            == (&old.name, &old.ports, old.state, &after.volumes, &after.environment_names),
        rule,
        || format!("{before:?} became {after:?}"),
    )?;
    let list = session.list(cx).await.must(rule)?;
    ensure(list.len() == 1, "a rebuild leaves nothing behind", || format!("{list:?}"))?;
    Ok(made.workspace_id)
}

/// A cancel at any step before the last brings the old one back.
pub(super) async fn a_cancel_brings_the_old_one_back(subject: &Subject<'_>) -> Checked {
    let Some(rebuild) = subject.session.rebuild() else { return Ok(()) };
    for step in [2, 4, 6] {
        let rule = format!("a cancel at step {step} of a rebuild brings the old one back");
        let plan = rebuild.plan(&subject.id, &FormValues::new(), subject.cx).await.must(&rule)?;
        let cancel = CancellationToken::new();
        let cx = subject.cx.for_call(cancel.clone(), subject.cx.log.clone());
        let steps = CancelAt { step, cancel: &cancel, begun: Mutex::default() };
        let result = rebuild.rebuild(&subject.id, &plan.plan, &steps, &|_| {}, &cx).await;
        ensure(matches!(result, Err(BackendError::Cancelled)), &rule, || format!("{result:?}"))?;
        is_as_it_was(subject.session, subject.cx, &subject.id, &subject.name, &rule).await?;
    }
    Ok(())
}

async fn is_as_it_was(
    session: &dyn Session,
    cx: &Cx,
    id: &WorkspaceId,
    name: &str,
    rule: &str,
) -> Checked {
    let list = session.list(cx).await.must(rule)?;
    let is_alone = list.len() == 1;
    let found = list.iter().find(|one| one.id == *id).must(rule)?;
    ensure(is_alone && found.name == name && found.state == WorkspaceState::Running, rule, || {
        format!("{list:?}")
    })
}

/// Breaks each request of a rebuild in turn, on both sides, and looks at what is there afterwards.
/// `volume` is one that does not exist yet.
///
/// # Errors
/// The first fault after which the old workspace is not back.
pub async fn survives_every_fault(
    rig: &dyn Rig,
    cut: &CutDial,
    name: &str,
    volume: &str,
) -> Result<(), Broken> {
    let (session, cx) = rig.connect().await.must("connect works")?;
    let session = session.as_ref();
    let id = super::applying::creates(rig, session, &cx, name).await?;
    let rebuild = session.rebuild().must("it can rebuild")?;
    let input = with_volume(session, &id, &cx, volume).await?;
    // Waiting for the new one's end is not answered while it runs: only the request can be lost.
    let faults = ["volumes/create", "/stop?", "/rename?", "containers/create", "/start", "/wait?"];
    for needle in faults {
        for lost in [Lost::Request, Lost::Answer] {
            if (needle, lost) == ("/wait?", Lost::Answer) {
                continue;
            }
            let rule = format!("a rebuild survives that the {lost:?} of {needle} is lost");
            let plan = rebuild.plan(&id, &input, &cx).await.must(&rule)?;
            cut.cut(needle, lost, 1);
            let result = attempt(rebuild, &id, &plan, &cx).await;
            ensure(cut.left() == 0, &rule, || "nothing was cut".into())?;
            ensure(result.is_err(), &rule, || format!("{result:?}"))?;
            is_as_it_was(session, &cx, &id, name, &rule).await?;
            let again = rebuild.plan(&id, &input, &cx).await.must(&rule)?;
            ensure(again == plan, &rule, || format!("the server differs: {again:?}"))?;
        }
    }
    let rule = "a removal of the old one that fails once is tried again";
    let plan = rebuild.plan(&id, &input, &cx).await.must(rule)?;
    cut.cut("DELETE", Lost::Request, 1);
    let made = attempt(rebuild, &id, &plan, &cx).await.must(rule)?;
    is_as_it_was(session, &cx, &made, name, rule).await?;
    old_that_stays(rebuild, session, cut, &made, &cx).await
}

/// The new one works and the old one cannot be removed: both are there, and either may be chosen.
async fn old_that_stays(
    rebuild: &dyn Rebuild,
    session: &dyn Session,
    cut: &CutDial,
    id: &WorkspaceId,
    cx: &Cx,
) -> Checked {
    let rule = "an old one that cannot be removed is said, and can be brought back";
    let (old, _) = kept(session, id, cx).await?;
    let plan = rebuild.plan(id, &FormValues::new(), cx).await.must(rule)?;
    cut.cut("DELETE", Lost::Request, 3);
    let result = attempt(rebuild, id, &plan, cx).await;
    let failure = model::Failure::from(result.err().must(rule)?);
    ensure(failure.message.contains("works, but the old"), rule, || failure.message.clone())?;
    let list = session.list(cx).await.must(rule)?;
    let aside = list.iter().find(|one| one.id == *id).must(rule)?;
    ensure(aside.name.ends_with(model::ASIDE_SUFFIX), rule, || format!("{list:?}"))?;
    rebuild.restore(id, &plan.plan.input, cx).await.must(rule)?;
    is_as_it_was(session, cx, id, &old.name, rule).await?;
    rebuild.restore(id, &plan.plan.input, cx).await.must("restoring twice is fine")
}

async fn with_volume(
    session: &dyn Session,
    id: &WorkspaceId,
    cx: &Cx,
    volume: &str,
) -> Checked<FormValues> {
    let (_, detail) = kept(session, id, cx).await?;
    let mut volumes: Vec<String> =
        detail.volumes.iter().map(|one| format!("{}:{}", one.name, one.path)).collect();
    volumes.push(format!("{volume}:/var/cache/added"));
    Ok([("volumes".to_owned(), volumes.join("\n"))].into())
}

async fn attempt(
    rebuild: &dyn Rebuild,
    id: &WorkspaceId,
    plan: &RebuildPlan,
    cx: &Cx,
) -> Result<WorkspaceId, BackendError> {
    let never = CancellationToken::new();
    let steps = CancelAt { step: usize::MAX, cancel: &never, begun: Mutex::default() };
    let told = Mutex::new(Vec::new());
    let tell = |id: WorkspaceId| {
        if let Ok(mut told) = told.lock() {
            told.push(id);
        }
    };
    let result = rebuild.rebuild(id, &plan.plan, &steps, &tell, cx).await;
    let last = told.into_inner().unwrap_or_default().pop();
    match (&result, last) {
        (Ok(made), last) if last.as_ref() != Some(&made.workspace_id) => {
            Err(BackendError::protocol(format!("{last:?} was told, not {made:?}")))
        }
        _ => result.map(|made| made.workspace_id),
    }
}
