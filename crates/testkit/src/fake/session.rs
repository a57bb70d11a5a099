//! One session of the fake server: its abilities, its list, what changes a workspace.

use async_trait::async_trait;
use backend_api::{
    Adopt, Apply, BackendError, Cx, Endpoints, Exec, Files, Images, Labs, Lifecycle, Logs, Metrics,
    Rebuild, Session, SshAccess, SshTarget, Volumes, Watch,
};
use model::{RemoveVolumes, ServerInfo, Workspace, WorkspaceDetail, WorkspaceId, WorkspaceState};
use tokio_util::sync::CancellationToken;

use super::FakeServer;

/// The host key of every fake workspace.
const HOST_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio";

pub(super) struct FakeSession {
    pub(super) server: FakeServer,
    pub(super) broken: CancellationToken,
}

pub(super) fn lost() -> BackendError {
    BackendError::unreachable("the link to the fake server broke").with_hint("Call come_back.")
}

impl FakeSession {
    pub(super) fn check(&self) -> Result<(), BackendError> {
        if self.broken.is_cancelled() {
            return Err(lost());
        }
        self.server.check_up()
    }

    pub(super) async fn pass(&self, cx: &Cx) -> Result<(), BackendError> {
        self.check()?;
        let gate = async {
            match self.server.gate.acquire().await {
                Ok(permit) => permit.forget(),
                Err(_) => return Err(lost()),
            }
            Ok(())
        };
        cx.until_cancelled(gate).await
    }

    pub(super) fn set(&self, id: &WorkspaceId, state: WorkspaceState) -> Result<(), BackendError> {
        let mut all = self.server.state();
        let found = all.workspaces.iter_mut().find(|row| row.id == *id);
        found.ok_or_else(|| BackendError::not_found("no such workspace"))?.state = state;
        drop(all);
        self.server.tell(id);
        Ok(())
    }

    pub(super) fn find(&self, id: &WorkspaceId) -> Result<Workspace, BackendError> {
        if let Some(node) = self.server.node(id) {
            return Ok(node);
        }
        let state = self.server.state();
        let found = state.workspaces.iter().find(|row| row.id == *id).cloned();
        found.ok_or_else(|| BackendError::not_found("no such workspace"))
    }
}

#[async_trait]
impl Session for FakeSession {
    async fn server(&self, _cx: &Cx) -> Result<ServerInfo, BackendError> {
        self.check()?;
        Ok(ServerInfo { product: "Fake 1".into(), ..ServerInfo::default() })
    }

    async fn ping(&self, _cx: &Cx) -> Result<(), BackendError> {
        self.check()
    }

    async fn list(&self, _cx: &Cx) -> Result<Vec<Workspace>, BackendError> {
        self.check()?;
        let state = self.server.state();
        let as_adopted = |row: &Workspace| Workspace {
            is_managed: row.is_managed || state.adopted.contains_key(&row.id),
            ..row.clone()
        };
        Ok(state.workspaces.iter().map(as_adopted).collect())
    }

    async fn inspect(&self, id: &WorkspaceId, _cx: &Cx) -> Result<WorkspaceDetail, BackendError> {
        self.check()?;
        Ok(WorkspaceDetail {
            workspace: self.find(id)?,
            limits: model::Limits::default(),
            volumes: Vec::new(),
            environment_names: Vec::new(),
            labels: std::collections::BTreeMap::new(),
            command: Vec::new(),
            user: None,
            exit_code: None,
        })
    }

    fn lifecycle(&self) -> Option<&dyn Lifecycle> {
        Some(self)
    }
    fn watch(&self) -> Option<&dyn Watch> {
        Some(self)
    }
    fn endpoints(&self) -> Option<&dyn Endpoints> {
        Some(self)
    }
    fn logs(&self) -> Option<&dyn Logs> {
        Some(self)
    }
    fn exec(&self) -> Option<&dyn Exec> {
        Some(self)
    }
    fn files(&self) -> Option<&dyn Files> {
        Some(self)
    }
    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self)
    }
    fn apply(&self) -> Option<&dyn Apply> {
        Some(self)
    }
    fn images(&self) -> Option<&dyn Images> {
        Some(self)
    }
    fn adopt(&self) -> Option<&dyn Adopt> {
        Some(self)
    }
    fn ssh_access(&self) -> Option<&dyn SshAccess> {
        Some(self)
    }
    fn rebuild(&self) -> Option<&dyn Rebuild> {
        Some(self)
    }
    fn volumes(&self) -> Option<&dyn Volumes> {
        Some(self)
    }
    fn labs(&self) -> Option<&dyn Labs> {
        self.server.state().labs.is_some().then_some(self as _)
    }
}

#[async_trait]
impl SshAccess for FakeSession {
    async fn ssh_target(&self, id: &WorkspaceId, _cx: &Cx) -> Result<SshTarget, BackendError> {
        self.check()?;
        let row = self.find(id)?;
        let ssh = row.ports.iter().find(|port| port.label.as_deref() == Some("ssh"));
        let port = ssh.and_then(|port| port.server_port).ok_or_else(|| {
            BackendError::not_found(format!("{} publishes no SSH port", row.name))
        })?;
        Ok(SshTarget {
            host: "127.0.0.1".into(),
            port,
            user: "dev".into(),
            folder: "/workspace".into(),
            host_keys: vec![HOST_KEY.to_owned()],
        })
    }
}

#[async_trait]
impl Lifecycle for FakeSession {
    async fn start(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Running)
    }

    async fn stop(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Stopped)
    }

    async fn restart(&self, id: &WorkspaceId, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.set(id, WorkspaceState::Running)
    }

    async fn rename(&self, id: &WorkspaceId, name: &str, cx: &Cx) -> Result<(), BackendError> {
        self.pass(cx).await?;
        let mut state = self.server.state();
        if state.workspaces.iter().any(|row| row.name == name) {
            return Err(BackendError::conflict(format!("the fake server already has {name}"))
                .with_field("name"));
        }
        let found = state.workspaces.iter_mut().find(|row| row.id == *id);
        found.ok_or_else(|| BackendError::not_found("no such workspace"))?.name = name.into();
        Ok(())
    }

    async fn remove(
        &self,
        id: &WorkspaceId,
        _volumes: RemoveVolumes,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.pass(cx).await?;
        self.server.state().workspaces.retain(|row| row.id != *id);
        self.server.tell(id);
        Ok(())
    }
}
