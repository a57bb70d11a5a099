//! The steps of each operation, by name, and telling how they go.

use backend_api::{LabRequest, LabSink};
use model::{LabVerb, PlanStep, StepProgress};

use crate::session::ClabSession;

pub(crate) const CHECK: &str = "Check";
pub(crate) const SYNC: &str = "Sync";
pub(crate) const QUEUE: &str = "Queue";
pub(crate) const RUN: &str = "Run";
pub(crate) const VERIFY: &str = "Verify";
pub(crate) const COLLECT: &str = "Collect";

fn step(name: &str, summary: impl Into<String>) -> PlanStep {
    PlanStep { name: name.into(), summary: summary.into() }
}

impl ClabSession {
    /// The steps of an operation, in order.
    pub(crate) fn steps_of(&self, request: &LabRequest) -> Vec<PlanStep> {
        let lab = &request.name;
        let run = match request.verb {
            LabVerb::Validate => {
                return vec![step(CHECK, "Read the topology and ask the server about it")];
            }
            LabVerb::Create => return vec![step(SYNC, "Send the files of the lab to the server")],
            LabVerb::Start => format!("Start {lab}"),
            LabVerb::Stop => format!("Stop the nodes of {lab}"),
            LabVerb::Restart => format!("Restart the nodes of {lab}"),
            LabVerb::Apply => format!("Change {lab} to what its topology says"),
            LabVerb::Redeploy => format!("Take {lab} down and make it anew"),
            LabVerb::Destroy => format!("Take {lab} down"),
            LabVerb::Collect => "Let the nodes save their configurations".to_owned(),
        };
        let mut steps = Vec::new();
        if request.material.is_some() && sends_files(request.verb) {
            let summary = if self.found.is_modern() {
                "Send the files that changed to the server"
            } else {
                "Put the files of the lab into one archive"
            };
            steps.push(step(SYNC, summary));
        }
        steps.push(step(QUEUE, "Wait until no other operation on the lab is under way"));
        steps.push(step(RUN, run));
        steps.push(match request.verb {
            LabVerb::Collect => step(COLLECT, "Fetch what was saved"),
            LabVerb::Destroy => step(VERIFY, "Look whether the nodes are gone"),
            LabVerb::Stop => step(VERIFY, "Look whether the nodes are stopped"),
            _ => step(VERIFY, "Look whether every node runs"),
        });
        steps
    }
}

/// Whether an operation brings the files to the server first.
pub(crate) fn sends_files(verb: LabVerb) -> bool {
    matches!(verb, LabVerb::Create | LabVerb::Start | LabVerb::Apply | LabVerb::Redeploy)
}

/// Tells the progress of steps by their names.
pub(crate) struct Steps<'a> {
    names: Vec<String>,
    pub(crate) told: &'a dyn LabSink,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(steps: Vec<PlanStep>, told: &'a dyn LabSink) -> Self {
        Self { names: steps.into_iter().map(|step| step.name).collect(), told }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|one| one == name)
    }

    pub(crate) fn begin(&self, name: &str) {
        if let Some(index) = self.index(name) {
            self.told.begin(index);
        }
    }

    pub(crate) fn progress(&self, name: &str, progress: StepProgress) {
        if let Some(index) = self.index(name) {
            self.told.progress(index, progress);
        }
    }
}
