//! One live connection to a server: what it is, a sign of life, and its abilities.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Exec, Labs, Logs, Session};
use https::Call;
use model::{ServerInfo, WorkspaceId};
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::dry_run::Removals;
use crate::features::Found;
use crate::state::Ages;

/// A session. Dropping it ends its terminals and streams.
pub(crate) struct ClabSession {
    pub(crate) api: Arc<Api>,
    pub(crate) found: Found,
    pub(crate) ages: Ages,
    /// Labs that were seen to go: what is not there any more is told from what nobody shows us.
    gone: Mutex<BTreeSet<String>>,
    pub(crate) removals: Removals,
    pub(crate) closing: CancellationToken,
}

impl ClabSession {
    pub(crate) fn new(api: Api, found: Found) -> Self {
        Self {
            api: Arc::new(api),
            found,
            ages: Ages::default(),
            gone: Mutex::default(),
            removals: Removals::default(),
            closing: CancellationToken::new(),
        }
    }

    /// Remembers whether a lab is known to be gone.
    pub(crate) fn note_gone(&self, lab: &str, is_gone: bool) {
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if is_gone {
            gone.insert(lab.to_owned());
        } else {
            gone.remove(lab);
        }
    }

    pub(crate) fn is_known_gone(&self, lab: &str) -> bool {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).contains(lab)
    }
}

impl Drop for ClabSession {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

/// Under which id a node's console and log are reached.
pub(crate) fn console_id(lab: &str, container: &str) -> WorkspaceId {
    WorkspaceId::from_raw(format!("{lab}/{container}"))
}

/// The lab and container of a console.
pub(crate) fn console_parts(id: &WorkspaceId) -> Result<(&str, &str), BackendError> {
    id.as_str()
        .split_once('/')
        .ok_or_else(|| BackendError::not_found(format!("there is no node {id}")))
}

#[async_trait]
impl Session for ClabSession {
    async fn server(&self, _cx: &Cx) -> Result<ServerInfo, BackendError> {
        let Found { version, runtime, .. } = &self.found;
        Ok(ServerInfo {
            product: format!("containerlab API server {version}").trim().to_owned(),
            remark: Some(runtime.clone()).filter(|runtime| !runtime.is_empty()),
            ..ServerInfo::default()
        })
    }

    async fn ping(&self, cx: &Cx) -> Result<(), BackendError> {
        let reply = self.api.client.send(Call::get("health"), cx).await?;
        self.api.attempt("reach", "the API").check(reply).map(|_| ())
    }

    fn logs(&self) -> Option<&dyn Logs> {
        Some(self)
    }

    fn exec(&self) -> Option<&dyn Exec> {
        Some(self)
    }

    fn labs(&self) -> Option<&dyn Labs> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{console_id, console_parts};

    #[test]
    fn a_console_names_its_lab_and_container() {
        let id = console_id("pair", "clab-pair-r1");
        assert_eq!(console_parts(&id).unwrap(), ("pair", "clab-pair-r1"));
        assert!(console_parts(&model::WorkspaceId::from_raw("pair")).is_err());
    }
}
