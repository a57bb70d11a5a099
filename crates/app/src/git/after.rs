//! What follows for git when a run changed a workspace that is tied: after a start or a rebuild it has to
//! prove itself again, under another name its remote follows, and after its removal nothing here names it.
//!
//! Deliberately not here: the change itself (that is the backend's, see `runs`).

use std::sync::Arc;

use backend_api::{Cx, StepSink};
use model::{
    ErrorCode, Failure, GitLink, LogStream, PlanStep, WorkspaceId, WorkspaceRef, WorkspaceState,
};

use super::{
    access::{self, Access, is_proven},
    inside::Inside,
    program::Git,
    remote::{self, Written},
    tunnel::Tunnel,
};
use crate::{
    ca::{self, OwnKeys},
    sessions::Live,
    shared::Shared,
};

/// How a run changes a workspace, as far as git is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// It runs again, perhaps as another container.
    Begins,
    /// It bears this name now.
    Renamed(String),
    /// It is removed; the remote on this computer may be kept.
    Goes { keeps_remote: bool },
}

/// What follows a run that changes a tied workspace.
pub(crate) struct After {
    shared: Arc<Shared>,
    workspace: WorkspaceRef,
    name: String,
    /// The name that our remote was written with.
    written_name: String,
    link: GitLink,
    change: Change,
}

impl After {
    /// What follows; none when the workspace is not tied.
    pub(crate) async fn of(
        shared: &Arc<Shared>,
        workspace: WorkspaceRef,
        name: &str,
        change: Change,
    ) -> Result<Option<Self>, Failure> {
        let found = shared.store.git_link_with_name(&workspace, name).await?;
        Ok(found.map(|(written_name, link)| Self {
            shared: Arc::clone(shared),
            name: name.to_owned(),
            workspace,
            written_name,
            link,
            change,
        }))
    }

    /// Its steps, which stand behind the run's own.
    pub(crate) fn steps(&self) -> Vec<PlanStep> {
        let step = |name: &str, summary: String| vec![PlanStep { name: name.into(), summary }];
        let name = &self.name;
        match (&self.change, self.remote()) {
            (Change::Begins, _) => step(
                "Access",
                format!("Check {name}'s host certificate, and make it anew if need be"),
            ),
            (Change::Renamed(new), Some((folder, remote))) => {
                step("Remote", format!("Let the remote {remote} of {folder} point to {new}"))
            }
            (Change::Goes { keeps_remote: false }, Some((folder, remote))) => {
                step("Remote", format!("Remove the remote {remote} from {folder}; commits stay"))
            }
            (Change::Renamed(_) | Change::Goes { .. }, _) => Vec::new(),
        }
    }

    /// What cancelling means while it goes on: the change itself is done by then.
    pub(crate) fn cancel_means(&self) -> String {
        match &self.change {
            Change::Begins => {
                format!("Stops. {} stays as it is now; ssh and git may not reach it.", self.name)
            }
            Change::Renamed(_) | Change::Goes { .. } => {
                "Stops. The git remote on this computer may stay as it is.".into()
            }
        }
    }

    /// Carries it out; `first` is the index of its step, `id` the workspace as it is now.
    pub(crate) async fn carry_out(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        id: &WorkspaceId,
        first: usize,
        cx: &Cx,
    ) -> Result<(), Failure> {
        if !self.steps().is_empty() {
            steps.begin(first);
        }
        match &self.change {
            Change::Begins => {
                let done = self.prove(live, steps, id, first, cx).await;
                done.map_err(|failure| self.unproven(failure))
            }
            Change::Renamed(new) => self.rename(new, cx).await,
            Change::Goes { keeps_remote } => {
                if !keeps_remote {
                    self.part(cx).await;
                }
                let connection = &self.workspace.connection_id;
                Ok(self.shared.store.remove_git_link(connection, &self.written_name).await?)
            }
        }
    }

