//! Bringing the old container back. Every step looks at the server first, so it may be done again at any time.

use std::time::Duration;

use backend_api::{BackendError, Cx, Lifecycle};
use model::{LogStream, WorkspaceId};
use tokio::time::{Instant, sleep};

use super::decide::{LABEL_REBUILD_OF, aside_name};
use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::Inspected;

/// How long a server that does not answer, or ports that are not free yet, are waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Whether the old container is started when it is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    Start,
    Leave,
}

impl PodmanSession {
    /// `bring_back`, tried again while the server does not answer or a port is still held.
    pub(crate) async fn bring_back_patiently(
        &self,
        id: &WorkspaceId,
        name: &str,
        then: Then,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.bring_back(id, name, then, cx).await {
                Err(BackendError::Unreachable(_) | BackendError::Conflict(_))
                    if Instant::now() < deadline =>
                {
                    sleep(LOOK_AGAIN).await;
                }
                other => return other,
            }
        }
    }

    /// Removes what stands under the old container's name, gives the name back, and starts it if wished.
    async fn bring_back(
        &self,
        id: &WorkspaceId,
        name: &str,
        then: Then,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let old = self.inspected(id, cx).await?;
        if old.name != name {
            if let Some(new) = self.named(name, cx).await? {
                self.remove_replacement(&new, &old, cx).await?;
            }
            self.rename_to(id, name, cx).await?;
            cx.log.line(LogStream::Note, &format!("the old {name} has its name again"));
        }
        if then == Then::Start && !old.state.running {
            self.start(id, cx).await?;
            cx.log.line(LogStream::Note, &format!("the old {name} runs again"));
        }
        Ok(())
    }

    /// Only what a rebuild of this very container made; anything else keeps the name.
    async fn remove_replacement(
        &self,
        new: &Inspected,
        old: &Inspected,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        if new.config.labels.get(LABEL_REBUILD_OF) != Some(&old.id) {
            return Err(BackendError::rejected(format!(
                "another container is called \"{}\" on \"{}\" now",
                new.name,
                self.server_name()
            ))
            .with_hint(format!("Rename it; the old one waits as \"{}\".", old.name)));
        }
        let path = format!("containers/{}?force=true&timeout=0", escape(&new.id));
        match self.ask(Call::delete(path), "remove", &new.name, cx).await {
            Ok(_) | Err(BackendError::NotFound(_)) => {
                cx.log.line(LogStream::Note, &format!("the new {} is removed", new.name));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Puts a container aside, or gives it its name back.
    pub(crate) async fn rename_to(
        &self,
        id: &WorkspaceId,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        let path = format!("containers/{}/rename?name={}", escape(id.as_str()), escape(name));
        self.ask(Call::post(path), "rename to", name, cx).await.map(drop)
    }

    /// The container of this name, if there is one.
    async fn named(&self, name: &str, cx: &Cx) -> Result<Option<Inspected>, BackendError> {
        match self.inspected(&WorkspaceId::from_raw(name), cx).await {
            Ok(found) => Ok(Some(found)),
            Err(BackendError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The name a container has when it is not put aside.
    pub(crate) fn own_name(name: &str) -> &str {
        name.strip_suffix(model::ASIDE_SUFFIX).unwrap_or(name)
    }

    /// Puts a container aside.
    pub(crate) async fn put_aside(
        &self,
        id: &WorkspaceId,
        name: &str,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        self.rename_to(id, &aside_name(name), cx).await
    }
}
