//! Push, pull and fetch between a folder of this computer and a workspace. Nothing is ever reset.

use std::{path::Path, sync::Arc};

use backend_api::{Cx, StepSink};
use model::{
    ErrorCode, Failure, GitChange, GitDirty, GitHead, GitLink, GitSide, LogStream, WorkspaceRef,
};

use super::{
    access,
    aside::Aside,
    inside::{Inside, side_of},
    naming,
    program::Git,
    refusal,
    source::status_of,
    sync::{fetch, push},
    task::Task,
    tunnel::Tunnel,
};
use crate::{ca, sessions::Live, shared::Shared};

/// A task for one workspace.
#[derive(Clone)]
pub(crate) struct Job {
    pub(super) shared: Arc<Shared>,
    pub(super) workspace: WorkspaceRef,
    pub(super) task: Task,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("task", &self.task).finish_non_exhaustive()
    }
}

/// Both sides, ready to be worked with.
struct Sides<'a> {
    inside: Inside<'a>,
    git: Git,
    url: String,
    link: GitLink,
    remote: String,
    here: GitSide,
    there: GitSide,
    _tunnel: Tunnel,
}

impl Job {
    /// Its task.
    pub(crate) fn task(&self) -> &Task {
        &self.task
    }

    /// Carries it out.
    pub(crate) async fn carry_out(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        name: &str,
        cx: &Cx,
    ) -> Result<(), Failure> {
        steps.begin(0);
        if let Task::Tie { folder } = &self.task {
            return self.tie(live, steps, name, folder, cx).await;
        }
        let sides = self.sides(live, name, cx).await?;
        match &self.task {
            Task::Push { dirty } => sides.push(dirty, steps, cx).await,
            Task::Pull { dirty } => sides.pull(dirty, steps, cx).await,
            Task::Fetch => {
                steps.begin(1);
                sides.fetch(cx).await
            }
            Task::Tie { .. } => Ok(()),
        }
    }

    async fn sides<'a>(
        &'a self,
        live: &'a Live,
        name: &'a str,
        cx: &Cx,
    ) -> Result<Sides<'a>, Failure> {
        let not_tied = || {
            Failure::new(
                ErrorCode::NotFound,
                format!("{name} is tied to no folder of this computer"),
            )
            .with_hint("Choose a folder on its Git tab first.")
        };
        let link = self.shared.store.git_link(&self.workspace, name).await?.ok_or_else(not_tied)?;
        let folder = link.folder.clone().ok_or_else(not_tied)?;
        let inside = Inside { live, id: &self.workspace.workspace_id, name };
        let keys = ca::own_keys(&self.shared.data_folder).await?;
        let git = Git::inside(&folder);
        let here = side_of(&folder, status_of(&git, cx).await?);
        let there = inside.side(&link.path, cx).await?;
        let link = self.renewed(&inside, &keys, link, cx).await?;
        let tunnel = Tunnel::open(&self.shared, &self.workspace, &link.user, &keys).await?;
        Ok(Sides {
            git: git.over(&tunnel.config),
            url: format!("{}:{}", tunnel.alias, link.path),
            remote: link.remote.clone().unwrap_or_else(|| naming::remote_name(name)),
            link,
            inside,
            here,
            there,
            _tunnel: tunnel,
        })
    }

    /// Certificates hold for a year; one that ends soon is made anew.
    async fn renewed(
        &self,
        inside: &Inside<'_>,
        keys: &ca::OwnKeys,
        link: GitLink,
        cx: &Cx,
    ) -> Result<GitLink, Failure> {
        if !access::is_expiring(link.certificate_until, cx.clock.now()) {
            return Ok(link);
        }
        let made = access::set_up(inside, keys, &self.shared.home_folder, None, cx).await?;
        let link = GitLink { certificate_until: made.certificate_until, ..link };
        self.shared.store.put_git_link(&self.workspace, inside.name, &link).await?;
        Ok(link)
    }
}

