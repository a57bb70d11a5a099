//! Moving in: what `~/.ssh/config`, Podman and l8s already know of servers, shown before any of it is
//! taken. Nothing of theirs is ever changed.
//!
//! Deliberately not here: the syntax of `ssh_config` (that is `ssh`), and how a connection is made.

mod alias;
mod compare;
mod found;
mod from_l8s;
mod from_podman;
mod from_ssh;
mod hosts;
mod places;
mod take;
#[cfg(test)]
mod tests;
mod uri;
mod yaml;

use model::{ErrorCode, Failure, ImportFound, ImportItem, ImportPick, ImportTaken};

pub(crate) use alias::{FoundForward, alias, aliases, as_hosts, forwards};
pub use places::ConfigPlaces;
pub(crate) use places::DiskFiles;

use crate::{Core, shared::Shared};
use found::Found;
use places::Places;

impl Core {
    /// What this computer already knows of servers, and what would become of it. Reads only.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending. A file that cannot be read is said in the reply.
    pub async fn import_look(&self) -> Result<Vec<ImportFound>, Failure> {
        let found = read(&self.shared).await?;
        let stored = self.shared.owner.with(|state| state.connection_views()).await?;
        Ok(compare::compare(found, &stored))
    }

    /// Makes connections of what was ticked, one by one, and begins to connect. The files are read again:
    /// what changed since the look counts. One that fails does not keep the others from being taken.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending.
    pub async fn import_take(&self, picks: Vec<ImportPick>) -> Result<Vec<ImportTaken>, Failure> {
        let mut taken = Vec::new();
        let mut items: Vec<ImportItem> =
            self.import_look().await?.into_iter().flat_map(|found| found.items).collect();
        for pick in picks {
            let at = items.iter().position(|item| item.id == pick.id);
            let made = match at.map(|at| items.swap_remove(at)) {
                Some(item) => self.take(item, pick.name).await,
                None => Err(gone(&pick.name)),
            };
            taken.push(match made {
                Ok(id) => ImportTaken { id: pick.id, connection_id: Some(id), failure: None },
                Err(failure) => {
                    ImportTaken { id: pick.id, connection_id: None, failure: Some(failure) }
                }
            });
        }
        Ok(taken)
    }

    async fn take(&self, item: ImportItem, name: String) -> Result<model::ConnectionId, Failure> {
        if let Some(known) = &item.known {
            return Err(Failure::new(
                ErrorCode::Conflict,
                format!("the connection {} reaches {} already", known.name, item.found_as),
            )
            .with_hint("Edit that connection if something of it changed."));
        }
        let stored = self.shared.owner.with(|state| state.ssh_hosts.clone()).await?;
        let view = self.connection_create(take::input(item, name, &stored)).await?;
        Ok(view.connection.id)
    }
}

fn gone(name: &str) -> Failure {
    Failure::new(ErrorCode::NotFound, format!("{name} is no longer in the file it was found in"))
        .with_hint("Look again, or add it by hand.")
}

/// Reads every source on a thread that may wait for the disk.
async fn read(shared: &Shared) -> Result<Vec<Found>, Failure> {
    let (home, data) = (shared.home_folder.clone(), shared.data_folder.clone());
    let named = shared.places.clone();
    let work = move || {
        let files = &DiskFiles;
        find(&Places { home: &home, data_folder: &data, named: &named, files })
    };
    shared.runtime.spawn_blocking(work).await.map_err(|error| {
        Failure::new(ErrorCode::Internal, "this computer's configuration could not be read")
            .with_hint("Try again, or add the server by hand.")
            .with_detail(error.to_string())
    })
}

/// Everything that is found, source by source.
fn find(places: &Places<'_>) -> Vec<Found> {
    let config = from_ssh::config(places);
    compare::filled(vec![
        from_ssh::find(&config, places),
        from_podman::find(&config, places),
        from_l8s::find(&config, places),
    ])
}
