//! Which labs there are, and one of them with its nodes and links.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabDone, LabInterfaces, LabNodes, LabRequest, LabSink, Labs};
use http::StatusCode;
use https::Call;
use model::{Lab, LabDetail, LabFeatures, LabId, LabPlan, PlanStep};

use crate::api::escape;
use crate::dry_run::ASKED_ABOUT;
use crate::session::ClabSession;
use crate::state;
use crate::wire::{self, Container, TopologyEntry};

impl ClabSession {
    /// The containers of a lab; none when there is no such lab, or it is somebody else's.
    pub(crate) async fn containers(
        &self,
        lab: &str,
        cx: &Cx,
    ) -> Result<Vec<Container>, BackendError> {
        let subject = format!("lab \"{lab}\"");
        let attempt = self.api.attempt("look at", &subject);
        let reply = self.api.send(Call::get(format!("api/v1/labs/{}", escape(lab))), cx).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let reply = attempt.check(reply)?;
        self.api.read(&reply, attempt)
    }

    /// A container by the name of its node.
    pub(crate) async fn container_of(
        &self,
        lab: &LabId,
        node: &str,
        cx: &Cx,
    ) -> Result<Container, BackendError> {
        let all = self.containers(lab.as_str(), cx).await?;
        all.into_iter()
            .find(|one| one.node() == node)
            .ok_or_else(|| BackendError::not_found(format!("lab \"{lab}\" has no node \"{node}\"")))
    }

    /// Topologies in the account's own folder; the older server has none to tell.
    pub(crate) async fn created(&self, cx: &Cx) -> Vec<TopologyEntry> {
        if !self.found.is_modern() {
            return Vec::new();
        }
        let attempt = self.api.attempt("list", "topologies");
        let listed = self.api.json(Call::get("api/v1/labs/topology/files"), attempt, cx).await;
        let mut listed: Vec<TopologyEntry> = listed.unwrap_or_else(|error: BackendError| {
            tracing::debug!(%error, "no list of topologies");
            Vec::new()
        });
        listed.retain(|one| one.yaml_file_name != ASKED_ABOUT);
        listed
    }

    /// The lab's topology as the server has it.
    pub(crate) async fn source(&self, lab: &str, own: &[Container], cx: &Cx) -> Option<String> {
        if !self.found.is_modern() {
            return None;
        }
        let path = own.first().map_or("", |one| one.abs_lab_path.as_str());
        let named = path.rsplit('/').next().filter(|name| !name.is_empty());
        let file = named.map_or_else(|| format!("{lab}.clab.yml"), str::to_owned);
        let call =
            Call::get(format!("api/v1/labs/{}/topology/file?path={}", escape(lab), escape(&file)));
        let reply = self.api.send(call, cx).await.ok().filter(|reply| reply.status.is_success())?;
        String::from_utf8(reply.body.to_vec()).ok()
    }
}

#[async_trait]
impl Labs for ClabSession {
    fn features(&self) -> LabFeatures {
        self.found.features()
    }

    async fn labs(&self, cx: &Cx) -> Result<Vec<Lab>, BackendError> {
        let attempt = self.api.attempt("list", "labs");
        let listing = self.api.json::<wire::Labs>(Call::get("api/v1/labs"), attempt, cx);
        let (listed, created) = tokio::join!(listing, self.created(cx));
        let (listed, user, now) = (listed?, &self.api.user, cx.clock.now());
        let mut labs: Vec<Lab> =
            listed.iter().map(|(id, own)| self.ages.lab(id, own, user, now)).collect();
        for entry in created {
            if !labs.iter().any(|lab| lab.name == entry.lab_name) {
                let path = format!("{}/{}", entry.lab_name, entry.yaml_file_name);
                labs.push(state::created(&entry.lab_name, user, Some(path)));
            }
        }
        Ok(labs)
    }

    async fn lab(&self, id: &LabId, cx: &Cx) -> Result<LabDetail, BackendError> {
        let name = id.as_str();
        let own = self.containers(name, cx).await?;
        let source = self.source(name, &own, cx).await;
        if own.is_empty() && source.is_none() {
            return Err(BackendError::not_found(format!(
                "there is no lab \"{id}\" on \"{}\", or it is another account's",
                self.api.server
            ))
            .with_hint("An administrator of the server sees the labs of all accounts."));
        }
        let user = &self.api.user;
        let lab = if own.is_empty() {
            state::created(name, user, None)
        } else {
            self.ages.lab(name, &own, user, cx.clock.now())
        };
        let parsed = source.as_deref().and_then(|text| topology::containerlab_yaml(text).ok());
        Ok(LabDetail {
            lab,
            nodes: own.iter().map(|one| self.node(name, one)).collect(),
            graph: parsed.map(|parsed| parsed.graph),
            source: source.map(|text| crate::redact::redacted(&text)),
            as_of: None,
        })
    }

    fn steps(&self, request: &LabRequest) -> Vec<PlanStep> {
        self.steps_of(request)
    }

    async fn plan(&self, request: &LabRequest, cx: &Cx) -> Result<LabPlan, BackendError> {
        self.plan_of(request, cx).await
    }

    async fn carry_out(
        &self,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        self.carry(request, told, cx).await
    }

    async fn resume(
        &self,
        request: &LabRequest,
        job: &str,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError> {
        self.look_after(request, job, told, cx).await
    }

    fn nodes(&self) -> Option<&dyn LabNodes> {
        Some(self)
    }

    fn interfaces(&self) -> Option<&dyn LabInterfaces> {
        Some(self)
    }
}

impl ClabSession {
    fn node(&self, lab: &str, one: &Container) -> model::LabNode {
        state::node(lab, one)
    }
}
