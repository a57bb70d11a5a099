//! A workspace from git, after its container stands: access, repository, commits, remote.
//!
//! The container itself is the backend's; see `runs`.

use std::{path::Path, sync::Arc};

use backend_api::{Cx, StepSink};
use model::{
    Failure, GitIdentity, GitLink, GitSource, LogStream, Plan, PlanStep, WorkspaceId, WorkspaceRef,
};

use super::{
    access::{self, Access, PROJECT},
    address::shareable,
    choice::{Chosen, choose},
    inside::Inside,
    plan::refused,
    program::Git,
    source::{Place, Source, look_at_folder},
    sync::{add_remote, make_repository, push},
    tunnel::Tunnel,
    url::UrlClone,
};
use crate::{ca, sessions::Live, shared::Shared};

/// What is done after the container stands.
#[derive(Clone)]
pub(crate) struct Making {
    pub(super) shared: Arc<Shared>,
    pub(super) source: Source,
    pub(super) steps: Vec<PlanStep>,
}

impl std::fmt::Debug for Making {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Making").field("source", &self.source).finish_non_exhaustive()
    }
}

impl Making {
    /// Separates what the backend planned from what comes after.
    pub(super) fn cut(&self, plan: &mut Plan) {
        let own = plan.steps.len().saturating_sub(self.steps.len());
        plan.steps.truncate(own);
    }

    /// The steps after the backend's own.
    pub(crate) fn steps(&self) -> &[PlanStep] {
        &self.steps
    }

    /// Carries it out; `first` is the index of its first step.
    pub(crate) async fn carry_out(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        id: &WorkspaceId,
        name: &str,
        first: usize,
        cx: &Cx,
    ) -> Result<(), Failure> {
        let workspace =
            WorkspaceRef { connection_id: live.connection_id.clone(), workspace_id: id.clone() };
        let inside = Inside { live, id, name };
        steps.begin(first);
        let keys = ca::own_keys(&self.shared.data_folder).await?;
        let dotfiles = self.source.dotfiles.as_deref();
        let access = access::set_up(&inside, &keys, &self.shared.home_folder, dotfiles, cx).await?;
        let tunnel = Tunnel::open(&self.shared, &workspace, &access.guest.name, &keys).await?;
        tunnel.check(name, cx).await?;
        steps.begin(first + 1);
        let (git, chosen, looked, _clone) = self.origin(&keys.access_path, cx).await?;
        let is_new = make_repository(&inside, &chosen.branch, cx).await?;
        self.identify(&inside, looked.as_ref().and_then(|looked| looked.identity.as_ref()), cx)
            .await?;
        self.name_origin(&inside, &git, cx).await?;
        steps.begin(first + 2);
        let git = git.over(&tunnel.config);
        let url = format!("{}:{PROJECT}", tunnel.alias);
        match &chosen.from {
            None => steps.skip(first + 2),
            Some(_) if !is_new => {
                steps.skip(first + 2);
                let note = "the volume holds this project already: nothing is pushed over it";
                cx.log.line(LogStream::Note, note);
            }
            Some(from) => push(&git, &url, from, &chosen.branch, name, cx).await?,
        }
        let mut link = link_of(&access);
        if let Some(looked) = &looked {
            steps.begin(first + 3);
            link.folder.clone_from(&looked.folder);
            link.remote = Some(add_remote(&git, &url, name, cx).await?);
        }
        Ok(self.shared.store.put_git_link(&workspace, name, &link).await?)
    }

    /// Where the commits are on this computer. A clone lasts as long as it is held.
    async fn origin(
        &self,
        beside: &Path,
        cx: &Cx,
    ) -> Result<(Git, Chosen, Option<GitSource>, Option<UrlClone>), Failure> {
        match &self.source.place {
            Place::Folder(folder) => {
                let looked = look_at_folder(folder, cx).await?;
                let chosen = choose(&looked, self.source.branch.as_deref()).map_err(refused)?;
                let git = Git::inside(looked.folder.as_deref().unwrap_or_default());
                Ok((git, chosen, Some(looked), None))
            }
            Place::Url(url) => {
                let clone = UrlClone::make(url, beside, cx).await?;
                let branch = clone.branch(self.source.branch.as_deref(), cx).await?;
                let chosen = Chosen { from: Some(format!("refs/heads/{branch}")), branch };
                Ok((clone.git(), chosen, None, Some(clone)))
            }
        }
    }

    async fn identify(
        &self,
        inside: &Inside<'_>,
        of_folder: Option<&GitIdentity>,
        cx: &Cx,
    ) -> Result<(), Failure> {
        if !self.source.copies_identity {
            return Ok(());
        }
        let general;
        let identity = match of_folder {
            Some(identity) => identity,
            None => {
                general = super::identity(&Git::default(), cx).await?;
                let Some(identity) = &general else {
                    let note = "git on this computer has no user.name and user.email to copy";
                    cx.log.line(LogStream::Note, note);
                    return Ok(());
                };
                identity
            }
        };
        for (key, value) in [("user.name", &identity.name), ("user.email", &identity.email)] {
            inside.tell(&["git", "config", "--global", key, value], cx).await?;
        }
        Ok(())
    }

    /// The workspace knows where the project comes from, when others can reach that place.
    async fn name_origin(&self, inside: &Inside<'_>, git: &Git, cx: &Cx) -> Result<(), Failure> {
        let origin = match &self.source.place {
            Place::Url(url) => Some(url.clone()),
            Place::Folder(_) => {
                let found = git.ask(&["config", "--get", "remote.origin.url"], cx).await?;
                Some(found.text()).filter(|_| found.is_success)
            }
        };
        let Some(origin) = origin.as_deref().and_then(shareable) else { return Ok(()) };
        let known = inside.ask(&["git", "-C", PROJECT, "remote", "get-url", "origin"], cx).await?;
        if known.exit_code != Some(0) {
            inside
                .tell(&["git", "-C", PROJECT, "remote", "add", "--", "origin", &origin], cx)
                .await?;
        }
        Ok(())
    }
}

fn link_of(access: &Access) -> GitLink {
    GitLink {
        folder: None,
        remote: None,
        user: access.guest.name.clone(),
        path: PROJECT.into(),
        certificate_until: access.certificate_until,
    }
}
