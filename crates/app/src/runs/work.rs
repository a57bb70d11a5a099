//! What runs do: one value per verb, with its words and the call that carries it out.

use std::{sync::Arc, time::Duration};

use backend_api::{Cx, Lifecycle};
use model::{
    ErrorCode, Failure, FormValues, Plan, PlanStep, RemoveVolumes, RunId, WorkspaceId,
    WorkspaceState,
};

use super::LiveRun;
use crate::{git, images::ImageWork, sessions::Live};

/// How long taking back what was made may take.
const CLEAN_UP: Duration = Duration::from_secs(30);
/// Stopping the new one, and starting the old one again.
const BRING_BACK: Duration = Duration::from_secs(180);

/// What a run does.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Create {
        plan: Plan,
        /// The plan's input without what must not be stored.
        stored: FormValues,
        /// What comes after the container stands, for a workspace from git.
        git: Option<git::Making>,
    },
    /// Makes the workspace anew; the old one comes back after a failure.
    Rebuild {
        plan: Plan,
        /// The plan's input without what must not be stored.
        stored: FormValues,
    },
    /// Brings back what an earlier rebuild put aside; `input` is its plan's.
    Restore {
        of: RunId,
        input: FormValues,
    },
    Git(git::Job),
    Start,
    Stop,
    Restart,
    Rename {
        name: String,
    },
    Remove {
        volumes: RemoveVolumes,
        /// The remote of a tied workspace stays in the repository on this computer.
        keeps_remote: bool,
    },
    /// Removes what an earlier run left behind; volumes stay, as they may hold older work.
    RemoveLeftover {
        of: RunId,
    },
    /// Something about images; see `images`.
    Image(Box<ImageWork>),
}

