//! One SSH config file of ours, so that plain `ssh`, `git` and `scp` reach every workspace with strict host
//! checking and without Moorline's window.
//!
//! The person's own config gets one line, after they agreed. Deliberately not here: starting programs.

mod alias;
mod book;
mod entry;
mod keeper;
mod keys;
mod paths;
mod survey;
mod theirs;

use std::{sync::Arc, time::Duration};

use model::{ErrorCode, Failure, SshConfigView, WorkspaceRef, WorkspaceSsh};
use tokio::sync::{mpsc, oneshot};

pub(crate) use alias::host_key_alias;
pub(crate) use book::ssh_port;
pub(crate) use entry::is_login;
pub(crate) use keeper::{Ask, keep};

use crate::{Core, shared::Shared};
use keeper::Written;
use paths::Paths;

/// Wishes waiting.
const QUEUE: usize = 16;
/// How long the SSH server of a workspace that just started may take to make its keys.
const KEYS_WITHIN: Duration = Duration::from_secs(15);
const ASK_AGAIN: Duration = Duration::from_millis(500);
/// How long the files may hold up the end of a run.
const SETTLED_WITHIN: Duration = Duration::from_secs(5);

/// The way to the task that writes the files.
#[derive(Debug)]
pub(crate) struct SshConfig {
    asks: mpsc::Sender<Ask>,
}

impl SshConfig {
    /// The handle and the queue that `keep` works off.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Ask>) {
        let (asks, queue) = mpsc::channel(QUEUE);
        (Self { asks }, queue)
    }

    async fn write(&self, wanted: Option<WorkspaceRef>) -> Result<Arc<Written>, Failure> {
        let ending = || {
            Failure::new(ErrorCode::Cancelled, "moorline is shutting down")
                .with_hint("Start Moorline again.")
        };
        let (reply, answer) = oneshot::channel();
        self.asks.send(Ask { wanted, reply }).await.map_err(|_| ending())?;
        answer.await.map_err(|_| ending())?
    }
}

impl Core {
    /// The managed SSH config as it is now, and whether the person's own reads it.
    ///
    /// # Errors
    /// `Storage` when a file cannot be read.
    pub async fn ssh_config(&self) -> Result<SshConfigView, Failure> {
        let written = self.shared.ssh_config.write(None).await?;
        let paths = Paths::of(&self.shared);
        let line = paths.line()?;
        let theirs = paths.read_user_file().await?;
        Ok(SshConfigView {
            user_file: paths.user_file.display().to_string(),
            managed_file: paths.managed.display().to_string(),
            backup_file: theirs::backup_path(&paths.user_file).display().to_string(),
            is_included: theirs::has_line(&theirs, &line),
            aliases: written.aliases.clone(),
            line,
        })
    }

    /// Puts the one line at the top of the person's SSH config. Only after they saw it and agreed.
    ///
    /// # Errors
    /// `Storage` when a file cannot be written; theirs is then as it was.
    pub async fn ssh_config_include(&self) -> Result<SshConfigView, Failure> {
        self.change_theirs(theirs::with_line).await
    }

    /// Takes the line away again, and every other byte stays.
    ///
    /// # Errors
    /// As `ssh_config_include`.
    pub async fn ssh_config_exclude(&self) -> Result<SshConfigView, Failure> {
        self.change_theirs(theirs::without_line).await
    }

    async fn change_theirs(
        &self,
        change: fn(&[u8], &str) -> Vec<u8>,
    ) -> Result<SshConfigView, Failure> {
        // What the line names is there before the line is.
        self.shared.ssh_config.write(None).await?;
        let paths = Paths::of(&self.shared);
        let (file, line) = (paths.user_file.clone(), paths.line()?);
        let work = move || {
            let old = theirs::read(&file)?;
            let new = change(&old, &line);
            if new == old { Ok(()) } else { theirs::replace_theirs(&file, &new) }
        };
        paths::on_disk(&paths.user_file, work).await?;
        self.ssh_config().await
    }

    /// How a plain SSH client reaches a workspace; the managed files are up to date when this returns.
    ///
    /// # Errors
    /// `Unsupported` when the workspace has no way in by SSH, `Conflict` when it does not run and was never
    /// seen running, `Unreachable` when its server is not connected, `Storage`.
    pub async fn workspace_ssh(&self, workspace: &WorkspaceRef) -> Result<WorkspaceSsh, Failure> {
        let (row, _) = self.shared.workspace(workspace).await?;
        if ssh_port(&row).is_none() {
            return Err(no_way_in(&row.name, "publishes no SSH port"));
        }
        let deadline = tokio::time::Instant::now() + KEYS_WITHIN;
        loop {
            let written = self.shared.ssh_config.write(Some(workspace.clone())).await?;
            if let Some(door) = written.doors.get(workspace) {
                return self.shared.way_in(workspace, door).await;
            }
            // What keeps it from being read says why, with its next step.
            self.shared.live(&workspace.connection_id).await?;
            if row.state != model::WorkspaceState::Running {
                return Err(Failure::new(
                    ErrorCode::Conflict,
                    format!("{} does not run", row.name),
                )
                .with_hint(format!("Start {} first.", row.name)));
            }
            if tokio::time::Instant::now() > deadline {
                return Err(no_way_in(&row.name, "shows no SSH host key"));
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}

/// Whether plain `ssh` reaches a workspace by the managed config, where a person has it read.
pub(crate) async fn has_door(shared: &Shared, workspace: &WorkspaceRef) -> bool {
    if !Paths::of(shared).is_included().await {
        return false;
    }
    let written = tokio::time::timeout(SETTLED_WITHIN, shared.ssh_config.write(None)).await;
    matches!(written, Ok(Ok(written)) if written.doors.contains_key(workspace))
}

/// Brings the managed files up to date before a run is over, where a person has them read. With
/// `is_expected` the SSH server of the workspace is waited for: it may still be making its keys.
pub(crate) async fn settle(shared: &Shared, workspace: Option<&WorkspaceRef>, is_expected: bool) {
    if !Paths::of(shared).is_included().await {
        return;
    }
    let limit = if is_expected { KEYS_WITHIN } else { SETTLED_WITHIN };
    let wanted = workspace.filter(|_| is_expected);
    let work = async {
        loop {
            let written = shared.ssh_config.write(wanted.cloned()).await;
            let is_there = |workspace| {
                written.as_ref().is_ok_and(|written| written.doors.contains_key(workspace))
            };
            if written.is_err() || wanted.is_none_or(is_there) {
                return;
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    };
    if tokio::time::timeout(limit, work).await.is_err() {
        tracing::info!("the managed SSH config is not up to date yet");
    }
}

impl Shared {
    async fn way_in(
        &self,
        workspace: &WorkspaceRef,
        (aliases, record): &(Vec<String>, book::Record),
    ) -> Result<WorkspaceSsh, Failure> {
        let paths = Paths::of(self);
        Ok(WorkspaceSsh {
            alias: aliases.last().cloned().unwrap_or_default(),
            host_key_alias: host_key_alias(&workspace.workspace_id),
            user: record.user.clone(),
            folder: record.folder.clone(),
            managed_file: paths.managed.display().to_string(),
            is_included: paths.is_included().await,
        })
    }
}

fn no_way_in(name: &str, why: &str) -> Failure {
    Failure::new(ErrorCode::Unsupported, format!("{name} {why}"))
        .with_hint("Use an image with an SSH server, or open a terminal in Moorline.")
}
