//! Back to the beginning: connections, secrets, trusted host keys, history and settings are forgotten.
//! Nothing on a server is touched, and a file with all but the secrets is kept first.

use std::path::PathBuf;

use model::{ErrorCode, Failure, RunStatus, Settings};

use crate::{Core, state::State};

use super::put;

impl Core {
    /// All settings at their defaults; the system no longer starts the app at login.
    ///
    /// # Errors
    /// As `settings_set`.
    pub async fn settings_reset(&self) -> Result<Settings, Failure> {
        self.settings_set(Settings::default()).await
    }

    /// Forgets everything and returns the file in which everything but the secrets is kept.
    ///
    /// # Errors
    /// `Busy` while something runs; `Storage`. What was forgotten until then stays forgotten.
    pub async fn reset(&self) -> Result<PathBuf, Failure> {
        let running = |state: &mut State| {
            state.runs.values().filter(|run| run.snapshot().status == RunStatus::Running).count()
        };
        if self.shared.owner.with(running).await? > 0 {
            return Err(Failure::new(ErrorCode::Busy, "something is still running")
                .with_hint("Wait until the runs have ended, or cancel them."));
        }
        let backup = self.transfer_backup("before-reset").await?;
        for view in self.connections().await? {
            self.connection_delete(&view.connection.id).await?;
        }
        self.shared.store.forget_runs().await?;
        let forget_runs = |state: &mut State| state.runs.clear();
        self.shared.owner.with(forget_runs).await?;
        self.forget_host_keys().await?;
        if self.settings().start_at_login {
            self.shared.host.set_starts_at_login(false)?;
        }
        put(&self.shared, Settings::default()).await?;
        Ok(backup)
    }

    async fn forget_host_keys(&self) -> Result<(), Failure> {
        let file = &self.shared.trust.own;
        match tokio::fs::remove_file(file).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::new(ErrorCode::Storage, format!("cannot remove {}", file.display()))
                    .with_hint("Check the rights of the data folder and try again.")
                    .with_detail(error.to_string()))
            }
            _ => Ok(()),
        }
    }
}
