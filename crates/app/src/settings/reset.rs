//! Back to the beginning: tunnels, connections, secrets, trusted host keys, our own keys, history, notices and
//! settings are forgotten. Nothing on a server is touched, and a file with all but the secrets is kept first.

use std::path::{Path, PathBuf};

use model::{ErrorCode, Failure, RunStatus, SecretRef, Settings};

use crate::{Core, ca, connections::reference, runs::Withheld, state::State};

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
    /// `Busy` while something runs; `Storage`, also when a secret could not be removed. What was forgotten
    /// until then stays forgotten.
    pub async fn reset(&self) -> Result<PathBuf, Failure> {
        let running = |state: &mut State| {
            state.runs.values().filter(|run| run.snapshot().status == RunStatus::Running).count()
        };
        if self.shared.owner.with(running).await? > 0 {
            return Err(Failure::new(ErrorCode::Busy, "something is still running")
                .with_hint("Wait until the runs have ended, or cancel them."));
        }
        let backup = self.transfer_backup("before-reset").await?;
        let secrets = self.kept_secrets().await?;
        for view in self.tunnels().await? {
            self.tunnel_remove(&view.tunnel.id).await?;
        }
        for view in self.connections().await? {
            self.connection_delete(&view.connection.id).await?;
        }
        self.forget_other_hosts().await?;
        self.shared.store.forget_runs().await?;
        let forget_runs = |state: &mut State| {
            state.runs.clear();
            state.withheld = Withheld::default();
        };
        self.shared.owner.with(forget_runs).await?;
        self.notices_remove(None).await?;
        self.forget_host_keys().await?;
        self.forget_own_keys().await?;
        if self.settings().start_at_login {
            self.shared.host.set_starts_at_login(false)?;
        }
        put(&self.shared, Settings::default()).await?;
        self.check_forgotten(&secrets, &backup).await?;
        Ok(backup)
    }

    /// Everything that the vault was ever asked to keep for what is stored now.
    async fn kept_secrets(&self) -> Result<Vec<SecretRef>, Failure> {
        let store = &self.shared.store;
        let hosts = store.ssh_hosts().await?;
        let mut names: Vec<_> =
            hosts.iter().flat_map(|host| &host.auth).filter_map(reference).cloned().collect();
        for connection in store.connections().await? {
            names.extend(connection.secrets.into_values());
        }
        Ok(names)
    }

    /// SSH hosts that neither a connection nor a tunnel led to.
    async fn forget_other_hosts(&self) -> Result<(), Failure> {
        let mut hosts = self.shared.store.ssh_hosts().await?;
        // Those that nobody goes through are those that have jumps themselves.
        hosts.sort_by_key(|host| host.jumps.is_empty());
        self.forget_unused(hosts.into_iter().map(|host| host.id).collect()).await
    }

    /// Says so when a secret may still be kept, where the person would think it is gone.
    async fn check_forgotten(&self, names: &[SecretRef], backup: &Path) -> Result<(), Failure> {
        let mut left = 0;
        for name in names {
            left += usize::from(!self.shared.vault.forget(name).await);
        }
        if left == 0 {
            return Ok(());
        }
        let words = format!("{left} passwords or passphrases could not be removed");
        Err(Failure::new(ErrorCode::Storage, words)
            .with_hint(
                "Everything else is forgotten. Open your system's keychain and remove the entries of \
                 Moorline there.",
            )
            .with_detail(format!("all but the secrets is kept in {}", backup.display())))
    }

    /// The keys that Moorline made for workspaces, and what `ssh` reads of ours.
    async fn forget_own_keys(&self) -> Result<(), Failure> {
        let key = ca::access_path(&self.shared.data_folder);
        let Some(folder) = key.parent() else { return Ok(()) };
        match tokio::fs::remove_dir_all(folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(cannot_remove(folder, &error))
            }
            _ => Ok(()),
        }
    }

    async fn forget_host_keys(&self) -> Result<(), Failure> {
        let file = &self.shared.trust.own;
        match tokio::fs::remove_file(file).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(cannot_remove(file, &error))
            }
            _ => Ok(()),
        }
    }
}

fn cannot_remove(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(ErrorCode::Storage, format!("cannot remove {}", path.display()))
        .with_hint("Check the rights of the data folder and try again.")
        .with_detail(error.to_string())
}
