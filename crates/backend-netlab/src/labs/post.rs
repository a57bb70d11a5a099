//! Giving a job to the server: when nothing else runs there, after a look at what it would meet, and never twice.

use std::collections::HashSet;
use std::time::Duration;

use backend_api::{BackendError, Cx};
use tokio_util::sync::CancellationToken;

use super::look::unfinished;
use super::operate::Work;
use super::run::Action;
use crate::api::{Job, JobEnd, JobRequest};
use crate::status::{self, Instance};

/// How often the jobs of others are looked at.
const POLL: Duration = Duration::from_secs(2);
/// How often an answer that a job swallowed is asked for again.
const AGAIN: usize = 3;
const LOCK: &str = "netlab.lock";

/// Lines of the lab's log that were there before.
pub(super) type Before = HashSet<String>;

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    /// None: the server was started again and knows nothing of it.
    pub(super) end: Option<JobEnd>,
    pub(super) job: Option<String>,
    pub(super) before: Before,
}

impl Ended {
    pub(super) fn forgotten() -> Self {
        Self { end: None, job: None, before: Before::new() }
    }
}

impl Work<'_> {
    /// Waits until nobody's job runs; gives the names of those that have ended.
    async fn when_idle(&self) -> Result<HashSet<String>, BackendError> {
        let mut told: Option<String> = None;
        loop {
            let jobs = self.session.api.jobs(self.cx).await?;
            let Some(other) = unfinished(&jobs).next().map(Job::words) else {
                return Ok(jobs.into_iter().map(|job| job.id).collect());
            };
            if told.as_ref() != Some(&other) {
                self.note(&format!("waiting for a job that is not ours: {other}"));
                told = Some(other);
            }
            self.pause(POLL).await?;
        }
    }

    pub(super) async fn pause(&self, time: Duration) -> Result<(), BackendError> {
        let sleep = async {
            tokio::time::sleep(time).await;
            Ok(())
        };
        self.cx.until_cancelled(sleep).await
    }

    /// All labs as they are now, asked when nothing runs; none where this server cannot tell. Only in our turn.
    pub(super) async fn instances_now(&self) -> Result<Option<Vec<Instance>>, BackendError> {
        let session = self.session;
        for _ in 0..AGAIN {
            self.when_idle().await?;
            let found = if session.is_structured {
                let told = session.api.status(self.cx).await;
                if matches!(told, Err(BackendError::Cancelled)) {
                    // The server answers all the same, and the next job may not come between.
                    session.turns.rest();
                }
                status::instances(&told?)
            } else {
                session.status_file(self.cx).await
            };
            if let Some(instances) = found {
                session.known().instances = instances.clone();
                return Ok(Some(instances));
            }
            if !session.is_structured {
                return Ok(None);
            }
            self.pause(POLL).await?;
        }
        Err(BackendError::protocol(format!("netlab on {} does not tell its labs", session.name))
            .with_hint("Try again; if it stays so, restart netlab's API there."))
    }

    /// Looks whether the job would meet something that netlab asks a person about, or refuses without a word.
    pub(super) async fn check(&self, action: Action) -> Result<Before, BackendError> {
        let target = self.target;
        let instances = self.instances_now().await?.unwrap_or_default();
        let number = target.instance;
        let other = instances.iter().find(|one| {
            one.number().is_some() && one.number() == number && one.folder != target.folder
        });
        if let (Some(other), Some(number)) = (other, number) {
            return Err(BackendError::conflict(format!(
                "the number {number} of \"{}\" belongs to the lab in {} now",
                target.name, other.folder
            ))
            .with_hint("Start it with another number, or take the other lab down first."));
        }
        let mine = instances.iter().find(|one| one.folder == target.folder);
        if matches!(action, Action::Create | Action::Up) {
            self.check_free(mine).await?;
        }
        Ok(mine.map(|one| one.log.iter().cloned().collect()).unwrap_or_default())
    }

    /// netlab refuses a folder that is locked, and says nothing.
    async fn check_free(&self, mine: Option<&Instance>) -> Result<(), BackendError> {
        let name = &self.target.name;
        if mine.is_some_and(Instance::is_started) {
            return Err(BackendError::conflict(format!("\"{name}\" runs already"))
                .with_hint("Restart it to bring what changed into it."));
        }
        if self.is_there(LOCK).await? {
            return Err(BackendError::conflict(format!(
                "the folder of \"{name}\" is locked: an earlier start was not finished"
            ))
            .with_hint(
                "Stop or destroy the lab, which cleans up what is left, then start it again.",
            ));
        }
        Ok(())
    }

    /// Gives a job to the server. Whether it took one whose answer was lost is looked up, never guessed.
    pub(super) async fn post(&self, request: &JobRequest) -> Result<String, BackendError> {
        let api = &self.session.api;
        let before = self.when_idle().await?;
        // Also clears what an earlier failure left in the server's memory, where the next job would trip over it.
        api.health(self.cx).await?;
        // A cancel on its way would leave a job that nobody knows of; so it is looked at afterwards.
        let cx = self.cx.for_call(CancellationToken::new(), self.cx.log.clone());
        let job = match api.post(request, &cx).await {
            Ok(job) => job.id,
            Err(error @ BackendError::Unreachable(_)) => {
                self.note("the answer to the job was lost; looking whether the server has it");
                match self.lost(request, &before, &cx).await {
                    Ok(Some(job)) => job,
                    Ok(None) => return Err(error),
                    Err(_) => return Err(self.nobody_knows(error)),
                }
            }
            Err(error) => return Err(error),
        };
        self.is_given(&job);
        Ok(job)
    }

    /// The server may have the job. That it has no name makes whoever goes on look at the lab instead.
    fn nobody_knows(&self, error: BackendError) -> BackendError {
        self.is_given("");
        let name = &self.target.name;
        BackendError::unreachable(format!(
            "the server may have taken the job for \"{name}\" and does not answer any more"
        ))
        .with_hint("Look at the lab when the server answers; the job may go on there.")
        .with_detail(error.to_string())
    }

    async fn lost(
        &self,
        request: &JobRequest,
        before: &HashSet<String>,
        cx: &Cx,
    ) -> Result<Option<String>, BackendError> {
        let jobs = self.session.api.jobs(cx).await?;
        let is_it = |job: &&Job| {
            let folder = job.workdir.as_deref();
            !before.contains(&job.id)
                && job.action.as_deref() == Some(request.action)
                && folder.is_none_or(|folder| folder == request.workdir)
        };
        Ok(jobs.iter().find(is_it).map(|job| job.id.clone()))
    }
}
