//! Begins runs about labs, and takes those up again that an earlier process left.
//!
//! Such a run does not end with the app: its server goes on, and the next start looks how it went.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use backend_api::LogSink as _;
use model::{
    ConnectionId, ErrorCode, Failure, LabPlan, LogStream, PlanStep, Run, RunId, RunStatus, RunStep,
    RunSubject, StepStatus,
};
use store::Store;
use tokio_util::sync::CancellationToken;

use super::{
    asked::{self, Asked},
    carry, end,
    job::Job,
};
use crate::{
    runs::{self, LiveRun},
    sessions::Live,
    shared::Shared,
    state::State,
    templates::{self, Material},
};

/// Stores a run and begins it. The caller gets its id; how it goes is told by events.
pub(super) async fn begin(
    shared: &Arc<Shared>,
    live: Arc<Live>,
    asked: Asked,
) -> Result<RunId, Failure> {
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    if !labs.features().verbs.contains(&asked.verb) {
        return Err(live.cannot(&format!("{} labs", asked::word(asked.verb))));
    }
    let material = material(shared, &asked).await?;
    let files = material.as_ref().map(|material| material.for_lab(&asked.variables));
    let steps = labs.steps(&asked.request(files));
    let run = record_of(shared, &live, &asked, steps);
    let id = run.id.clone();
    // Not a child of the core's: what the server was told to do goes on when the app ends.
    let run = Arc::new(LiveRun::new(run, CancellationToken::new()));
    reserve(shared, &run, &asked).await?;
    if let Err(error) = shared.store.put_run(&run.snapshot()).await {
        end::release(shared, &run).await;
        end::forget(shared, &run).await;
        return Err(error.into());
    }
    let job = Job::new(shared, run, asked, material, None);
    spawn(shared, job, Some(live));
    Ok(id)
}

/// What an operation would do. Reads only.
pub(super) async fn plan(
    shared: &Arc<Shared>,
    on: &ConnectionId,
    asked: &Asked,
) -> Result<LabPlan, Failure> {
    let live = shared.live(on).await?;
    let labs = live.session.labs().ok_or_else(|| live.cannot("run labs"))?;
    let material = material(shared, asked).await?;
    let files = material.as_ref().map(|material| material.for_lab(&asked.variables));
    live.call(labs.plan(&asked.request(files), &live.cx())).await
}

/// Takes up the runs of an earlier process whose servers were given a job.
pub(crate) async fn take_up(shared: &Arc<Shared>, jobs: BTreeMap<RunId, String>) {
    for (id, name) in jobs {
        match shared.store.get_run(&id).await {
            Ok(Some(run)) if run.status == RunStatus::Running => {
                take_up_one(shared, run, name).await
            }
            Ok(_) => drop(shared.store.forget_lab_job(&id).await),
            Err(error) => tracing::warn!(run_id = %id, %error, "a run could not be taken up"),
        }
    }
}

async fn take_up_one(shared: &Arc<Shared>, run: Run, name: String) {
    let Some(asked) = Asked::from_stored(&run) else { return };
    let (id, connection) = (run.id.clone(), run.subject.connection_name.clone());
    let run = Arc::new(LiveRun::new(run, CancellationToken::new()));
    run.line(
        LogStream::Note,
        &format!("Moorline was started again; this run goes on when {connection} answers"),
    );
    if let Err(failure) = reserve(shared, &run, &asked).await {
        return tracing::warn!(run_id = %id, %failure, "a run could not be taken up");
    }
    let handle = Arc::clone(shared);
    // Fetching files may take long, and the start does not wait for it.
    shared.tasks.spawn(async move {
        let material = tokio::select! {
            biased;
            () = handle.cancel.cancelled() => None,
            // Without them the server's own copy has to do.
            material = material(&handle, &asked) => material.unwrap_or_default(),
        };
        spawn(&handle, Job::new(&handle, run, asked, material, Some(name)), None);
    });
}

/// The runs that are taken up again instead of counting as interrupted.
pub(crate) async fn going_on(store: &Store) -> Result<BTreeMap<RunId, String>, Failure> {
    let running = store.running_runs().await?;
    let ours: BTreeSet<_> = running
        .iter()
        .filter(|run| Asked::from_stored(run).is_some())
        .map(|run| run.id.clone())
        .collect();
    let mut jobs = store.lab_jobs().await?;
    jobs.retain(|id, _| ours.contains(id));
    Ok(jobs)
}

fn spawn(shared: &Arc<Shared>, job: Job, first: Option<Arc<Live>>) {
    let handle = Arc::clone(shared);
    // Not through `spawn`: at shutdown the rest of the log is still written down.
    shared.tasks.spawn(async move {
        let carried = async {
            tokio::select! {
                biased;
                () = handle.cancel.cancelled() => {
                    job.store_told().await;
                    runs::finish(&job.run).await;
                }
                () = carried(&job, first) => {}
            }
        };
        tokio::join!(runs::record(&handle, &job.run), carried);
    });
}

async fn carried(job: &Job, first: Option<Arc<Live>>) {
    let result = tokio::select! {
        biased;
        result = carry::until_end(job, first) => result,
        () = job.keep_told() => return,
    };
    job.store_told().await;
    end::end(job, result).await;
}

/// The files that go to the server. A lab that stands there does without when they cannot be read.
async fn material(shared: &Arc<Shared>, asked: &Asked) -> Result<Option<Material>, Failure> {
    let Some(pick) = asked.template.as_ref().filter(|_| asked::takes_files(asked.verb)) else {
        return Ok(None);
    };
    match templates::material(shared, pick).await {
        Ok(material) => Ok(Some(material)),
        Err(failure) if asked.lab_id.is_none() => Err(failure),
        Err(failure) => {
            tracing::info!(%failure, "a lab goes on with the files on its server");
            Ok(None)
        }
    }
}

fn record_of(shared: &Shared, live: &Live, asked: &Asked, steps: Vec<PlanStep>) -> Run {
    let step = |step: PlanStep| RunStep {
        name: step.name,
        summary: step.summary,
        status: StepStatus::Waiting,
        started_at: None,
        ended_at: None,
        progress: None,
    };
    Run {
        id: RunId::generate(),
        verb: asked.run_verb(),
        status: RunStatus::Running,
        started_at: shared.now(),
        ended_at: None,
        steps: steps.into_iter().map(step).collect(),
        error: None,
        input: asked.input(),
        cancel_means: Some("Stops before anything is done on the server.".into()),
        leftover: None,
        log_lines: 0,
        subject: RunSubject {
            connection_id: live.connection_id.clone(),
            connection_name: live.name.clone(),
            name: asked.name.clone(),
            workspace_id: None,
            lab_id: asked.lab_id.clone(),
        },
    }
}

/// Puts the run among those that go on; refused while another one has the same lab.
async fn reserve(shared: &Arc<Shared>, run: &Arc<LiveRun>, asked: &Asked) -> Result<(), Failure> {
    let (run, shown) = (Arc::clone(run), asked.shown());
    let job = move |state: &mut State| {
        let record = run.snapshot();
        let subject = &record.subject;
        let lab = (&subject.connection_id, subject.lab_id.clone(), subject.name.as_str());
        state.labs.began(record.id.clone(), lab, shown).map_err(|_| {
            Failure::new(ErrorCode::Busy, format!("another run is changing {}", subject.name))
                .with_hint("Wait until it ends, or cancel it under Runs.")
        })?;
        state.changes.labs.insert(subject.connection_id.clone());
        state.changes.runs.push(record.clone());
        state.runs.insert(record.id, run);
        Ok(())
    };
    shared.owner.with(job).await?
}
