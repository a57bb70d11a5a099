//! Looking at the server without disturbing a job: by the API while it is idle, else by netlab's status file.

use std::sync::Arc;

use backend_api::{BackendError, Cx, RemoteEntry};
use futures::StreamExt;

use crate::api::Job;
use crate::folder::{MANIFEST, MANIFEST_LIMIT, Manifest};
use crate::session::{KnownNodes, NetlabSession};
use crate::status::{self, Instance};
use crate::yaml;

/// Where netlab keeps the state of all labs, in the home of the user that runs it.
const STATUS_FILE: &str = ".netlab/status.yaml";
const STATUS_LIMIT: u64 = 4 * 1024 * 1024;
/// Manifests that are read at once.
const AT_ONCE: usize = 16;

/// How many labs are asked for their nodes for one list: each may take the server many seconds, and the next list
/// asks for the next.
const ASKED_PER_LIST: usize = 2;

/// What was seen of all labs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) instances: Vec<Instance>,
    /// False when the server could not be asked and this is older.
    pub(crate) is_now: bool,
}

/// The jobs that have no end yet.
pub(super) fn unfinished(jobs: &[Job]) -> impl Iterator<Item = &Job> {
    jobs.iter().filter(|job| job.end().is_none())
}

impl NetlabSession {
    /// All labs that netlab knows of.
    pub(crate) async fn look(&self, cx: &Cx) -> Result<Seen, BackendError> {
        let asked = if self.is_structured {
            self.turns.question(self.ask_while_idle(cx)).await.transpose()?.flatten()
        } else {
            None
        };
        let (found, is_now) = match asked {
            Some(instances) => (Some(instances), true),
            None => (self.status_file(cx).await, false),
        };
        let mut known = self.known();
        if let Some(instances) = found {
            known.instances = instances;
        }
        Ok(Seen { instances: known.instances.clone(), is_now: is_now || !self.is_structured })
    }

    /// None while a job runs, or when its output was mixed into the answer.
    async fn ask_while_idle(&self, cx: &Cx) -> Result<Option<Vec<Instance>>, BackendError> {
        if unfinished(&self.api.jobs(cx).await?).next().is_some() {
            return Ok(None);
        }
        let instances = status::instances(&self.api.status(cx).await?);
        if let Some(instances) = &instances {
            // Kept at once: whoever gives up on the rest has at least this.
            self.known().instances.clone_from(instances);
        }
        let started = instances.iter().flatten().filter(|instance| instance.is_started());
        let new: Vec<_> = started.filter(|instance| self.is_new(instance)).collect();
        for instance in new.into_iter().take(ASKED_PER_LIST) {
            // One that does not tell its nodes is no reason to tell of none.
            match self.ask_nodes(instance, cx).await {
                Err(BackendError::Cancelled) => return Err(BackendError::Cancelled),
                Err(error) => {
                    tracing::warn!(%error, "a lab does not tell its nodes");
                    self.turns.rest();
                    break;
                }
                Ok(()) => {}
            }
        }
        Ok(instances)
    }

    /// Whether the lab changed since its nodes were last asked for.
    fn is_new(&self, instance: &Instance) -> bool {
        let known = self.known();
        known.nodes.get(&instance.folder).is_none_or(|nodes| nodes.of != instance.started_at())
    }

    /// Asks for the nodes of one lab. Only for whoever knows that no job runs.
    pub(crate) async fn ask_nodes(&self, instance: &Instance, cx: &Cx) -> Result<(), BackendError> {
        let answer = self.api.instance(&instance.id, cx).await?;
        if let Some(nodes) = status::nodes(&answer) {
            let of = instance.started_at();
            let seen = KnownNodes { nodes, seen_at: cx.clock.now(), of };
            self.known().nodes.insert(instance.folder.clone(), seen);
        }
        Ok(())
    }

    /// Asks for the nodes of one lab now, if no job runs.
    pub(crate) async fn refresh_nodes(
        &self,
        instance: &Instance,
        cx: &Cx,
    ) -> Result<bool, BackendError> {
        let ask = async {
            if unfinished(&self.api.jobs(cx).await?).next().is_some() {
                return Ok(false);
            }
            self.ask_nodes(instance, cx).await?;
            Ok(true)
        };
        Ok(self.turns.question(ask).await.transpose()?.unwrap_or(false))
    }

    /// What netlab itself wrote down; none where that cannot be read, which is no reason to fail.
    pub(crate) async fn status_file(&self, cx: &Cx) -> Option<Vec<Instance>> {
        let home = self.files.home(cx).await.ok()?;
        let path = format!("{home}/{STATUS_FILE}");
        let content = self.files.read(&path, STATUS_LIMIT, cx).await.ok()??;
        status::instances(&yaml::read(&String::from_utf8_lossy(&content))?)
    }

    /// The labs that Moorline made in the folder for labs, by folder.
    pub(crate) async fn made_here(&self, cx: &Cx) -> Result<Vec<(String, Manifest)>, BackendError> {
        let root = self.work_root(cx).await?;
        let listed = self.list_folders(&root, cx).await?;
        let paths: Vec<String> =
            listed.iter().map(|folder| format!("{folder}/{MANIFEST}")).collect();
        let asked: Arc<[String]> = paths.into();
        let found = self
            .files
            .with(cx, |files| {
                let asked = Arc::clone(&asked);
                async move { files.stat(&asked).await }
            })
            .await?;
        let there =
            listed.into_iter().zip(found).filter_map(|(folder, found)| Some((folder, found?)));
        let reads: Vec<_> =
            there.map(|(folder, found)| self.manifest_of(folder, found, cx)).collect();
        let read = futures::stream::iter(reads).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
        Ok(read.into_iter().flatten().collect())
    }

    async fn list_folders(&self, root: &str, cx: &Cx) -> Result<Vec<String>, BackendError> {
        let path: Arc<str> = root.into();
        let listed = self
            .files
            .with(cx, |files| {
                let path = Arc::clone(&path);
                async move { files.list(&path).await }
            })
            .await;
        match listed {
            Ok(entries) => Ok(entries
                .into_iter()
                .filter(|entry| entry.is_folder && !entry.name.starts_with('.'))
                .map(|entry| format!("{root}/{}", entry.name))
                .collect()),
            Err(BackendError::NotFound(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// A manifest is read again only when its file is another one.
    async fn manifest_of(
        &self,
        folder: String,
        found: RemoteEntry,
        cx: &Cx,
    ) -> Option<(String, Manifest)> {
        let stamp = (found.size, found.modified_at);
        let known = self.known().manifests.get(&folder).cloned();
        if let Some((_, manifest)) = known.filter(|(of, _)| *of == stamp) {
            return Some((folder, manifest));
        }
        let path = format!("{folder}/{MANIFEST}");
        let content = self.files.read(&path, MANIFEST_LIMIT, cx).await.ok()??;
        let manifest = Manifest::read(&content)?;
        self.known().manifests.insert(folder.clone(), (stamp, manifest.clone()));
        Some((folder, manifest))
    }
}
