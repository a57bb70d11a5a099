//! Everything but secrets, in one file: made, saved, previewed and taken over.
//!
//! Not carried: runs and their logs, which are history; trusted host keys and certificates, because
//! trusting a server is a decision of each computer.

mod compare;
mod file;
mod take;
mod templates;
#[cfg(test)]
mod tests;
mod tunnels;

use std::{collections::BTreeSet, path::PathBuf};

use model::{
    ConnectionInput, ErrorCode, Failure, Settings, SshAuthInput, SshHostInput, TransferDone,
    TransferPreview,
};
use time::{OffsetDateTime, macros::format_description};

use crate::{
    Core, connections, saving, settings, shared::Shared, templates as kept_templates,
    tunnels as kept_tunnels,
};
use compare::{Comparison, Judge, compare};
use file::{AuthEntry, ConnectionEntry, File, HostEntry, Parts};
use take::{Count, Taking};
use templates::TemplateEntry;
use tunnels::TunnelEntry;

/// Backups are kept here, in the data folder.
const BACKUPS: &str = "backups";

impl Core {
    /// The export as text.
    ///
    /// # Errors
    /// `Storage`.
    pub async fn transfer_text(&self) -> Result<String, Failure> {
        self.everything_here().await?.to_text()
    }

    /// Saves the export to a file that the person picks; none when they cancelled.
    ///
    /// # Errors
    /// `Unsupported` in a plain browser; `Storage`.
    pub async fn transfer_export(&self) -> Result<Option<PathBuf>, Failure> {
        let text = self.transfer_text().await?;
        saving::save(&self.shared, "moorline.toml", text.as_bytes()).await
    }

    /// What importing the text would change. Changes nothing.
    ///
    /// # Errors
    /// `Invalid` when it is not an export, `Unsupported` when a newer Moorline made it.
    pub async fn transfer_preview(&self, text: &str) -> Result<TransferPreview, Failure> {
        let file = File::parse(text)?;
        let items = self.compare(&file).await?.items;
        Ok(TransferPreview { made_by: file.made_by, items })
    }

    /// Takes over the chosen items, after everything here was kept in a file of its own.
    ///
    /// # Errors
    /// As `transfer_preview`; `Storage`, and then what was taken over so far stays.
    pub async fn transfer_import(
        &self,
        text: &str,
        keys: Vec<String>,
    ) -> Result<TransferDone, Failure> {
        let file = File::parse(text)?;
        let comparison = self.compare(&file).await?;
        let backup = self.transfer_backup("before-import").await?;
        let taking = Taking {
            shared: &self.shared,
            file: &file,
            comparison: &comparison,
            chosen: keys.into_iter().collect::<BTreeSet<_>>(),
            count: Count::default(),
        };
        let count = taking.run().await?;
        Ok(TransferDone {
            added: count.added,
            replaced: count.replaced,
            backup: backup.display().to_string(),
        })
    }

    /// Keeps everything but secrets in a file of the data folder.
    pub(crate) async fn transfer_backup(&self, reason: &str) -> Result<PathBuf, Failure> {
        let text = self.transfer_text().await?;
        let folder = self.shared.data_folder.join(BACKUPS);
        let format =
            format_description!("[year][month][day]-[hour][minute][second]-[subsecond digits:3]");
        let moment = OffsetDateTime::now_utc().format(&format).unwrap_or_default();
        let path = folder.join(format!("{reason}-{moment}.toml"));
        let cannot = |error: std::io::Error| {
            Failure::new(ErrorCode::Storage, format!("cannot write {}", path.display()))
                .with_hint("Check the rights and the free space of the data folder.")
                .with_detail(error.to_string())
        };
        tokio::fs::create_dir_all(&folder).await.map_err(cannot)?;
        tokio::fs::write(&path, text).await.map_err(cannot)?;
        Ok(path)
    }

    async fn everything_here(&self) -> Result<File, Failure> {
        let store = &self.shared.store;
        Ok(File::from(Parts {
            version: self.shared.version.clone(),
            settings: self.settings(),
            ssh_hosts: store.ssh_hosts().await?,
            connections: store.connections().await?,
            favourites: store.favourites().await?,
            templates: store.templates().await?.into_iter().map(|(one, _)| one).collect(),
            tunnels: store.tunnels().await?.into_iter().map(|stored| stored.tunnel).collect(),
        }))
    }

    async fn compare(&self, file: &File) -> Result<Comparison, Failure> {
        let here = self.everything_here().await?;
        Ok(compare(file, &here, &FormRules(&self.shared)))
    }
}

/// The rules of the connection form hold for files too.
struct FormRules<'a>(&'a Shared);

impl Judge for FormRules<'_> {
    fn settings(&self, settings: &Settings) -> Option<String> {
        settings::check(settings).err().map(|failure| failure.message)
    }

    fn host(&self, host: &HostEntry) -> Option<String> {
        connections::would_reach(&as_host_input(host)).err().map(|failure| failure.message)
    }

    fn connection(&self, connection: &ConnectionEntry, host: Option<&HostEntry>) -> Option<String> {
        let judged = self
            .0
            .backend(&connection.kind)
            .and_then(|backend| connections::would_do(&as_input(connection, host), &*backend));
        judged.err().map(|failure| failure.message)
    }

    fn template(&self, template: &TemplateEntry) -> Option<String> {
        kept_templates::would_do(self.0, &template.source).err().map(|failure| failure.message)
    }

    fn tunnel(&self, tunnel: &TunnelEntry) -> Option<String> {
        kept_tunnels::would_do(&tunnel.as_input()).err().map(|failure| failure.message)
    }
}

/// The entry as the connection form would send it. Jumps are entries of their own.
fn as_input(connection: &ConnectionEntry, host: Option<&HostEntry>) -> ConnectionInput {
    ConnectionInput {
        kind: connection.kind.clone(),
        name: connection.name.clone(),
        fields: connection.fields.clone(),
        secrets: Default::default(),
        ssh_host: host.map(as_host_input),
        connect_at_start: connection.connect_at_start,
    }
}

fn as_host_input(host: &HostEntry) -> SshHostInput {
    SshHostInput {
        id: Some(host.id.clone()),
        addresses: host.addresses.clone(),
        user: host.user.clone(),
        auth: host.auth.iter().map(as_auth_input).collect(),
        jumps: Vec::new(),
    }
}

fn as_auth_input(auth: &AuthEntry) -> SshAuthInput {
    match auth {
        AuthEntry::Agent { socket } => SshAuthInput::Agent { socket: socket.clone() },
        AuthEntry::KeyFile { path } => {
            SshAuthInput::KeyFile { path: path.clone(), passphrase: None }
        }
        AuthEntry::Password => SshAuthInput::Password { password: None },
        AuthEntry::KeyboardInteractive => SshAuthInput::KeyboardInteractive,
    }
}
