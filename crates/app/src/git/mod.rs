//! Workspaces from git: looking at a repository, planning, both sides of a workspace, push, pull, fetch.
//!
//! Deliberately not here: making containers (that is the backend's), keys (that is `ca`).

mod access;
mod address;
mod after;
mod aside;
mod choice;
mod family;
mod inside;
mod making;
mod naming;
mod plan;
mod porcelain;
mod program;
mod refs;
mod refusal;
mod remote;
mod runner;
mod scratch;
mod source;
mod state;
mod sync;
mod tar;
mod task;
mod tie;
mod transfer;
mod tunnel;
mod url;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::Cx;
use model::{ErrorCode, Failure, GitDirty, GitIdentity, GitSource, RunId, WorkspaceRef};

pub(crate) use address::url_problem;
pub(crate) use after::{After, Change};
pub(crate) use making::Making;
pub(crate) use runner::PersonsGit;
pub(crate) use task::Task;
pub(crate) use transfer::Job;

use crate::{Core, ca, runs, sessions::Live, typed_path};
use program::Git;

impl Core {
    /// Looks at a folder of this computer from which a workspace could be made.
    ///
    /// # Errors
    /// `Invalid` names the field; `Unsupported` without git.
    pub async fn git_look_folder(&self, folder: &str) -> Result<GitSource, Failure> {
        let folder = self.typed_folder(folder, source::FOLDER)?;
        source::look_at_folder(&folder, &self.local_cx()).await
    }

    /// Asks a URL for its branches with the person's own credentials.
    ///
    /// # Errors
    /// As `git_look_folder`.
    pub async fn git_look_url(&self, url: &str) -> Result<GitSource, Failure> {
        source::look_at_url(url.trim(), &self.local_cx()).await
    }

    /// Pushes the branch that is checked out here; never forced.
    ///
    /// # Errors
    /// As `workspace_start`; later failures are in the run.
    pub async fn git_push(
        &self,
        workspace: &WorkspaceRef,
        dirty: GitDirty,
    ) -> Result<RunId, Failure> {
        self.git_run(workspace, Task::Push { dirty }).await
    }

    /// Fetches, and fast-forwards the branch that is checked out here.
    ///
    /// # Errors
    /// As `git_push`.
    pub async fn git_pull(
        &self,
        workspace: &WorkspaceRef,
        dirty: GitDirty,
    ) -> Result<RunId, Failure> {
        self.git_run(workspace, Task::Pull { dirty }).await
    }

    /// Fetches the workspace's branches.
    ///
    /// # Errors
    /// As `git_push`.
    pub async fn git_fetch(&self, workspace: &WorkspaceRef) -> Result<RunId, Failure> {
        self.git_run(workspace, Task::Fetch).await
    }

    /// Ties a workspace to a folder of this computer: access, repository, remote.
    ///
    /// # Errors
    /// As `git_push`; `Invalid` for a folder that cannot be meant.
    pub async fn git_tie(
        &self,
        workspace: &WorkspaceRef,
        folder: String,
    ) -> Result<RunId, Failure> {
        let folder = self.typed_folder(&folder, "folder")?.display().to_string();
        self.git_run(workspace, Task::Tie { folder }).await
    }

    fn typed_folder(&self, text: &str, field: &str) -> Result<PathBuf, Failure> {
        typed_path::folder(text, &self.shared.home_folder).map_err(|message| {
            Failure::new(ErrorCode::Invalid, message)
                .with_field(field)
                .with_hint("Type the whole path, or choose the folder.")
        })
    }

    /// Begins a run of ours.
    pub(crate) async fn git_run(
        &self,
        workspace: &WorkspaceRef,
        task: Task,
    ) -> Result<RunId, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        ensure_able(&live)?;
        let shared = Arc::clone(&self.shared);
        let job = Job { shared, workspace: workspace.clone(), task };
        runs::begin_git(&self.shared, live, row.name, workspace, job).await
    }

    /// A context for work on this computer that ends with the app.
    fn local_cx(&self) -> Cx {
        crate::sessions::local_cx(self.shared.cancel.child_token())
    }
}

/// Removes the folders that runs of an earlier process left when it died. Call it before a run can begin.
pub(crate) fn remove_leftovers(data_folder: &Path) {
    if let Some(folder) = ca::access_path(data_folder).parent() {
        drop(scratch::left_in(folder));
    }
}

/// Git needs to run programs, put files and reach ports.
fn ensure_able(live: &Live) -> Result<(), Failure> {
    let session = &live.session;
    if session.exec().is_some() && session.files().is_some() && session.endpoints().is_some() {
        return Ok(());
    }
    Err(live.cannot("make workspaces from git"))
}

/// Who commits, by git's own settings.
async fn identity(git: &Git, cx: &Cx) -> Result<Option<GitIdentity>, Failure> {
    let name = git.ask(&["config", "--get", "user.name"], cx).await?;
    let email = git.ask(&["config", "--get", "user.email"], cx).await?;
    let is_known = name.is_success && email.is_success;
    Ok(is_known.then(|| GitIdentity { name: name.text(), email: email.text() }))
}
