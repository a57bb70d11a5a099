//! How both sides of a workspace stand: branches, files, commits ahead and behind.

use model::{Failure, GitHead, GitLink, GitSide, GitState, WorkspaceRef};

use super::{
    access,
    inside::{Inside, side_of},
    porcelain,
    program::Git,
    source,
};
use crate::{Core, sessions};

impl Core {
    /// What ties a workspace to a folder of this computer. Asks neither side.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn git_link(&self, workspace: &WorkspaceRef) -> Result<Option<GitLink>, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        Ok(self.shared.store.git_link(workspace, &row.name).await?)
    }

    /// How both sides of a workspace stand. Changes nothing and asks no repository but the two.
    ///
    /// # Errors
    /// `NotFound`, `Storage`. What one side cannot tell is in the state.
    pub async fn git_state(&self, workspace: &WorkspaceRef) -> Result<GitState, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        let link = self.shared.store.git_link(workspace, &row.name).await?;
        let path = link.as_ref().map_or(access::PROJECT, |link| link.path.as_str()).to_owned();
        let folder = link.as_ref().and_then(|link| link.folder.clone());
        let (here, there) =
            tokio::join!(self.here(folder.as_deref()), self.there(workspace, &row.name, &path));
        let (here, here_problem) = apart(here.transpose());
        let (there, there_problem) = apart(Some(there));
        let mut state =
            GitState { link, here, here_problem, there, there_problem, ahead: None, behind: None };
        if let Some((ahead, behind)) = self.distance(workspace, &row.name, &state).await {
            (state.ahead, state.behind) = (Some(ahead), Some(behind));
        }
        Ok(state)
    }

    async fn here(&self, folder: Option<&str>) -> Result<Option<GitSide>, Failure> {
        let Some(folder) = folder else { return Ok(None) };
        let status = source::status_of(&Git::inside(folder), &self.local_cx()).await?;
        Ok(Some(side_of(folder, status)))
    }

    async fn there(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
        path: &str,
    ) -> Result<GitSide, Failure> {
        let live = self.shared.live(&workspace.connection_id).await?;
        let inside = Inside { live: &live, id: &workspace.workspace_id, name };
        let cx = live.cx();
        tokio::time::timeout(sessions::CALL_TIMEOUT, inside.side(path, &cx))
            .await
            .unwrap_or_else(|_| Err(live.silent(sessions::CALL_TIMEOUT)))
    }

    /// Commits ahead and behind on the branch of this computer, when one side knows both ends.
    async fn distance(
        &self,
        workspace: &WorkspaceRef,
        name: &str,
        state: &GitState,
    ) -> Option<(u32, u32)> {
        let GitHead::Branch { name: branch, commit: here } = &state.here.as_ref()?.head else {
            return None;
        };
        let there = state.there.as_ref()?;
        let live = self.shared.live(&workspace.connection_id).await.ok()?;
        let (inside, cx) = (Inside { live: &live, id: &workspace.workspace_id, name }, live.cx());
        let branch = format!("refs/heads/{branch}");
        let argv = ["git", "-C", &there.path, "rev-parse", "--verify", "-q", &branch];
        let found = inside.tell(&argv, &cx).await.ok()?;
        if found == *here {
            return Some((0, 0));
        }
        let range = format!("{here}...{found}");
        let count = ["rev-list", "--left-right", "--count", &range, "--"];
        let known = Git::inside(&state.here.as_ref()?.path).ask(&count, &cx).await.ok()?;
        if known.is_success {
            return porcelain::counts(&known.text());
        }
        let argv: Vec<&str> = ["git", "-C", &there.path].into_iter().chain(count).collect();
        porcelain::counts(&inside.tell(&argv, &cx).await.ok()?)
    }
}

fn apart<T>(side: Option<Result<T, Failure>>) -> (Option<T>, Option<Failure>) {
    match side {
        None => (None, None),
        Some(Ok(side)) => (Some(side), None),
        Some(Err(failure)) => (None, Some(failure)),
    }
}
