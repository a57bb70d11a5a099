//! Programs on several nodes at once.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Exec, ExecRequest, LabNodes};
use model::{LabExecuted, LabId, NodeVerb};

use crate::console::console_id;
use crate::session::NetlabSession;

#[async_trait]
impl LabNodes for NetlabSession {
    async fn change(
        &self,
        _lab: &LabId,
        node: &str,
        _verb: NodeVerb,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        Err(BackendError::unsupported(format!("netlab does not change {node} by itself"))
            .with_hint("Restart the whole lab."))
    }

    async fn run(
        &self,
        lab: &LabId,
        nodes: &[String],
        text: &str,
        cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError> {
        let names = if nodes.is_empty() { self.names(lab, cx).await? } else { nodes.to_vec() };
        let program: Arc<[String]> = ["sh", "-c", text].map(str::to_owned).into();
        let runs: Vec<_> =
            names.into_iter().map(|node| self.run_on(lab, node, &program, cx)).collect();
        futures::future::try_join_all(runs).await
    }
}

impl NetlabSession {
    async fn names(&self, lab: &LabId, cx: &Cx) -> Result<Vec<String>, BackendError> {
        self.look(cx).await?;
        let known = self.known();
        let nodes = known.nodes.get(lab.as_str());
        Ok(nodes
            .map(|known| known.nodes.iter().map(|node| node.name.clone()).collect())
            .unwrap_or_default())
    }

    async fn run_on(
        &self,
        lab: &LabId,
        node: String,
        program: &[String],
        cx: &Cx,
    ) -> Result<LabExecuted, BackendError> {
        let id = console_id(lab.as_str(), &node);
        let request = ExecRequest { argv: program.to_vec(), ..ExecRequest::default() };
        let output = Exec::run(self, &id, request, cx).await?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(LabExecuted {
            node,
            exit_code: output.exit_code,
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        })
    }
}
