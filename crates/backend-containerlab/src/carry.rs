//! Carrying an operation out: files, its turn, the job, looking afterwards.

use backend_api::{BackendError, Cx, LabDone, LabMaterial, LabRequest, LabSink};
use http::Method;
use https::Call;
use model::{LabId, LabVerb, LogStream};

use crate::api::escape;
use crate::before::Before;
use crate::job::{self, End};
use crate::material::{self, Prepared};
use crate::session::ClabSession;
use crate::steps::{CHECK, SYNC, Steps, sends_files};
use crate::verify::word;
use crate::wire::TopologyEntry;
use crate::{archive, sync};

pub(crate) const CANCEL_BEFORE: &str = "Nothing has been changed on the server yet but files.";
pub(crate) const CANCEL_MODERN: &str = "The server stops where it is, and nodes that were made stay. Moorline then looks what is there; destroying the lab removes it.";
pub(crate) const CANCEL_LEGACY: &str = "This older server cannot be stopped: it carries on. Moorline only stops waiting, and looks what is there.";

impl ClabSession {
    pub(crate) async fn carry(
        &self,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        check_name(&request.name)?;
        if !self.found.features().verbs.contains(&request.verb) {
            let (verb, server) = (word(request.verb), &self.api.server);
            return Err(BackendError::unsupported(format!(
                "\"{server}\" cannot {verb} a lab: its API server is too old"
            ))
            .with_hint("Update containerlab's API server on it."));
        }
        let steps = Steps::new(self.steps_of(request), told);
        let id = LabId::from_raw(request.name.clone());
        told.lab(&id, None);
        told.cancel_means(CANCEL_BEFORE);
        match request.verb {
            LabVerb::Validate => return self.check(request, &steps, cx).await,
            LabVerb::Collect => return self.collect(request, &steps, cx).await,
            _ => {}
        }
        let prepared = match &request.material {
            Some(material) if sends_files(request.verb) => {
                Some(self.sync(request, material, &steps, cx).await?)
            }
            _ => None,
        };
        if request.verb != LabVerb::Destroy {
            self.note_gone(&request.name, false);
        }
        if request.verb == LabVerb::Create {
            return Ok(LabDone { lab_id: id, fetched: Vec::new() });
        }
        self.run(request, prepared.as_ref(), &steps, cx).await
    }

    async fn run(
        &self,
        request: &LabRequest,
        prepared: Option<&Prepared>,
        steps: &Steps<'_>,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let before = Before::look(self, request, cx).await?;
        let Some(call) = self.call(request, prepared, cx).await? else {
            return self.ended(request, End::Done, &before, steps, cx).await;
        };
        steps.told.job(&before.job(request.verb));
        let means = if self.found.is_modern() { CANCEL_MODERN } else { CANCEL_LEGACY };
        steps.told.cancel_means(means);
        let subject = format!("lab \"{}\"", request.name);
        let attempt = self.api.attempt(word(request.verb), &subject);
        let end = if self.found.is_modern() {
            job::run(&self.api, call, attempt, steps, cx).await
        } else {
            job::run_whole(&self.api, call, attempt, steps, cx).await
        };
        match end {
            Err(BackendError::NotFound(_)) if request.verb == LabVerb::Destroy => {
                self.nothing_to_destroy(request, cx).await
            }
            Err(error) => Err(error),
            Ok(end) => self.ended(request, end, &before, steps, cx).await,
        }
    }

    /// The request that begins the job; none: the lab is as it should be already.
    async fn call(
        &self,
        request: &LabRequest,
        prepared: Option<&Prepared>,
        cx: &Cx,
    ) -> Result<Option<Call>, BackendError> {
        let lab = format!("api/v1/labs/{}", escape(&request.name));
        let nodes = node_filter(request)?;
        let path = prepared.map(|prepared| format!("&path={}", escape(&prepared.topology)));
        let path = path.unwrap_or_default();
        if !self.found.is_modern() {
            return self.call_of_old(request, prepared).await.map(Some);
        }
        let call = match request.verb {
            LabVerb::Start => return self.start(request, &lab, &path, &nodes, cx).await,
            LabVerb::Stop => Call::post(format!("{lab}/stop?stream=true")),
            LabVerb::Restart => Call::post(format!("{lab}/restart?stream=true")),
            LabVerb::Apply => Call::post(format!("{lab}/apply?stream=true{path}")),
            LabVerb::Redeploy if prepared.is_some() => {
                Call::post(format!("{lab}/deploy?stream=true&reconfigure=true{path}"))
            }
            LabVerb::Redeploy => Call::put(format!("{lab}?stream=true")),
            LabVerb::Destroy => {
                Call::delete(format!("{lab}?stream=true{}", destroy_options(request)))
            }
            LabVerb::Validate | LabVerb::Create | LabVerb::Collect => return Ok(None),
        };
        Ok(Some(call))
    }

