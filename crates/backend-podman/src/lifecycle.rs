//! Start, stop, restart, rename, remove.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Lifecycle};
use model::{RemoveVolumes, WorkspaceId};

use crate::apply::name_problem;
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::Listed;

/// How long a container has before it is killed.
const STOP_SECONDS: u32 = 10;

#[async_trait]
impl Lifecycle for PodmanSession {
    async fn start(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.ensure_managed(id, "start", cx).await?;
        self.ensure_ports_free(id, cx).await?;
        let path = format!("containers/{}/start", escape(id.as_str()));
        self.ask(Call::post(path), "start", &self.name_of(id), cx).await.map(drop)
    }

    async fn stop(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.ensure_managed(id, "stop", cx).await?;
        let path = format!("containers/{}/stop?timeout={STOP_SECONDS}", escape(id.as_str()));
        self.ask(Call::post(path), "stop", &self.name_of(id), cx).await.map(drop)
    }

    async fn restart(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.ensure_managed(id, "restart", cx).await?;
        self.ensure_ports_free(id, cx).await?;
        let path = format!("containers/{}/restart?t={STOP_SECONDS}", escape(id.as_str()));
        self.ask(Call::post(path), "restart", &self.name_of(id), cx).await.map(drop)
    }

    async fn rename(&self, id: &WorkspaceId, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.ensure_managed(id, "rename", cx).await?;
        if let Some(message) = name_problem(name) {
            return Err(BackendError::invalid(message).with_field("name"));
        }
        if self.name_of(id) == name {
            return Ok(());
        }
        let path = format!("containers/{}/rename?name={}", escape(id.as_str()), escape(name));
        let reply = self.client.send(Call::post(path), cx).await?;
        let gone = reply.status.as_u16() == 404;
        let old = self.name_of(id);
        let subject = if gone { old.as_str() } else { name };
        self.attempt("rename to", subject).check(reply)?;
        self.inspected(id, cx).await.map(drop)
    }

    async fn remove(
        &self,
        id: &WorkspaceId,
        volumes: RemoveVolumes,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let found = match self.inspected(id, cx).await {
            Err(BackendError::NotFound(_)) => return Ok(()),
            other => other?,
        };
        self.ensure_managed(id, "remove", cx).await?;
        self.remove_container(id.as_str(), &found.name, cx).await?;
        if volumes == RemoveVolumes::Delete {
            for mount in found.mounts.iter().filter(|mount| mount.kind == "volume") {
                self.remove_volume(&mount.name, cx).await?;
            }
        }
        Ok(())
    }
}

impl PodmanSession {
    /// Removes a container, running or not; one that is gone counts as removed. Named volumes stay.
    pub(crate) async fn remove_container(
        &self,
        id: &str,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let path = format!("containers/{}?force=true&v=true&timeout={STOP_SECONDS}", escape(id));
        match self.ask(Call::delete(path), "remove", name, cx).await {
            Ok(_) | Err(BackendError::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a volume; one that is gone counts as removed.
    pub(crate) async fn remove_volume(&self, name: &str, cx: &Cx) -> Result<(), BackendError> {
        let call = Call::delete(format!("volumes/{}", escape(name)));
        let reply = self.client.send(call, cx).await?;
        if reply.status.as_u16() == 404 {
            return Ok(());
        }
        self.attempt("remove the volume", name).check(reply).map(drop)
    }

    /// Finds a running container that holds a port of this one before Podman is asked: a start that fails
    /// on a taken port makes Podman 4.3 take away the other container's forwarding rules.
    async fn ensure_ports_free(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        let all = self.containers(true, cx).await?;
        let Some(own) = all.iter().find(|one| one.id == id.as_str()) else {
            return Err(self.gone(id));
        };
        if own.state == "running" {
            return Ok(());
        }
        let wanted: Vec<u16> = server_ports(own).collect();
        let holder = all
            .iter()
            .filter(|one| one.id != own.id && one.state == "running")
            .find_map(|one| Some((one, server_ports(one).find(|port| wanted.contains(port))?)));
        let Some((other, port)) = holder else { return Ok(()) };
        let other = other.names.first().map_or("another container", String::as_str);
        Err(BackendError::conflict(format!(
            "cannot start \"{}\": \"{other}\" holds port {port} of \"{}\"",
            self.name_of(id),
            self.server_name()
        ))
        .with_hint(format!("Stop \"{other}\", or make a workspace with another port.")))
    }

    pub(crate) fn gone(&self, id: &WorkspaceId) -> BackendError {
        BackendError::not_found(format!(
            "\"{}\" is not on \"{}\" any more",
            self.name_of(id),
            self.server_name()
        ))
        .with_hint("Someone else removed it. Refresh the list.")
    }
}

/// Every port of the server that a container is published on.
pub(crate) fn server_ports(listed: &Listed) -> impl Iterator<Item = u16> + '_ {
    listed.ports.iter().filter(|mapping| mapping.host_port != 0).flat_map(|mapping| {
        let last = mapping.host_port.saturating_add(mapping.range.max(1) - 1);
        mapping.host_port..=last
    })
}
