//! What the fake server has done by somebody else: an engine that runs labs, in memory or for real.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::BoxStream;
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use model::{NodeVerb, TerminalSize};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc;

/// A lab that is to run, with all files of its folder.
#[derive(Debug, Clone, Default)]
pub struct Order {
    pub lab: String,
    /// Who asked for it; empty where nobody is remembered.
    pub owner: String,
    /// By path relative to the lab's folder.
    pub files: BTreeMap<String, Bytes>,
    /// Which of the files.
    pub topology: String,
    /// Only these; empty means all.
    pub nodes: Vec<String>,
    /// Takes down what is there first.
    pub reconfigure: bool,
}

/// A container as `containerlab inspect` shows it, with the names of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub name: String,
    pub container_id: String,
    pub image: String,
    pub kind: String,
    pub state: String,
    pub status: String,
    pub ipv4_address: String,
    pub ipv6_address: String,
    pub lab_name: String,
    #[serde(default, rename = "nodeName")]
    pub node_name: String,
    #[serde(default, rename = "labPath")]
    pub lab_path: String,
    #[serde(default, rename = "absLabPath")]
    pub abs_lab_path: String,
    #[serde(default)]
    pub group: String,
    #[serde(default)]
    pub owner: String,
}

/// What a command printed in a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A shell in a container: its bytes, and how it ended.
pub struct Shell {
    pub stream: BoxStream,
    pub exit: tokio::sync::oneshot::Receiver<i32>,
}

/// Takes the lines that an operation prints.
pub type Said = mpsc::Sender<String>;

/// Runs labs. A future that is dropped is an operation that is cancelled. Errors are the program's own words.
#[async_trait]
pub trait LabEngine: Send + Sync {
    async fn deploy(&self, order: &Order, said: &Said) -> Result<(), String>;
    /// What deploying would change, in the fields of the server's answer.
    async fn plan(&self, order: &Order) -> Result<Value, String>;
    async fn destroy(&self, lab: &str, said: &Said) -> Result<(), String>;
    /// One node by the name in its topology, or all.
    async fn change(
        &self,
        lab: &str,
        node: Option<&str>,
        verb: NodeVerb,
        said: &Said,
    ) -> Result<(), String>;
    async fn containers(&self) -> Result<Vec<Container>, String>;
    /// Saves configurations; gives files relative to the lab's folder.
    async fn save(&self, lab: &str, said: &Said) -> Result<BTreeMap<String, Bytes>, String>;
    async fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, String>;
    /// In the form of `containerlab inspect interfaces -f json`.
    async fn interfaces(&self, lab: &str) -> Result<Value, String>;
    /// Lines with the time in front.
    async fn logs(
        &self,
        container: &str,
        tail: Option<usize>,
        is_followed: bool,
    ) -> Result<BoxItems<'static, String>, String>;
    async fn shell(&self, container: &str, size: TerminalSize) -> Result<Shell, String>;
    async fn images(&self) -> Result<Vec<String>, String>;
}
