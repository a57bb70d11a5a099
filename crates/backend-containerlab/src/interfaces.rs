//! Interfaces: which there are, and captures. Rates and impairments are beside this file.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, LabInterfaces};
use futures::stream::BoxStream as BoxItems;
use http::StatusCode;
use https::Call;
use model::{Capture, Impairment, InterfaceRate, LabId, NodeInterface};
use serde_json::json;

use crate::api::escape;
use crate::session::ClabSession;
use crate::wire::{Captures, Container, NodeInterfaces};

#[async_trait]
impl LabInterfaces for ClabSession {
    async fn list(&self, lab: &LabId, cx: &Cx) -> Result<Vec<NodeInterface>, BackendError> {
        let own = self.containers(lab.as_str(), cx).await?;
        let subject = format!("lab \"{lab}\"");
        let attempt = self.api.attempt("list the interfaces of", &subject);
        let call = Call::get(format!("api/v1/labs/{}/interfaces", escape(lab.as_str())));
        let all: Vec<NodeInterfaces> = self.api.json(call, attempt, cx).await?;
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let all = all.into_iter().flat_map(|one| {
            let node = node_of(&own, &one.name);
            one.interfaces.into_iter().map(move |interface| NodeInterface {
                node: node.clone(),
                name: interface.name,
                alias: said(interface.alias),
                mac: said(interface.mac),
                mtu: Some(interface.mtu).filter(|mtu| *mtu > 0),
                state: said(interface.state),
            })
        });
        Ok(all.collect())
    }

    async fn rates(
        &self,
        lab: &LabId,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<Vec<InterfaceRate>, BackendError>>, BackendError> {
        self.rates_of(lab, cx).await
    }

    async fn impairments(&self, lab: &LabId, cx: &Cx) -> Result<Vec<Impairment>, BackendError> {
        self.all_worse(lab, cx).await
    }

    async fn impair(
        &self,
        lab: &LabId,
        impairment: &Impairment,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.make_worse(lab, impairment, cx).await
    }

    async fn capture(
        &self,
        lab: &LabId,
        node: &str,
        interface: &str,
        cx: &Cx,
    ) -> Result<Capture, BackendError> {
        let one = self.container_of(lab, node, cx).await?;
        let subject = format!("{interface} of node \"{node}\"");
        let attempt = self.api.attempt("capture", &subject);
        let body = json!({
            "targets": [{ "containerName": one.name, "interfaceName": interface }],
            "remoteHostname": self.api.client.url().host(),
        });
        let path = format!("api/v1/labs/{}/capture/packetflix", escape(lab.as_str()));
        let reply = self.api.send(Call::post(path).json(&body)?, cx).await?;
        if reply.status == StatusCode::SERVICE_UNAVAILABLE {
            let words = crate::words::words_of(&reply);
            return Err(BackendError::unsupported(format!("cannot capture {subject}: {words}"))
                .with_hint("Edgeshark must run on the server: its administrator installs it with containerlab's API."));
        }
        let reply = attempt.check(reply)?;
        let captures: Captures = self.api.read(&reply, attempt)?;
        let link = captures.captures.into_iter().map(|one| one.uri);
        // Handed to the system to be opened: nothing else but a capture may come of it.
        let url =
            link.into_iter().find(|link| link.starts_with("packetflix:")).ok_or_else(|| {
                BackendError::protocol(format!(
                    "\"{}\" gives no link for a capture",
                    self.api.server
                ))
            })?;
        Ok(Capture { url, node: node.to_owned(), interface: interface.to_owned() })
    }
}

fn node_of(own: &[Container], container: &str) -> String {
    let found = own.iter().find(|one| one.name == container);
    found.map_or(container, Container::node).to_owned()
}
