//! `Labs`: a server that runs topologies. A lab is not a workspace: it has nodes, and one operation on it
//! is a job of the server's that may outlive our connection to it.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use model::{
    Capture, Impairment, InterfaceRate, Lab, LabDetail, LabExecuted, LabFeatures, LabId,
    LabOptions, LabPlan, LabVerb, NodeInterface, NodeVerb, PlanStep,
};

use crate::{BackendError, Cx, StepSink};

/// One file of a lab, as it is on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabFile {
    /// Relative to the folder of the lab, with slashes; never leads out of it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    pub sha256: [u8; 32],
    pub is_executable: bool,
}

/// The files of a lab, whole or not at all: what changes here while they are read is an error.
pub trait LabFiles: Send + Sync {
    /// Sorted by path, without folders.
    fn entries(&self) -> &[LabFile];

    /// The content of one of the entries. Blocks for as long as reading a file takes.
    ///
    /// # Errors
    /// `NotFound` for another path; `Conflict` when the file is not any more what its entry says.
    fn read(&self, path: &str) -> Result<Bytes, BackendError>;
}

/// What a lab is made from.
#[derive(Clone)]
pub struct LabMaterial {
    pub files: Arc<dyn LabFiles>,
    /// Which of the files is the topology.
    pub topology: String,
    pub variables: BTreeMap<String, String>,
}

/// One operation on one lab.
#[derive(Clone)]
pub struct LabRequest {
    pub verb: LabVerb,
    /// None: a new one, whose id the backend gives.
    pub lab_id: Option<LabId>,
    pub name: String,
    /// The number that tells labs apart, where the server has such; none: one that is free.
    pub instance: Option<u16>,
    /// None: with what is on the server. Always there for a new lab.
    pub material: Option<LabMaterial>,
    pub options: LabOptions,
}

/// Is told how an operation goes.
pub trait LabSink: StepSink {
    /// The lab has this id and number from now on. Told before anything is made on the server.
    fn lab(&self, id: &LabId, instance: Option<u16>);
    /// The server took the job under this name. What comes after a crash of ours is `Labs::resume` with it.
    fn job(&self, job: &str);
    /// What cancelling means from now on, as a sentence.
    fn cancel_means(&self, sentence: &str);
}

/// One file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Relative, with slashes; never leads out.
    pub path: String,
    pub content: Bytes,
}

/// How an operation ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabDone {
    pub lab_id: LabId,
    /// What `Collect` fetched. The login to the server is never in it, and secrets that the backend knows by
    /// their words are left out; a configuration may hold others.
    pub fetched: Vec<Fetched>,
}

/// Topologies on a server.
#[async_trait]
pub trait Labs: Send + Sync {
    /// What this server can do. Known since the session was made.
    fn features(&self) -> LabFeatures;

    /// All labs that this login may see. Never disturbs a job: while one runs where asking would, the list
    /// is the last one known with that job's progress.
    async fn labs(&self, cx: &Cx) -> Result<Vec<Lab>, BackendError>;

    /// One lab with its nodes and graph; as `labs`, never disturbs a job.
    async fn lab(&self, id: &LabId, cx: &Cx) -> Result<LabDetail, BackendError>;

    /// The steps of an operation, in order. Asks nobody.
    fn steps(&self, request: &LabRequest) -> Vec<PlanStep>;

    /// What an operation would do. Changes nothing of a lab; a backend may put a file of its own on the server for
    /// the question, and removes it however the call ends. Bad input becomes `LabPlan::problems`.
    async fn plan(&self, request: &LabRequest, cx: &Cx) -> Result<LabPlan, BackendError>;

    /// Carries an operation out: files, waiting for its turn, the job, and looking afterwards whether it
    /// did what it says. Lines go to `cx.log`. `Cancelled` after a cancel that the server carried out;
    /// `Unreachable` when nobody knows how the job ends, which is `resume`'s business then.
    async fn carry_out(
        &self,
        request: &LabRequest,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError>;

    /// Finds out how a job ends that an earlier session gave to the server, or ended there meanwhile, by its
    /// name or by looking at the lab. Steps that were done are begun again only where that changes nothing.
    async fn resume(
        &self,
        request: &LabRequest,
        job: &str,
        told: &dyn LabSink,
        cx: &Cx,
    ) -> Result<LabDone, BackendError>;

    fn nodes(&self) -> Option<&dyn LabNodes> {
        None
    }
    fn interfaces(&self) -> Option<&dyn LabInterfaces> {
        None
    }
}

/// Operations on single nodes.
#[async_trait]
pub trait LabNodes: Send + Sync {
    /// Changes one node and waits until the server says that it is so.
    async fn change(
        &self,
        lab: &LabId,
        node: &str,
        verb: NodeVerb,
        cx: &Cx,
    ) -> Result<(), BackendError>;

    /// Runs a program on nodes to its end; without names on all of them.
    async fn run(
        &self,
        lab: &LabId,
        nodes: &[String],
        command: &str,
        cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError>;
}

/// Interfaces of nodes.
#[async_trait]
pub trait LabInterfaces: Send + Sync {
    async fn list(&self, lab: &LabId, cx: &Cx) -> Result<Vec<NodeInterface>, BackendError>;

    /// Rates of all interfaces of a lab, for as long as the stream is held. `Unsupported` without.
    async fn rates(
        &self,
        lab: &LabId,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<Vec<InterfaceRate>, BackendError>>, BackendError>;

    async fn impairments(&self, lab: &LabId, cx: &Cx) -> Result<Vec<Impairment>, BackendError>;

    /// Makes one interface worse on purpose, or with an empty impairment good again.
    async fn impair(
        &self,
        lab: &LabId,
        impairment: &Impairment,
        cx: &Cx,
    ) -> Result<(), BackendError>;

    /// A link that a capture program of this computer opens. `Unsupported` without one on the server.
    async fn capture(
        &self,
        lab: &LabId,
        node: &str,
        interface: &str,
        cx: &Cx,
    ) -> Result<Capture, BackendError>;
}