impl Work {
    pub(crate) fn verb(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Rebuild { .. } => "rebuild",
            Self::Restore { .. } => "restore",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Rename { .. } => "rename",
            Self::Remove { .. } | Self::RemoveLeftover { .. } => "remove",
            Self::Git(job) => job.task().verb(),
            Self::Image(work) => work.verb(),
        }
    }

    /// What it is started with, so that it can be retried, as far as it may be stored.
    pub(crate) fn input(&self) -> FormValues {
        let one = |key: &str, value: &str| FormValues::from([(key.to_owned(), value.to_owned())]);
        match self {
            Self::Create { stored, .. } | Self::Rebuild { stored, .. } => stored.clone(),
            Self::Restore { input, .. } => input.clone(),
            Self::Git(job) => job.task().input(),
            Self::Rename { name } => one("name", name),
            Self::Remove { volumes, keeps_remote } => {
                let is_deleted = *volumes == RemoveVolumes::Delete;
                let mut input = one("volumes", if is_deleted { "delete" } else { "keep" });
                input.extend(keeps_remote.then(|| ("remote".to_owned(), "keep".to_owned())));
                input
            }
            Self::RemoveLeftover { .. } => one("volumes", "keep"),
            Self::Start | Self::Stop | Self::Restart => FormValues::new(),
            Self::Image(work) => work.input(),
        }
    }

    /// The work of a stored run, apart from those whose plan has to be made anew.
    pub(crate) fn from_stored(verb: &str, input: &FormValues) -> Option<Self> {
        Some(match verb {
            "start" => Self::Start,
            "stop" => Self::Stop,
            "restart" => Self::Restart,
            "rename" => Self::Rename { name: input.get("name")?.clone() },
            "remove" => Self::Remove {
                volumes: match input.get("volumes").map(String::as_str) {
                    Some("delete") => RemoveVolumes::Delete,
                    _ => RemoveVolumes::Keep,
                },
                keeps_remote: input.get("remote").is_some_and(|remote| remote == "keep"),
            },
            _ => return None,
        })
    }

    pub(crate) fn steps(&self, name: &str) -> Vec<PlanStep> {
        let step =
            |title: &str, summary: String| vec![PlanStep { name: title.to_owned(), summary }];
        match self {
            Self::Rebuild { plan, .. } => plan.steps.clone(),
            Self::Restore { .. } => step("Bring back", format!("Bring the old {name} back")),
            Self::Create { plan, git, .. } => {
                let after = git.iter().flat_map(|making| making.steps());
                plan.steps.iter().chain(after).cloned().collect()
            }
            Self::Git(job) => job.task().steps(name),
            Self::Start => step("Start", format!("Start {name}")),
            Self::Stop => step("Stop", format!("Stop {name}; its data stays")),
            Self::Restart => step("Restart", format!("Stop and start {name}")),
            Self::Rename { name: new } => step("Rename", format!("Rename {name} to {new}")),
            Self::Remove { volumes: RemoveVolumes::Delete, .. } => {
                step("Remove", format!("Remove {name} and its volumes"))
            }
            Self::Remove { volumes: RemoveVolumes::Keep, .. } => {
                step("Remove", format!("Remove {name}; its volumes stay"))
            }
            Self::RemoveLeftover { .. } => {
                step("Remove", format!("Remove what is left of {name}; volumes stay"))
            }
            Self::Image(work) => work.steps.clone(),
        }
    }

    /// What cancelling means while it goes on.
    pub(crate) fn cancel_means(&self, name: &str) -> String {
        match self {
            Self::Create { .. } => {
                format!("Stops, and takes away what was made of {name} so far.")
            }
            Self::Rebuild { .. } => {
                format!("Stops, and brings {name} back as it was before.")
            }
            Self::Start
            | Self::Stop
            | Self::Restart
            | Self::Rename { .. }
            | Self::Restore { .. } => {
                "Moorline stops waiting. The server may still finish what it began.".into()
            }
            Self::Git(_) => "Stops git. What was committed or pushed by then stays.".into(),
            Self::Remove { .. } | Self::RemoveLeftover { .. } => {
                format!(
                    "Moorline stops waiting. {name} may be gone already; that cannot be undone."
                )
            }
            Self::Image(work) => work.cancel_means(),
        }
    }

    /// How the workspace is shown meanwhile, where not as it is listed.
    pub(crate) fn shown(&self) -> Option<WorkspaceState> {
        match self {
            Self::Create { .. } | Self::Rename { .. } | Self::Git(_) | Self::Image(_) => None,
            Self::Start | Self::Restart | Self::Rebuild { .. } | Self::Restore { .. } => {
                Some(WorkspaceState::Starting)
            }
            Self::Stop => Some(WorkspaceState::Stopping),
            Self::Remove { .. } | Self::RemoveLeftover { .. } => Some(WorkspaceState::Removing),
        }
    }

    /// What it means for a workspace that is tied to this computer.
    pub(crate) fn change_for_git(&self) -> Option<git::Change> {
        match self {
            Self::Start | Self::Restart | Self::Rebuild { .. } | Self::Restore { .. } => {
                Some(git::Change::Begins)
            }
            Self::Rename { name } => Some(git::Change::Renamed(name.clone())),
            Self::Remove { keeps_remote, .. } => {
                Some(git::Change::Goes { keeps_remote: *keeps_remote })
            }
            Self::Create { .. }
            | Self::Git(_)
            | Self::Stop
            | Self::RemoveLeftover { .. }
            | Self::Image(_) => None,
        }
    }

    /// Whether plain `ssh` reaches something else afterwards.
    pub(crate) fn is_seen_by_ssh(&self) -> bool {
        !matches!(self, Self::Git(_) | Self::Stop | Self::RemoveLeftover { .. } | Self::Image(_))
    }

    /// How long a backend has to clean up after a cancel.
    pub(crate) fn grace(&self) -> Duration {
        match self {
            Self::Rebuild { .. } => BRING_BACK,
            _ => CLEAN_UP,
        }
    }

    /// Carries it out. Cancelling is by `cx`.
    pub(crate) async fn carry_out(
        &self,
        live: &Live,
        run: &Arc<LiveRun>,
        cx: &Cx,
    ) -> Result<(), Failure> {
        match self {
            Self::Create { plan, git, .. } => {
                return super::create::create(live, run, plan, git.as_ref(), cx).await;
            }
            Self::Git(job) => {
                let name = run.snapshot().subject.name;
                return job.carry_out(live, run.as_ref(), &name, cx).await;
            }
            _ => {}
        }
        if let Self::Image(work) = self {
            return work.carry_out(live, run.as_ref(), cx).await;
        }
        let id = run.workspace_id().ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, "the workspace is not known")
                .with_hint("Refresh the list and start again from there.")
        })?;
        if let Self::Rebuild { plan, .. } = self {
            let rebuild = live.session.rebuild();
            let rebuild = rebuild.ok_or_else(|| live.cannot("rebuild workspaces"))?;
            let maker = Arc::clone(run);
            let made = move |id: WorkspaceId| maker.made(id);
            let applied = rebuild.rebuild(&id, plan, run.as_ref(), &made, cx).await?;
            run.made(applied.workspace_id);
            return Ok(());
        }
        if let Self::Restore { input, .. } = self {
            let rebuild = live.session.rebuild();
            let rebuild = rebuild.ok_or_else(|| live.cannot("rebuild workspaces"))?;
            backend_api::StepSink::begin(run.as_ref(), 0);
            return Ok(rebuild.restore(&id, input, cx).await?);
        }
        let lifecycle = live.session.lifecycle().ok_or_else(|| live.cannot("change workspaces"))?;
        backend_api::StepSink::begin(run.as_ref(), 0);
        self.change(lifecycle, &id, cx).await
    }

    async fn change(
        &self,
        lifecycle: &dyn Lifecycle,
        id: &WorkspaceId,
        cx: &Cx,
    ) -> Result<(), Failure> {
        let done = match self {
            // Carried out by others; nothing is left to change.
            Self::Create { .. }
            | Self::Rebuild { .. }
            | Self::Restore { .. }
            | Self::Git(_)
            | Self::Image(_) => Ok(()),
            Self::Start => lifecycle.start(id, cx).await,
            Self::Stop => lifecycle.stop(id, cx).await,
            Self::Restart => lifecycle.restart(id, cx).await,
            Self::Rename { name } => lifecycle.rename(id, name, cx).await,
            Self::Remove { volumes, .. } => lifecycle.remove(id, *volumes, cx).await,
            Self::RemoveLeftover { .. } => lifecycle.remove(id, RemoveVolumes::Keep, cx).await,
        };
        Ok(done?)
    }
}
