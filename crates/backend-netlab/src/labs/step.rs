//! The steps of an operation.

use backend_api::{LabRequest, LabSink};
use model::{LabVerb, PlanStep, StepProgress};

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Sync,
    Queue,
    /// The first of the two jobs of a restart.
    Stop,
    Run,
    Verify,
    Collect,
    Remove,
}

/// The steps of a request, in order.
pub(super) fn steps(request: &LabRequest) -> Vec<Step> {
    let mut steps = Vec::new();
    let is_down = matches!(request.verb, LabVerb::Stop | LabVerb::Destroy | LabVerb::Collect);
    if request.material.is_some() && !is_down {
        steps.push(Step::Sync);
    }
    steps.push(Step::Queue);
    if is_twofold(request.verb) {
        steps.push(Step::Stop);
    }
    steps.push(Step::Run);
    steps.push(if request.verb == LabVerb::Collect { Step::Collect } else { Step::Verify });
    if request.verb == LabVerb::Destroy && request.options.removes_files {
        steps.push(Step::Remove);
    }
    steps
}

/// Whether the lab is taken down first.
pub(super) fn is_twofold(verb: LabVerb) -> bool {
    matches!(verb, LabVerb::Restart | LabVerb::Redeploy)
}

pub(super) fn plan_steps(request: &LabRequest) -> Vec<PlanStep> {
    let step = |step: Step| {
        let (name, summary) = words(step, request.verb);
        PlanStep { name: name.into(), summary: summary.into() }
    };
    steps(request).into_iter().map(step).collect()
}

fn words(step: Step, verb: LabVerb) -> (&'static str, &'static str) {
    match step {
        Step::Sync => ("Sync", "Bring the lab's folder on the server to what the template has"),
        Step::Queue => ("Queue", "Wait until netlab has no other job"),
        Step::Stop => ("Stop", "Let netlab take the lab down"),
        Step::Run => ("Run", run_words(verb)),
        Step::Verify => ("Verify", "Look whether it is as netlab says"),
        Step::Collect => ("Collect", "Fetch what was collected"),
        Step::Remove => ("Remove", "Remove the lab's folder on the server"),
    }
}

fn run_words(verb: LabVerb) -> &'static str {
    match verb {
        LabVerb::Validate => "Let netlab read the topology",
        LabVerb::Create => "Let netlab make its files from the topology",
        LabVerb::Stop => "Let netlab take the lab down",
        LabVerb::Destroy => "Let netlab take the lab down and clean up",
        LabVerb::Collect => "Let netlab collect the configurations of all nodes",
        LabVerb::Start | LabVerb::Restart | LabVerb::Apply | LabVerb::Redeploy => {
            "Let netlab start and configure the nodes"
        }
    }
}

/// Tells which step an operation is in.
pub(super) struct Teller<'a> {
    steps: Vec<Step>,
    told: &'a dyn LabSink,
}

impl<'a> Teller<'a> {
    pub(super) fn new(request: &LabRequest, told: &'a dyn LabSink) -> Self {
        Self { steps: steps(request), told }
    }

    pub(super) fn has(&self, step: Step) -> bool {
        self.steps.contains(&step)
    }

    pub(super) fn begin(&self, step: Step) {
        if let Some(index) = self.index(step) {
            self.told.begin(index);
        }
    }

    pub(super) fn skip(&self, step: Step) {
        if let Some(index) = self.index(step) {
            self.told.skip(index);
        }
    }

    pub(super) fn progress(&self, step: Step, done_bytes: u64, total_bytes: u64) {
        if let Some(index) = self.index(step) {
            let progress = StepProgress { done_bytes, total_bytes: Some(total_bytes) };
            self.told.progress(index, progress);
        }
    }

    fn index(&self, step: Step) -> Option<usize> {
        self.steps.iter().position(|one| *one == step)
    }
}
