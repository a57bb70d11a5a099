//! Asking the server what it would change. It answers about files of its own only, so a topology that is not there
//! yet is put beside the lab's for the question, and removed whatever becomes of the question.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backend_api::{BackendError, Cx, LabRequest, NoLog};
use bytes::Bytes;
use https::Call;
use model::LabChanges;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::{Api, escape};
use crate::material::Prepared;
use crate::session::ClabSession;
use crate::wire::Applied;

/// The topology that is only asked about.
pub(crate) const ASKED_ABOUT: &str = ".moorline-plan.clab.yml";
const REMOVE_LIMIT: Duration = Duration::from_secs(20);

/// Removals that go on when nobody waits for them any more; they end with the session.
pub(crate) type Removals = Arc<Mutex<JoinSet<()>>>;

/// A file that must go.
struct Leftover {
    api: Arc<Api>,
    path: String,
    /// Not the caller's: a cancelled call has to clean up as well.
    cx: Cx,
    removals: Removals,
    is_gone: bool,
}

impl Leftover {
    async fn remove(mut self) -> Result<(), BackendError> {
        let removed =
            tokio::time::timeout(REMOVE_LIMIT, self.api.remove_file(&self.path, &self.cx));
        match removed.await {
            Ok(removed) => {
                self.is_gone = removed.is_ok();
                removed
            }
            Err(_) => Err(BackendError::unreachable(format!(
                "\"{}\" does not answer, asked to remove {}",
                self.api.server, self.path
            ))),
        }
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if self.is_gone || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let (api, path, cx) = (Arc::clone(&self.api), self.path.clone(), self.cx.clone());
        let mut removals = self.removals.lock().unwrap_or_else(PoisonError::into_inner);
        while removals.try_join_next().is_some() {}
        removals.spawn(async move {
            let removed = tokio::time::timeout(REMOVE_LIMIT, api.remove_file(&path, &cx)).await;
            if !matches!(removed, Ok(Ok(()))) {
                tracing::debug!("a topology that was only asked about stays on the server");
            }
        });
    }
}

impl ClabSession {
    /// What the server would change.
    pub(crate) async fn changes(
        &self,
        request: &LabRequest,
        prepared: Option<&Prepared>,
        cx: &Cx,
    ) -> Result<LabChanges, BackendError> {
        let subject = format!("lab \"{}\"", request.name);
        let attempt = self.api.attempt("ask what would change in", &subject);
        let path = format!("api/v1/labs/{}/apply?dryRun=true", escape(&request.name));
        let Some(prepared) = prepared else {
            return self.api.json::<Applied>(Call::post(path), attempt, cx).await.map(changes);
        };
        let inside = match prepared.topology.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{ASKED_ABOUT}"),
            None => ASKED_ABOUT.to_owned(),
        };
        let leftover = self.leftover(format!("{}/{inside}", request.name), cx);
        let text = Bytes::from(prepared.text.clone());
        if self.api.put_file(&leftover.path, text, cx).await.is_err() {
            // The lab's folder is not there, or not ours: the server can tell of its own file only.
            return self.api.json::<Applied>(Call::post(path), attempt, cx).await.map(changes);
        }
        let asked = Call::post(format!("{path}&path={}", escape(&inside)));
        let answer = self.api.json::<Applied>(asked, attempt, cx).await;
        let removed = leftover.remove().await;
        let answer = answer?;
        removed?;
        Ok(changes(answer))
    }

    fn leftover(&self, path: String, cx: &Cx) -> Leftover {
        let cx = Cx { cancel: CancellationToken::new(), log: Arc::new(NoLog), ..cx.clone() };
        let (api, removals) = (Arc::clone(&self.api), Arc::clone(&self.removals));
        Leftover { api, path, cx, removals, is_gone: false }
    }
}

fn changes(applied: Applied) -> LabChanges {
    LabChanges {
        added_nodes: applied.added_nodes,
        removed_nodes: applied.deleted_nodes,
        recreated_nodes: applied.recreated_nodes,
        restarted_nodes: applied.restarted_nodes,
        started_nodes: applied.started_nodes,
        added_links: applied.added_links,
        removed_links: applied.deleted_endpoints,
        reasons: applied.node_change_reasons,
    }
}
