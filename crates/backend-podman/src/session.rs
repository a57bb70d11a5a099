//! A live connection: its server, its list, and what it remembers of the list for messages and dialling.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use backend_api::{
    Adopt, Adopted, Apply, BackendError, Cx, Endpoints, Exec, Files, Images, Lifecycle, Logs,
    Metrics, Rebuild, Session, SshAccess, Volumes, Watch,
};
use model::{ServerInfo, Workspace, WorkspaceDetail, WorkspaceId};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::convert;
use crate::descriptor::Settings;
use crate::error::Attempt;
use crate::http::{Call, Client, Reply, escape};
use crate::images::FactsCache;
use crate::known::Known;
use crate::wire::{Info, Inspected, Listed};

/// One live connection to libpod.
pub(crate) struct PodmanSession {
    pub(crate) client: Client,
    pub(crate) settings: Settings,
    pub(crate) is_rootless: bool,
    /// Who is logged in on the server; the owner of what is made.
    pub(crate) login: Option<String>,
    known: Mutex<BTreeMap<String, Known>>,
    pub(crate) image_facts: FactsCache,
    /// What a person adopted.
    pub(crate) adopted: Mutex<BTreeMap<WorkspaceId, Adopted>>,
    /// Ends the terminals' tasks with the session.
    pub(crate) closing: CancellationToken,
}

impl Drop for PodmanSession {
    fn drop(&mut self) {
        self.closing.cancel();
        self.client.close();
    }
}

impl PodmanSession {
    pub(crate) fn new(
        client: Client,
        settings: Settings,
        is_rootless: bool,
        login: Option<String>,
    ) -> Self {
        Self {
            client,
            settings,
            is_rootless,
            login,
            known: Mutex::new(BTreeMap::new()),
            image_facts: FactsCache::default(),
            adopted: Mutex::default(),
            closing: CancellationToken::new(),
        }
    }

    /// The connection's name.
    pub(crate) fn server_name(&self) -> &str {
        &self.client.server
    }

    pub(crate) fn attempt<'a>(&'a self, verb: &'a str, subject: &'a str) -> Attempt<'a> {
        Attempt { server: self.server_name(), verb, subject }
    }

    /// The container's name as last seen, or a short form of its id.
    pub(crate) fn name_of(&self, id: &WorkspaceId) -> String {
        self.known(id)
            .map(|known| known.name)
            .unwrap_or_else(|| id.as_str().chars().take(12).collect())
    }

    pub(crate) fn known(&self, id: &WorkspaceId) -> Option<Known> {
        self.known.lock().ok()?.get(id.as_str()).cloned()
    }

    fn remember(&self, entries: impl Iterator<Item = (String, Known)>, is_all: bool) {
        if let Ok(mut known) = self.known.lock() {
            if is_all {
                known.clear();
            }
            known.extend(entries);
        }
    }

    /// Sends a call about `subject`; statuses other than 2xx and 304 become errors.
    pub(crate) async fn ask(
        &self,
        call: Call,
        verb: &str,
        subject: &str,
        cx: &Cx,
    ) -> Result<Reply, BackendError> {
        self.attempt(verb, subject).check(self.client.send(call, cx).await?)
    }

    /// The same, with the answer's JSON read.
    pub(crate) async fn ask_json<T: DeserializeOwned>(
        &self,
        call: Call,
        verb: &str,
        subject: &str,
        cx: &Cx,
    ) -> Result<T, BackendError> {
        let reply = self.ask(call, verb, subject, cx).await?;
        serde_json::from_slice(&reply.body).map_err(|error| {
            BackendError::protocol(format!(
                "\"{}\" answered something that is not libpod's: cannot {verb} \"{subject}\"",
                self.server_name()
            ))
            .with_hint("Check that the socket belongs to Podman 4.0 or newer.")
            .with_detail(error.to_string())
        })
    }

    /// Containers as libpod lists them, in every state.
    pub(crate) async fn containers(
        &self,
        are_all: bool,
        cx: &Cx,
    ) -> Result<Vec<Listed>, BackendError> {
        let call = Call::get(list_path(are_all));
        let listed: Option<Vec<Listed>> = self.ask_json(call, "list", "containers", cx).await?;
        Ok(listed.unwrap_or_default())
    }

    pub(crate) async fn inspected(
        &self,
        id: &WorkspaceId,
        cx: &Cx,
    ) -> Result<Inspected, BackendError> {
        let name = self.name_of(id);
        let path = format!("containers/{}/json", escape(id.as_str()));
        let found: Inspected = self.ask_json(Call::get(path), "inspect", &name, cx).await?;
        self.remember(std::iter::once((found.id.clone(), Known::from_inspect(&found))), false);
        Ok(found)
    }

    /// Refuses to change what neither Moorline nor l8s made.
    pub(crate) async fn ensure_managed(
        &self,
        id: &WorkspaceId,
        verb: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let known = match self.known(id) {
            Some(known) => known,
            None => Known::from_inspect(&self.inspected(id, cx).await?),
        };
        if known.is_managed || self.adoption(id.as_str()).is_some() {
            return Ok(());
        }
        Err(BackendError::forbidden(format!(
            "cannot {verb} \"{}\" on \"{}\": neither Moorline nor l8s made it",
            known.name,
            self.server_name()
        ))
        .with_hint("Adopt it first, or use podman on the server for it."))
    }

    /// Whether others' containers are asked for as well.
    fn lists_all(&self) -> bool {
        self.settings.show_unmanaged || self.has_adopted()
    }

    /// The rows that are shown, which are remembered.
    fn rows(&self, listed: &[Listed]) -> Vec<Workspace> {
        let both: Vec<(&Listed, Workspace)> = listed
            .iter()
            .filter(|one| !one.is_infra)
            .filter_map(|one| Some((one, self.as_adopted(convert::workspace(one)?))))
            .filter(|(_, workspace)| self.settings.show_unmanaged || workspace.is_managed)
            .collect();
        self.remember(both.iter().map(|(one, w)| (one.id.clone(), Known::from_list(one, w))), true);
        both.into_iter().map(|(_, workspace)| workspace).collect()
    }

    fn as_adopted(&self, workspace: Workspace) -> Workspace {
        let is_adopted = self.adoption(workspace.id.as_str()).is_some();
        Workspace { is_managed: workspace.is_managed || is_adopted, ..workspace }
    }

    pub(crate) async fn info(&self, cx: &Cx) -> Result<Info, BackendError> {
        self.ask_json(Call::get("info"), "ask", "Podman", cx).await
    }
}

