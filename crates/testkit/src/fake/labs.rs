//! Labs of the fake server: jobs that end when a test says so, or at once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::{
    BackendError, Cx, Fetched, LabDone, LabInterfaces, LabNodes, LabRequest, LabSink, Labs,
};
use model::{
    Impairment, Lab, LabDetail, LabFeatures, LabId, LabNode, LabPlan, LabState, LabVerb, LogStream,
    NodeState, NodeVerb, PlanStep, Workspace, WorkspaceId, WorkspaceState,
};

use super::{FakeServer, FakeSession, session::lost, workspace};

/// A job that the fake server was given.
#[derive(Debug, Clone)]
pub struct FakeJob {
    pub lab: LabId,
    pub verb: LabVerb,
    /// How it ended; none while it goes on.
    pub end: Option<Result<(), String>>,
}

/// The labs of a fake server.
#[derive(Default)]
pub struct FakeLabs {
    pub labs: Vec<Lab>,
    /// By their names, "job-1" and so on.
    pub jobs: BTreeMap<String, FakeJob>,
    /// What every operation was asked for, and the files that came with it.
    pub asked: Vec<(LabRequest, Vec<String>)>,
    /// Jobs that were asked about by their names.
    pub resumed: Vec<String>,
    /// What a collect fetches.
    pub fetched: Vec<Fetched>,
    pub impairments: Vec<Impairment>,
    /// Jobs end when `FakeServer::end_job` says so, not at once.
    pub are_held: bool,
    /// Jobs stay in the queue, where the server does not know them yet.
    pub is_queue_full: bool,
    /// A job that runs cannot be ended: whoever cancels it only stops watching.
    pub cannot_cancel: bool,
}

impl FakeServer {
    /// Makes it a server of labs.
    pub fn with_labs(&self) {
        self.state().labs = Some(FakeLabs::default());
    }

    /// Changes the labs and tells whoever watches.
    pub fn change_labs<T>(&self, change: impl FnOnce(&mut FakeLabs) -> T) -> T {
        let mut state = self.state();
        let done = change(state.labs.get_or_insert_default());
        drop(state);
        self.lab_changes.send_modify(|count| *count += 1);
        self.tell(&WorkspaceId::from_raw("labs"));
        done
    }

    /// Ends a job.
    pub fn end_job(&self, name: &str, end: Result<(), String>) {
        self.change_labs(|labs| {
            let Some(job) = labs.jobs.get_mut(name) else { return };
            job.end = Some(end.clone());
            let (id, verb) = (job.lab.clone(), job.verb);
            if end.is_ok() {
                labs.becomes(&id, verb);
            }
        });
    }

    /// The node of a lab that has this id for its console.
    pub(super) fn node(&self, id: &WorkspaceId) -> Option<Workspace> {
        let state = self.state();
        let labs = state.labs.as_ref()?;
        let node = id.as_str().strip_prefix("node-")?;
        labs.labs.iter().find(|lab| node.starts_with(lab.name.as_str()))?;
        Some(workspace(node, WorkspaceState::Running))
    }
}

impl FakeLabs {
    fn becomes(&mut self, id: &LabId, verb: LabVerb) {
        let state = match verb {
            LabVerb::Validate | LabVerb::Collect => return,
            LabVerb::Create => LabState::Created,
            LabVerb::Stop => LabState::Stopped,
            LabVerb::Start | LabVerb::Restart | LabVerb::Apply | LabVerb::Redeploy => {
                LabState::Running
            }
            LabVerb::Destroy => return self.labs.retain(|lab| lab.id != *id),
        };
        match self.labs.iter_mut().find(|lab| lab.id == *id) {
            Some(lab) => lab.state = state,
            None => self.labs.push(lab(id.as_str(), state)),
        }
    }
}

/// A lab with two nodes; its id is its name.
#[must_use]
pub fn lab(name: &str, state: LabState) -> Lab {
    Lab {
        id: LabId::from_raw(name),
        name: name.into(),
        state,
        state_remark: None,
        instance: None,
        owner: None,
        is_mine: true,
        nodes_running: Some(2),
        nodes_total: Some(2),
        started_at: None,
        path: Some(format!("/labs/{name}")),
    }
}

