//! The jobs of an operation, and what is looked at after each of them.

use backend_api::{BackendError, Fetched, FileSession};
use model::LabVerb;

use super::operate::Work;
use super::post::Ended;
use super::step::Step;
use crate::api::{Asked, JobRequest};

const SNAPSHOT: &str = "netlab.snapshot.pickle";

/// What is asked of netlab with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Create,
    Up,
    Down { cleanup: bool },
    Collect,
}

impl Action {
    fn of(verb: LabVerb) -> Self {
        match verb {
            LabVerb::Validate | LabVerb::Create => Self::Create,
            LabVerb::Start | LabVerb::Restart | LabVerb::Apply | LabVerb::Redeploy => Self::Up,
            LabVerb::Stop => Self::Down { cleanup: false },
            LabVerb::Destroy => Self::Down { cleanup: true },
            LabVerb::Collect => Self::Collect,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Up => "up",
            Self::Down { .. } => "down",
            Self::Collect => "collect",
        }
    }
}

impl Work<'_> {
    /// What became of a job of an earlier session.
    pub(super) async fn find(&self, job: &str) -> Result<Asked, BackendError> {
        if job.is_empty() {
            return Ok(Asked::Forgotten);
        }
        self.is_given(job);
        self.session.api.job(job, self.cx).await
    }

    /// The first of two jobs. One of an earlier session may be the second already.
    pub(super) async fn down_first(&self, resumed: &mut Option<Asked>) -> Result<(), BackendError> {
        let down = Action::Down { cleanup: false };
        match resumed {
            None => {
                self.teller.begin(Step::Stop);
                self.take_down(down, None).await
            }
            Some(Asked::Known(job)) if job.action.as_deref() == Some(down.word()) => {
                self.teller.begin(Step::Stop);
                let first = resumed.take();
                self.take_down(down, first).await
            }
            Some(Asked::Known(_)) => {
                self.teller.skip(Step::Stop);
                Ok(())
            }
            // Whether it was the first or the second, what runs now may be what ran before.
            Some(Asked::Forgotten) => Err(BackendError::rejected(format!(
                "nobody can say whether \"{}\" was restarted: netlab's API has forgotten the job",
                self.target.name
            ))
            .with_hint("Look at the lab, and restart it again if it is as it was before.")),
        }
    }

    /// The job that an operation is about, looked at afterwards.
    pub(super) async fn main_job(
        &self,
        resumed: Option<Asked>,
    ) -> Result<Vec<Fetched>, BackendError> {
        let action = Action::of(self.request.verb);
        if let Action::Down { .. } = action {
            self.take_down(action, resumed).await?;
            return Ok(Vec::new());
        }
        let ended = self.job(action, resumed).await?;
        self.teller.begin(if action == Action::Collect { Step::Collect } else { Step::Verify });
        self.conclude(action, &ended).await?;
        if action == Action::Collect { self.fetch().await } else { Ok(Vec::new()) }
    }

    /// Takes the lab down, if there is anything to take down.
    async fn take_down(&self, action: Action, resumed: Option<Asked>) -> Result<(), BackendError> {
        if resumed.is_none() && !self.is_anything_up().await? {
            self.note("netlab knows nothing of this lab that could be taken down");
            self.skip_to_end_of(action);
        } else {
            let ended = self.job(action, resumed).await?;
            if self.is_last(action) {
                self.teller.begin(Step::Verify);
            }
            self.conclude(action, &ended).await?;
        }
        let folder = self.target.folder.as_str();
        self.session.known().nodes.remove(folder);
        Ok(())
    }

    /// Whether this is the job that the operation ends with.
    fn is_last(&self, action: Action) -> bool {
        Action::of(self.request.verb) == action
    }

    fn skip_to_end_of(&self, action: Action) {
        if self.is_last(action) {
            for step in [Step::Run, Step::Verify] {
                self.teller.skip(step);
            }
        } else {
            self.teller.skip(Step::Stop);
        }
    }

    async fn is_anything_up(&self) -> Result<bool, BackendError> {
        let instances = self.instances_now().await?;
        let folder = &self.target.folder;
        if instances.is_none_or(|all| all.iter().any(|instance| instance.folder == *folder)) {
            return Ok(true);
        }
        self.is_there(SNAPSHOT).await
    }

    /// Whether a file is in the lab's folder.
    pub(super) async fn is_there(&self, name: &str) -> Result<bool, BackendError> {
        let asked: std::sync::Arc<[String]> = vec![format!("{}/{name}", self.target.folder)].into();
        let look = |files: std::sync::Arc<dyn FileSession>| {
            let asked = std::sync::Arc::clone(&asked);
            async move { files.stat(&asked).await }
        };
        let found = self.session.files.with(self.cx, look).await?;
        Ok(found.into_iter().flatten().next().is_some())
    }

    /// Gives one job to netlab, or goes on with one, and waits for its end.
    async fn job(&self, action: Action, resumed: Option<Asked>) -> Result<Ended, BackendError> {
        match resumed {
            Some(Asked::Forgotten) => Ok(Ended::forgotten()),
            Some(Asked::Known(job)) => self.follow(&job.id, Default::default()).await,
            None => {
                let before = self.check(action).await?;
                let id = self.post(&self.job_request(action)).await?;
                self.follow(&id, before).await
            }
        }
    }

    fn job_request(&self, action: Action) -> JobRequest {
        let target = self.target;
        let request = JobRequest::new(action.word(), &target.folder);
        match action {
            Action::Create | Action::Up => request.topology(&target.topology),
            Action::Down { cleanup: true } => request.cleanup(),
            Action::Down { cleanup: false } => request,
            Action::Collect => JobRequest {
                instance: target.instance.map(|number| number.to_string()),
                collect_output: Some(self.collected()),
                ..request
            },
        }
    }
}
