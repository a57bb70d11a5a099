//! Streams to ports inside a container: through its published port, or its own address.

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Cx, DialTarget, Endpoints};
use model::WorkspaceId;

use crate::session::PodmanSession;

#[async_trait]
impl Endpoints for PodmanSession {
    async fn dial(&self, id: &WorkspaceId, port: u16, cx: &Cx) -> Result<BoxStream, BackendError> {
        let target = match self.published(id, port) {
            Some(target) => target,
            None => self.find(id, port, cx).await?,
        };
        let name = self.name_of(id);
        let dialled = cx.until_cancelled(cx.dial.dial_bulk(&target)).await;
        dialled.map_err(|error| match error {
            BackendError::Unreachable(failure) => BackendError::unreachable(format!(
                "nothing listens on port {port} of \"{name}\" on \"{}\"",
                self.server_name()
            ))
            .with_hint("Start the workspace and the program that should listen there.")
            .with_detail(failure.message),
            other => other,
        })
    }
}

impl PodmanSession {
    /// Where a port is published, from what was listed last.
    pub(crate) fn published(&self, id: &WorkspaceId, port: u16) -> Option<DialTarget> {
        let known = self.known(id)?;
        let (_, host_ip, server_port) =
            known.published.iter().find(|(inside, ..)| *inside == port)?;
        Some(DialTarget::Tcp { host: reachable(host_ip), port: *server_port })
    }

    async fn find(&self, id: &WorkspaceId, port: u16, cx: &Cx) -> Result<DialTarget, BackendError> {
        let found = self.inspected(id, cx).await?;
        if let Some(target) = self.published(id, port) {
            return Ok(target);
        }
        let server = self.server_name();
        if !found.state.running {
            return Err(BackendError::unreachable(format!(
                "\"{}\" on \"{server}\" does not run, so nothing listens on its port {port}",
                found.name
            ))
            .with_hint("Start it first."));
        }
        if found.host_config.network_mode == "host" {
            return Ok(DialTarget::Tcp { host: "127.0.0.1".into(), port });
        }
        let networks = found.network_settings.networks.values().map(|network| &network.ip_address);
        let address = std::iter::once(&found.network_settings.ip_address)
            .chain(networks)
            .find(|address| !address.is_empty());
        match address {
            Some(address) if !self.is_rootless => {
                Ok(DialTarget::Tcp { host: address.clone(), port })
            }
            _ => Err(BackendError::not_found(format!(
                "port {port} of \"{}\" is not published on \"{server}\"",
                found.name
            ))
            .with_hint("Make the workspace again with this port under \"Ports\".")),
        }
    }
}

/// The address at which a published port is reached from the server itself.
fn reachable(host_ip: &str) -> String {
    match host_ip {
        "" | "0.0.0.0" => "127.0.0.1".into(),
        "::" => "::1".into(),
        other => other.into(),
    }
}