    /// Starting means deploying a lab that is not there, and starting the nodes of one that is.
    async fn start(
        &self,
        request: &LabRequest,
        lab: &str,
        path: &str,
        nodes: &str,
        cx: &Cx,
    ) -> Result<Option<Call>, BackendError> {
        let own = self.containers(&request.name, cx).await?;
        if own.is_empty() {
            return Ok(Some(Call::post(format!("{lab}/deploy?stream=true{path}{nodes}"))));
        }
        if own.iter().all(crate::wire::Container::is_running) {
            cx.log.line(LogStream::Note, "Every node of the lab runs already.");
            return Ok(None);
        }
        Ok(Some(Call::post(format!("{lab}/start?stream=true"))))
    }

    async fn call_of_old(
        &self,
        request: &LabRequest,
        prepared: Option<&Prepared>,
    ) -> Result<Call, BackendError> {
        let lab = format!("api/v1/labs/{}", escape(&request.name));
        match (request.verb, prepared) {
            (LabVerb::Destroy, _) => {
                Ok(Call::delete(format!("{lab}?{}", destroy_options(request))))
            }
            (LabVerb::Redeploy, None) => Call::new(Method::PUT, lab).json(&serde_json::json!({})),
            (verb, Some(prepared)) => {
                let is_anew = verb == LabVerb::Redeploy;
                archive::call(&request.name, prepared, is_anew).await
            }
            (_, None) => Err(BackendError::invalid(format!(
                "the files of lab \"{}\" are needed to start it: this older server keeps none",
                request.name
            ))
            .with_hint("Start it from its template.")),
        }
    }

    async fn sync(
        &self,
        request: &LabRequest,
        material: &LabMaterial,
        steps: &Steps<'_>,
        cx: &Cx,
    ) -> Result<Prepared, BackendError> {
        steps.begin(SYNC);
        let prepared = material::prepared(&request.name, material).await?;
        if self.found.is_modern() {
            let progress = |progress| steps.progress(SYNC, progress);
            sync::carry_out(&self.api, &request.name, &prepared, &progress, cx).await?;
        }
        Ok(prepared)
    }

    /// The server knows no such lab of ours: one that never ran loses its folder, one that we saw go is gone.
    /// Of any other nobody can say that its nodes do not run.
    async fn nothing_to_destroy(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        let name = &request.name;
        let created = self.created(cx).await;
        let is_idle =
            |one: &TopologyEntry| one.lab_name == *name && one.deployment_state == "undeployed";
        let is_idle = created.iter().any(is_idle);
        if !is_idle && !self.is_known_gone(name) {
            return Err(BackendError::not_found(format!(
                "there is no lab \"{name}\" on \"{}\", or it is another account's",
                self.api.server
            ))
            .with_hint("Nothing was removed. An administrator of the server sees the labs of all accounts: let one look whether its nodes still run."));
        }
        if is_idle && request.options.removes_files {
            self.api.remove_folder(name, cx).await?;
        }
        cx.log.line(LogStream::Note, "No node of the lab is on the server.");
        self.note_gone(name, true);
        Ok(LabDone { lab_id: LabId::from_raw(name.clone()), fetched: Vec::new() })
    }

    /// Reads the topology here, and lets the server say what it would change.
    async fn check(
        &self,
        request: &LabRequest,
        steps: &Steps<'_>,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        steps.begin(CHECK);
        let plan = self.plan_of(request, cx).await?;
        for warning in &plan.warnings {
            cx.log.line(LogStream::Note, warning);
        }
        for problem in &plan.problems {
            cx.log.line(LogStream::Stderr, &problem.message);
        }
        match plan.problems.first() {
            Some(problem) => Err(BackendError::invalid(problem.message.clone())
                .with_hint("Correct the topology, and validate again.")),
            None => {
                Ok(LabDone { lab_id: LabId::from_raw(request.name.clone()), fetched: Vec::new() })
            }
        }
    }
}

fn destroy_options(request: &LabRequest) -> String {
    let mut options = String::from("&cleanup=true");
    if request.options.removes_files {
        options.push_str("&purgeLabDir=true");
    }
    if request.options.is_graceful {
        options.push_str("&graceful=true");
    }
    options
}

/// Names as the server takes them, with its own limits.
fn node_filter(request: &LabRequest) -> Result<String, BackendError> {
    let nodes = &request.options.nodes;
    match nodes.iter().find(|name| !is_name(name)) {
        Some(name) => Err(BackendError::invalid(format!("\"{name}\" is not the name of a node"))),
        None if nodes.is_empty() => Ok(String::new()),
        None => Ok(format!("&nodeFilter={}", escape(&nodes.join(",")))),
    }
}

fn is_name(name: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.chars().all(is_fine)
}

fn check_name(name: &str) -> Result<(), BackendError> {
    if is_name(name) {
        return Ok(());
    }
    Err(BackendError::invalid("the name of a lab has letters, digits, hyphens and underscores")
        .with_field("name"))
}