impl FakeSession {
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut FakeLabs) -> T) -> Result<T, BackendError> {
        self.check()?;
        Ok(look(self.server.state().labs.get_or_insert_default()))
    }

    /// Waits until `look` finds something, the link breaks, or it is cancelled.
    async fn until<T>(
        &self,
        cx: &Cx,
        look: impl Fn(&mut FakeLabs) -> Option<T>,
    ) -> Result<T, BackendError> {
        let mut changes = self.server.lab_changes.subscribe();
        loop {
            if let Some(found) = self.with(&look)? {
                return Ok(found);
            }
            tokio::select! {
                biased;
                () = cx.cancel.cancelled() => return Err(BackendError::Cancelled),
                () = self.broken.cancelled() => return Err(lost()),
                changed = changes.changed() => changed.map_err(|_| lost())?,
            }
        }
    }

    async fn await_job(
        &self,
        name: &str,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        told.begin(2);
        let end = self.until(cx, |labs| labs.jobs.get(name)?.end.clone()).await;
        if matches!(end, Err(BackendError::Cancelled)) {
            if self.with(|labs| labs.cannot_cancel)? {
                return Err(BackendError::unreachable(format!("nobody watches {name} any more"))
                    .with_hint("The server goes on with it."));
            }
            let stopped = Some(Err("cancelled".to_owned()));
            self.with(|labs| labs.jobs.get_mut(name).map(|job| job.end = stopped))?;
        }
        end?.map_err(BackendError::rejected)?;
        told.begin(3);
        let lab_id = self.with(|labs| labs.jobs.get(name).map(|job| job.lab.clone()))?;
        let lab_id = lab_id.ok_or_else(|| BackendError::not_found("there is no such job"))?;
        let is_collect = request.verb == LabVerb::Collect;
        let fetched = self.with(|labs| is_collect.then(|| labs.fetched.clone()))?;
        Ok(LabDone { lab_id, fetched: fetched.unwrap_or_default() })
    }
}

#[async_trait]
impl Labs for FakeSession {
    fn features(&self) -> LabFeatures {
        LabFeatures {
            dialect: "fake labs".into(),
            verbs: vec![
                LabVerb::Validate,
                LabVerb::Create,
                LabVerb::Start,
                LabVerb::Stop,
                LabVerb::Restart,
                LabVerb::Destroy,
                LabVerb::Collect,
            ],
            node_verbs: vec![NodeVerb::Stop, NodeVerb::Start],
            console: true,
            exec: true,
            interfaces: true,
            rates: true,
            impairments: true,
            capture: true,
            ..LabFeatures::default()
        }
    }

    async fn labs(&self, _cx: &Cx) -> Result<Vec<Lab>, BackendError> {
        self.with(|labs| labs.labs.clone())
    }

    async fn lab(&self, id: &LabId, _cx: &Cx) -> Result<LabDetail, BackendError> {
        let lab = self.with(|labs| labs.labs.iter().find(|lab| lab.id == *id).cloned())?;
        let lab = lab.ok_or_else(|| BackendError::not_found("there is no such lab"))?;
        let is_up = lab.state == LabState::Running;
        let node = |name: &str| LabNode {
            name: name.into(),
            state: if is_up { NodeState::Running } else { NodeState::Absent },
            state_remark: None,
            kind: "frr".into(),
            image: None,
            management_address: None,
            container: None,
            console: is_up.then(|| WorkspaceId::from_raw(format!("node-{}-{name}", lab.name))),
        };
        let nodes = vec![node("r1"), node("r2")];
        Ok(LabDetail { nodes, graph: None, source: None, as_of: None, lab })
    }

    fn steps(&self, request: &LabRequest) -> Vec<PlanStep> {
        ["Sync", "Queue", "Run", "Verify"]
            .map(|name| PlanStep { name: name.into(), summary: format!("{name} {}", request.name) })
            .to_vec()
    }

    async fn plan(&self, request: &LabRequest, _cx: &Cx) -> Result<LabPlan, BackendError> {
        self.check()?;
        Ok(LabPlan {
            verb: request.verb,
            steps: self.steps(request),
            instance: request.instance,
            path: Some(format!("/labs/{}", request.name)),
            sync: None,
            images: Vec::new(),
            changes: None,
            warnings: Vec::new(),
            problems: Vec::new(),
            cancel_means: "Ends the job.".into(),
        })
    }

    async fn carry_out(
        &self,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let files = request.material.as_ref().map(|material| {
            material.files.entries().iter().map(|entry| entry.path.clone()).collect()
        });
        self.with(|labs| labs.asked.push((request.clone(), files.unwrap_or_default())))?;
        let id = request.lab_id.clone().unwrap_or_else(|| LabId::from_raw(request.name.clone()));
        told.begin(0);
        told.lab(&id, request.instance);
        told.begin(1);
        told.cancel_means("Takes it out of the queue.");
        self.until(cx, |labs| (!labs.is_queue_full).then_some(())).await?;
        let (lab, verb) = (id.clone(), request.verb);
        let (name, is_held) = self.with(|labs| {
            let name = format!("job-{}", labs.jobs.len() + 1);
            labs.jobs.insert(name.clone(), FakeJob { lab, verb, end: None });
            (name, labs.are_held)
        })?;
        told.job(&name);
        told.cancel_means("Ends the job on the server.");
        cx.log.line(LogStream::Stdout, &format!("{name} took {}", request.name));
        if !is_held {
            self.server.end_job(&name, Ok(()));
        }
        self.await_job(&name, request, told, cx).await
    }

    async fn resume(
        &self,
        request: &LabRequest,
        job: &str,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        self.with(|labs| labs.resumed.push(job.to_owned()))?;
        self.await_job(job, request, told, cx).await
    }

    fn nodes(&self) -> Option<&dyn LabNodes> {
        Some(self)
    }
    fn interfaces(&self) -> Option<&dyn LabInterfaces> {
        Some(self)
    }
}
