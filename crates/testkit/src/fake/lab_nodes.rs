//! Nodes and interfaces of the fake server's labs.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabInterfaces, LabNodes};
use futures::{StreamExt as _, stream, stream::BoxStream};
use model::{
    Capture, Impairment, InterfaceRate, LabExecuted, LabId, LabState, NodeInterface, NodeVerb,
};

use super::FakeSession;

#[async_trait]
impl LabNodes for FakeSession {
    async fn change(
        &self,
        lab: &LabId,
        _node: &str,
        verb: NodeVerb,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        let state = if verb == NodeVerb::Stop { LabState::Partly } else { LabState::Running };
        self.check()?;
        self.server.change_labs(|labs| {
            let found = labs.labs.iter_mut().find(|row| row.id == *lab);
            found.map(|row| row.state = state)
        });
        Ok(())
    }

    async fn run(
        &self,
        _lab: &LabId,
        nodes: &[String],
        command: &str,
        _cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError> {
        self.check()?;
        let said = |node: &String| LabExecuted {
            node: node.clone(),
            exit_code: Some(0),
            stdout: command.to_owned(),
            stderr: String::new(),
        };
        Ok(nodes.iter().map(said).collect())
    }
}

#[async_trait]
impl LabInterfaces for FakeSession {
    async fn list(&self, _lab: &LabId, _cx: &Cx) -> Result<Vec<NodeInterface>, BackendError> {
        self.check()?;
        Ok(Vec::new())
    }

    async fn rates(
        &self,
        _lab: &LabId,
        _cx: &Cx,
    ) -> Result<BoxStream<'static, Result<Vec<InterfaceRate>, BackendError>>, BackendError> {
        self.check()?;
        let rate = InterfaceRate {
            node: "r1".into(),
            interface: "eth1".into(),
            down_bytes: 1.0,
            up_bytes: 2.0,
        };
        Ok(stream::iter([Ok(vec![rate])]).chain(stream::pending()).boxed())
    }

    async fn impairments(&self, _lab: &LabId, _cx: &Cx) -> Result<Vec<Impairment>, BackendError> {
        self.with(|labs| labs.impairments.clone())
    }

    async fn impair(
        &self,
        _lab: &LabId,
        impairment: &Impairment,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        self.with(|labs| labs.impairments.push(impairment.clone()))
    }

    async fn capture(
        &self,
        _lab: &LabId,
        node: &str,
        interface: &str,
        _cx: &Cx,
    ) -> Result<Capture, BackendError> {
        self.check()?;
        let url = format!("packetflix:ws://127.0.0.1:5001/capture?{node}&{interface}");
        Ok(Capture { url, node: node.into(), interface: interface.into() })
    }
}