    /// Host key, certificate and a login that proves both; nothing is done where they still hold.
    async fn prove(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        id: &WorkspaceId,
        first: usize,
        cx: &Cx,
    ) -> Result<(), Failure> {
        if live.session.inspect(id, cx).await?.workspace.state != WorkspaceState::Running {
            steps.skip(first);
            return Ok(());
        }
        let connection_id = self.workspace.connection_id.clone();
        let workspace = WorkspaceRef { connection_id, workspace_id: id.clone() };
        let inside = Inside { live, id, name: &self.name };
        let keys = ca::own_keys(&self.shared.data_folder).await?;
        let is_fresh = !access::is_expiring(self.link.certificate_until, cx.clock.now());
        if is_fresh && is_proven(&inside, &keys, cx).await? {
            return Ok(());
        }
        let Some(made) = self.made_anew(&inside, &keys, cx).await? else {
            steps.skip(first);
            return Ok(());
        };
        let user = &made.guest.name;
        let tunnel = Tunnel::open(&self.shared, &workspace, user, &keys).await?;
        tunnel.check(&self.name, cx).await?;
        let link = GitLink {
            user: made.guest.name,
            certificate_until: made.certificate_until,
            ..self.link.clone()
        };
        Ok(self.shared.store.put_git_link(&workspace, &self.name, &link).await?)
    }

    /// None where the image has no SSH server or no git: then it is only said.
    async fn made_anew(
        &self,
        inside: &Inside<'_>,
        keys: &OwnKeys,
        cx: &Cx,
    ) -> Result<Option<Access>, Failure> {
        match access::set_up(inside, keys, &self.shared.home_folder, None, cx).await {
            Err(failure) if failure.code == ErrorCode::Unsupported => {
                let hint = failure.hint.as_deref().unwrap_or_default();
                let line = format!("{}: ssh and git do not reach it. {hint}", failure.message);
                cx.log.line(LogStream::Note, line.trim_end());
                Ok(None)
            }
            made => made.map(Some),
        }
    }

    fn unproven(&self, failure: Failure) -> Failure {
        if failure.code == ErrorCode::Cancelled {
            return failure;
        }
        let message = format!("{} runs, but not for ssh and git: {}", self.name, failure.message);
        Failure { message, ..failure }
    }

    /// A workspace that was renamed stays tied, whatever happens to the remote.
    async fn rename(&self, new: &str, cx: &Cx) -> Result<(), Failure> {
        let store = &self.shared.store;
        store.put_git_link(&self.workspace, new, &self.link).await?;
        if self.written_name != new {
            store.remove_git_link(&self.workspace.connection_id, &self.written_name).await?;
        }
        if let Some((folder, remote)) = self.remote() {
            let url = format!("{new}:{}", self.link.path);
            let done = remote::point(&Git::inside(folder), remote, &self.written(), &url, cx).await;
            self.tell(folder, done, cx);
        }
        Ok(())
    }

    /// The workspace is gone by now: what its remote is in the way of is said, and fails nothing.
    async fn part(&self, cx: &Cx) {
        let Some((folder, remote)) = self.remote() else { return };
        let done = remote::remove(&Git::inside(folder), remote, &self.written(), cx).await;
        self.tell(folder, done, cx);
    }

    fn tell(&self, folder: &str, done: Result<String, Failure>, cx: &Cx) {
        let line = match done {
            Ok(words) => words,
            Err(failure) => format!("the remote in {folder} is left alone: {}", failure.message),
        };
        cx.log.line(LogStream::Note, &line);
    }

    /// Folder and remote on this computer.
    fn remote(&self) -> Option<(&str, &str)> {
        Some((self.link.folder.as_deref()?, self.link.remote.as_deref()?))
    }

    /// What we wrote into that remote.
    fn written(&self) -> Written {
        let names = [&self.written_name, &self.name];
        Written(names.map(|name| format!("{name}:{}", self.link.path)))
    }
}
