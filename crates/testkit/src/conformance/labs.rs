//! What every server of labs must do: the life of one lab, as far as the server says that it can.

mod nodes;

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabDone, LabMaterial, LabRequest, Labs, Session};
use model::{Lab, LabId, LabNode, LabOptions, LabState, LabVerb, NodeState};
use tokio_util::sync::CancellationToken;

use super::{Broken, Checked, Must, broken, ensure};
use crate::labs::{Notebook, Told};

/// What the suite needs to know of a server of labs.
#[async_trait]
pub trait LabRig: Send + Sync {
    /// A new session, and the context to call it with.
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError>;
    /// A lab of two nodes that are linked.
    fn material(&self) -> LabMaterial;
    /// The name of one of the two nodes.
    fn node(&self) -> String;
    /// What to type into that node's console, and what it prints to it and not by itself.
    fn console_talk(&self) -> (&'static str, String) {
        ("hostname\r", format!("\n{}\r", self.node()))
    }
    /// What the session logged in with, which nothing that is fetched may hold.
    fn password(&self) -> String;
    /// Files that are among those that are collected.
    fn collected(&self) -> &'static [&'static str] {
        &[]
    }
    /// How many streams of the carrier are open now.
    fn open_streams(&self) -> usize;
}

/// How long an operation may take before it counts as not happening.
const LONG: std::time::Duration = std::time::Duration::from_secs(120);

struct Subject<'a> {
    rig: &'a dyn LabRig,
    session: &'a dyn Session,
    labs: &'a dyn Labs,
    cx: &'a Cx,
    name: String,
    /// Known once the lab was started.
    id: Option<LabId>,
}

/// Runs every rule on one lab of this name, which is gone afterwards.
///
/// # Errors
/// The first rule that is broken.
pub async fn run(rig: &dyn LabRig, name: &str) -> Result<(), Broken> {
    let (session, cx) = rig.connect().await.must("connect works")?;
    let labs = session.labs().must("a server of labs has labs")?;
    let mut subject =
        Subject { rig, session: session.as_ref(), labs, cx: &cx, name: name.to_owned(), id: None };
    let result = subject.all().await;
    if result.is_err() && subject.id.is_some() {
        let _ = subject.carry_out(LabVerb::Destroy, LabOptions::default()).await;
    }
    drop(session);
    result?;
    super::closes_streams(&|| rig.open_streams()).await
}