/// The question for containers in every state: all of them, or those that Moorline or l8s made.
pub(crate) fn list_path(are_all: bool) -> String {
    let path = "containers/json?all=true";
    if are_all {
        return path.to_owned();
    }
    let filter = format!("{{\"label\":[\"{}=true\"]}}", convert::LABEL_MANAGED);
    format!("{path}&filters={}", escape(&filter))
}

#[async_trait]
impl Session for PodmanSession {
    async fn server(&self, cx: &Cx) -> Result<ServerInfo, BackendError> {
        let info = self.info(cx).await?;
        let free = info.store.allocated.saturating_sub(info.store.used);
        let rootless = info.host.security.rootless;
        Ok(ServerInfo {
            product: format!("Podman {}", info.version.version).trim_end().to_owned(),
            remark: Some(if rootless { "rootless".into() } else { "rootful".into() }),
            cpus: Some(info.host.cpus).filter(|cpus| *cpus > 0),
            memory_bytes: Some(info.host.mem_total).filter(|bytes| *bytes > 0),
            memory_free_bytes: Some(info.host.mem_free).filter(|_| info.host.mem_total > 0),
            disk_free_bytes: Some(free).filter(|_| info.store.allocated > 0),
        })
    }

    async fn ping(&self, cx: &Cx) -> Result<(), BackendError> {
        self.ask(Call::get("_ping"), "ask", "Podman", cx).await.map(drop)
    }

    async fn list(&self, cx: &Cx) -> Result<Vec<Workspace>, BackendError> {
        let listed = self.containers(self.lists_all(), cx).await?;
        Ok(self.rows(&listed))
    }

    fn first_list(&self) -> Option<Vec<Workspace>> {
        let listed = self.client.early.take(&list_path(self.lists_all()))?;
        Some(self.rows(&listed))
    }

    async fn inspect(&self, id: &WorkspaceId, cx: &Cx) -> Result<WorkspaceDetail, BackendError> {
        let detail = convert::detail(&self.inspected(id, cx).await?);
        Ok(WorkspaceDetail { workspace: self.as_adopted(detail.workspace), ..detail })
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
    fn ssh_access(&self) -> Option<&dyn SshAccess> {
        Some(self)
    }
    fn rebuild(&self) -> Option<&dyn Rebuild> {
        Some(self)
    }
    fn images(&self) -> Option<&dyn Images> {
        Some(self)
    }
    fn adopt(&self) -> Option<&dyn Adopt> {
        Some(self)
    }
    fn volumes(&self) -> Option<&dyn Volumes> {
        Some(self)
    }
}