impl Sides<'_> {
    /// The branch that is checked out here, with a commit.
    fn branch(&self) -> Result<&str, Failure> {
        match &self.here.head {
            GitHead::Branch { name, .. } => Ok(name),
            GitHead::Unborn { name } => Err(Failure::new(
                ErrorCode::Conflict,
                format!("{name} has no commit on this computer yet"),
            )
            .with_hint("Commit something first.")),
            GitHead::Detached { commit } => {
                let short: String = commit.chars().take(7).collect();
                Err(Failure::new(
                    ErrorCode::Conflict,
                    format!("HEAD is detached at {short} on this computer"),
                )
                .with_hint("Check a branch out first, for example with git switch main."))
            }
        }
    }

    async fn push(&self, dirty: &GitDirty, steps: &dyn StepSink, cx: &Cx) -> Result<(), Failure> {
        let branch = self.branch()?;
        let is_current = self.there.head.branch() == Some(branch);
        let tracked: Vec<_> = self
            .there
            .files
            .iter()
            .filter(|file| file.change != GitChange::Untracked)
            .cloned()
            .collect();
        steps.begin(1);
        match dirty {
            GitDirty::Leave if is_current && !tracked.is_empty() => {
                return Err(refusal::dirty(self.inside.name, &tracked));
            }
            GitDirty::Leave => steps.skip(1),
            _ if self.there.file_count == 0 => steps.skip(1),
            chosen => self.make_room(chosen, cx).await?,
        }
        steps.begin(2);
        if is_current && matches!(dirty, GitDirty::Commit { .. }) && self.there.file_count > 0 {
            // What was committed there comes first; a push would leave it out.
            self.fetch(cx).await?;
            self.merge(branch, cx).await?;
            return Ok(());
        }
        let from = format!("refs/heads/{branch}");
        push(&self.git, &self.url, &from, branch, self.inside.name, cx).await?;
        if Path::new(&self.here.path).join(".gitmodules").exists() {
            let note =
                "submodules are not pushed: run git submodule update --init in the workspace";
            cx.log.line(LogStream::Note, note);
        }
        let there = self.there.head.branch().unwrap_or("a commit without a branch");
        if !is_current {
            let note = format!("{} stays on {there}; {branch} waits there", self.inside.name);
            cx.log.line(LogStream::Note, &note);
        }
        self.fetch(cx).await
    }

    async fn pull(&self, dirty: &GitDirty, steps: &dyn StepSink, cx: &Cx) -> Result<(), Failure> {
        let branch = match &self.here.head {
            GitHead::Unborn { name } => name,
            _ => self.branch()?,
        };
        steps.begin(1);
        match dirty {
            GitDirty::Leave => steps.skip(1),
            _ if self.there.file_count == 0 => steps.skip(1),
            chosen => self.make_room(chosen, cx).await?,
        }
        steps.begin(2);
        self.fetch(cx).await?;
        steps.begin(3);
        self.merge(branch, cx).await
    }

    async fn fetch(&self, cx: &Cx) -> Result<(), Failure> {
        fetch(&self.git, &self.url, &self.remote, self.inside.name, cx).await
    }

    /// Fast-forwards the branch that is checked out here.
    async fn merge(&self, branch: &str, cx: &Cx) -> Result<(), Failure> {
        let from = format!("{}/{branch}", self.remote);
        let full = format!("refs/remotes/{from}");
        if !self.git.ask(&["rev-parse", "--verify", "-q", &full], cx).await?.is_success {
            let message = format!("{} has no branch {branch}", self.inside.name);
            let there = self.there.head.branch().unwrap_or("no branch");
            return Err(Failure::new(ErrorCode::NotFound, message).with_hint(format!(
                "It is on {there}. Check that branch out here, or push {branch} first."
            )));
        }
        let printed = self.git.carry(&["merge", "--ff-only", "--no-stat", &full], cx).await?;
        if printed.is_success { Ok(()) } else { Err(refusal::merge(&printed, branch, &from)) }
    }

    /// Sees to what is not committed in the workspace, as the person chose.
    async fn make_room(&self, dirty: &GitDirty, cx: &Cx) -> Result<(), Failure> {
        Aside { inside: &self.inside, path: &self.link.path, git: &self.git }.put(dirty, cx).await
    }
}