impl Subject<'_> {
    async fn all(&mut self) -> Checked {
        self.session.ping(self.cx).await.must("ping works")?;
        let features = self.labs.features();
        ensure(!features.dialect.is_empty(), "a server names its dialect", || {
            format!("{features:?}")
        })?;
        self.a_plan_only_reads().await?;
        self.starts().await?;
        self.a_taken_name_is_a_problem().await?;
        self.a_console_talks().await?;
        self.a_log_is_read().await?;
        self.programs_run().await?;
        self.nodes_stop_and_start().await?;
        self.collects().await?;
        self.stops_and_starts().await?;
        self.destroys().await
    }

    fn has(&self, verb: LabVerb) -> bool {
        self.labs.features().verbs.contains(&verb)
    }

    fn request(&self, verb: LabVerb, options: LabOptions) -> LabRequest {
        let material =
            matches!(verb, LabVerb::Start | LabVerb::Validate).then(|| self.rig.material());
        let (lab_id, name) = (self.id.clone(), self.name.clone());
        LabRequest { verb, lab_id, name, instance: None, material, options }
    }

    async fn carry_out(
        &self,
        verb: LabVerb,
        options: LabOptions,
    ) -> Checked<(LabDone, Arc<Notebook>)> {
        let notebook = Arc::new(Notebook::default());
        let cx = self.cx.for_call(CancellationToken::new(), notebook.clone());
        let request = self.request(verb, options);
        let rule = format!("{verb:?} is carried out");
        let work = self.labs.carry_out(&request, notebook.as_ref(), &cx);
        let done = tokio::time::timeout(LONG, work).await;
        let done = done.map_err(|_| broken(&rule, "nothing happened for two minutes"))?;
        let done = done.must(&format!("{rule} (log: {:?})", notebook.lines()))?;
        self.steps_are_in_order(&request, &notebook.told())?;
        Ok((done, notebook))
    }

    fn steps_are_in_order(&self, request: &LabRequest, told: &[Told]) -> Checked {
        let rule = "an operation tells its lab first, then its steps in order";
        let begun: Vec<usize> = told
            .iter()
            .filter_map(|one| if let Told::Begin(index) = one { Some(*index) } else { None })
            .collect();
        let is_rising = begun.windows(2).all(|pair| pair.first() < pair.last());
        let fits = begun.iter().all(|index| *index < self.labs.steps(request).len());
        let is_first = matches!(told.first(), Some(Told::Lab(..)));
        ensure(is_rising && fits && is_first && !begun.is_empty(), rule, || format!("{told:?}"))
    }

    async fn listed(&self) -> Checked<Option<Lab>> {
        let labs = self.labs.labs(self.cx).await.must("labs are listed")?;
        Ok(labs.into_iter().find(|lab| lab.name == self.name))
    }

    fn id(&self) -> Checked<&LabId> {
        self.id.as_ref().must("a lab has an id")
    }

    async fn one_node(&self) -> Checked<LabNode> {
        let detail = self.labs.lab(self.id()?, self.cx).await.must("a lab is shown")?;
        let name = self.rig.node();
        detail.nodes.into_iter().find(|node| node.name == name).must("a lab shows its nodes")
    }

    async fn a_plan_only_reads(&self) -> Checked {
        let request = self.request(LabVerb::Start, LabOptions::default());
        let plan = self.labs.plan(&request, self.cx).await.must("a start is planned")?;
        ensure(plan.problems.is_empty(), "a good lab has no problems", || format!("{plan:?}"))?;
        ensure(!plan.cancel_means.is_empty(), "a plan says what cancelling means", String::new)?;
        let steps = self.labs.steps(&request);
        ensure(plan.steps == steps, "a plan has the operation's steps", || format!("{steps:?}"))?;
        let listed = self.listed().await?;
        ensure(listed.is_none(), "a plan only reads", || format!("{listed:?}"))
    }

    async fn starts(&mut self) -> Checked {
        let (done, notebook) = self.carry_out(LabVerb::Start, LabOptions::default()).await?;
        self.id = Some(done.lab_id);
        ensure(!notebook.lines().is_empty(), "an operation has a log", String::new)?;
        let lab = self.listed().await?.must("a started lab is listed")?;
        let rule = "a started lab runs, and is ours";
        let is_up =
            lab.state == LabState::Running && lab.is_mine && Some(&lab.id) == self.id.as_ref();
        ensure(is_up, rule, || format!("{lab:?}"))?;
        let detail = self.labs.lab(self.id()?, self.cx).await.must("a lab is shown")?;
        let up = detail.nodes.iter().filter(|node| node.state == NodeState::Running).count();
        ensure(up == 2, "its nodes run", || format!("{:?}", detail.nodes))?;
        if let Some(graph) = &detail.graph {
            let is_whole = graph.nodes.len() == 2 && graph.links.len() == 1;
            ensure(is_whole, "its graph is that of its topology", || format!("{graph:?}"))?;
        }
        Ok(())
    }

    async fn a_taken_name_is_a_problem(&self) -> Checked {
        let mut request = self.request(LabVerb::Start, LabOptions::default());
        request.lab_id = None;
        let plan = self.labs.plan(&request, self.cx).await.must("a start is planned")?;
        let is_named = plan.problems.iter().any(|problem| problem.field == "name");
        ensure(is_named, "a name that is taken is a problem", || format!("{plan:?}"))
    }

    async fn collects(&self) -> Checked {
        if !self.has(LabVerb::Collect) {
            return Ok(());
        }
        let (done, _) = self.carry_out(LabVerb::Collect, LabOptions::default()).await?;
        let rule = "collecting fetches files that stay inside";
        let stays =
            |path: &str| !path.starts_with('/') && !path.split('/').any(|part| part == "..");
        let fetched = &done.fetched;
        let is_good = !fetched.is_empty() && fetched.iter().all(|one| stays(&one.path));
        ensure(is_good, rule, || format!("{fetched:?}"))?;
        let password = self.rig.password();
        for one in fetched {
            let is_told = String::from_utf8_lossy(&one.content).contains(&password);
            ensure(!is_told, "passwords are not fetched", || one.path.clone())?;
        }
        let mut wanted = self.rig.collected().iter();
        let is_there = wanted.all(|path| fetched.iter().any(|one| one.path == *path));
        ensure(is_there, "what the lab is made of is fetched", || format!("{fetched:?}"))
    }

    async fn stops_and_starts(&self) -> Checked {
        if !self.has(LabVerb::Stop) {
            return Ok(());
        }
        self.carry_out(LabVerb::Stop, LabOptions::default()).await?;
        let lab = self.listed().await?;
        let is_up = lab.as_ref().is_some_and(|lab| lab.state == LabState::Running);
        ensure(!is_up, "a stopped lab does not run", || format!("{lab:?}"))?;
        self.carry_out(LabVerb::Start, LabOptions::default()).await?;
        let lab = self.listed().await?.must("a lab that was started again is listed")?;
        ensure(lab.state == LabState::Running, "it runs again", || format!("{lab:?}"))
    }

    async fn destroys(&self) -> Checked {
        let options = LabOptions { removes_files: true, ..LabOptions::default() };
        self.carry_out(LabVerb::Destroy, options.clone()).await?;
        let lab = self.listed().await?;
        ensure(lab.is_none(), "a destroyed lab is gone", || format!("{lab:?}"))?;
        let shown = self.labs.lab(self.id()?, self.cx).await;
        let is_gone = matches!(shown, Err(BackendError::NotFound(_)));
        ensure(is_gone, "a lab that is gone is not found", || format!("{shown:?}"))?;
        self.carry_out(LabVerb::Destroy, options).await.map(|_| ())
    }
}
