//! Hosts of the person's SSH config by themselves, for what needs a way and no connection.

use std::collections::BTreeMap;

use model::{ErrorCode, Failure, ImportHost, SshHost, SshHostId};
use ssh::{OpenSsh, SshConfig};

use super::{
    DiskFiles, from_ssh,
    hosts::{Given, way},
    places::Places,
};
use crate::shared::Shared;

/// OpenSSH takes a few hundredths of a second for each.
const MAX_ASKED: usize = 48;

/// The hosts that are named without wildcards and can be reached: alias, then its machines, the target
/// last.
pub(crate) async fn aliases(shared: &Shared) -> Result<Vec<(String, Vec<ImportHost>)>, Failure> {
    with_config(shared, None, |config, places| {
        let theirs = |host: &&ssh::NamedHost| !host.file.starts_with(places.data_folder);
        let found = config.hosts().iter().filter(theirs).filter_map(|host| {
            let way = way(&host.alias, &Given::default(), config, places).ok()?;
            Some((host.alias.clone(), chain(way)))
        });
        found.collect()
    })
    .await
}

/// The machines on the way to a host of the SSH config, the target last.
///
/// # Errors
/// `NotFound` when the configuration names no such host, `Unsupported` when it describes a way that
/// cannot be taken.
pub(crate) async fn alias(shared: &Shared, alias: &str) -> Result<Vec<ImportHost>, Failure> {
    let alias = alias.to_owned();
    with_config(shared, Some(alias.clone()), move |config, places| {
        if !config.names(&alias) {
            return Err(Failure::new(
                ErrorCode::NotFound,
                format!("~/.ssh/config names no host {alias}"),
            )
            .with_hint("Check its name, or choose a host of the list.")
            .with_field("through"));
        }
        way(&alias, &Given::default(), config, places).map(chain).map_err(|problem| {
            Failure::new(ErrorCode::Unsupported, format!("{alias} cannot be reached: {problem}"))
                .with_hint("Add it as a connection, with the way that leads to it.")
                .with_field("through")
        })
    })
    .await?
}

/// A forward that the configuration asks for, and the way to its host.
pub(crate) struct FoundForward {
    pub(crate) alias: String,
    pub(crate) forward: ssh::ConfigForward,
    /// The machines, the target last, or why there is no way.
    pub(crate) way: Result<Vec<ImportHost>, String>,
}

/// The forwards of the hosts that are named without wildcards, host by host.
pub(crate) async fn forwards(shared: &Shared) -> Result<Vec<FoundForward>, Failure> {
    with_config(shared, None, |config, places| {
        let theirs = |host: &&ssh::NamedHost| !host.file.starts_with(places.data_folder);
        let mut found = Vec::new();
        for host in config.hosts().iter().filter(theirs) {
            for forward in config.lookup(&host.alias).forwards {
                let way = way(&host.alias, &Given::default(), config, places);
                let way = way
                    .map(chain)
                    .map_err(|problem| format!("{} cannot be reached: {problem}", host.alias));
                found.push(FoundForward { alias: host.alias.clone(), forward, way });
            }
        }
        found
    })
    .await
}

/// These machines as SSH hosts: stored ones are used again as they are, the others are new. The target is
/// the last one.
pub(crate) fn as_hosts(
    machines: Vec<ImportHost>,
    stored: &BTreeMap<SshHostId, SshHost>,
) -> Vec<SshHost> {
    let mut hosts: Vec<SshHost> = Vec::new();
    let count = machines.len();
    for (index, machine) in machines.into_iter().enumerate() {
        let is_target = index + 1 == count;
        let jumps: Vec<SshHostId> = match is_target {
            true => hosts.iter().map(|host| host.id.clone()).collect(),
            false => Vec::new(),
        };
        let known = stored.values().find(|host| {
            host.user == machine.user && host.addresses == machine.addresses && host.jumps == jumps
        });
        hosts.push(known.cloned().unwrap_or_else(|| SshHost {
            id: SshHostId::generate(),
            addresses: machine.addresses,
            user: machine.user,
            auth: machine.auth,
            jumps,
        }));
    }
    hosts
}

fn chain(way: super::hosts::Way) -> Vec<ImportHost> {
    way.jumps.into_iter().chain([way.host]).collect()
}

/// Does work on the configuration. OpenSSH is asked about `alias`; without one, about every host when the
/// configuration holds what only OpenSSH follows.
async fn with_config<T: Send + 'static>(
    shared: &Shared,
    alias: Option<String>,
    work: impl FnOnce(&ssh::SshConfig, &Places<'_>) -> T + Send + 'static,
) -> Result<T, Failure> {
    let (home, data) = (shared.home_folder.clone(), shared.data_folder.clone());
    let named = shared.places.clone();
    let openssh = OpenSsh::new("ssh", Some(home.join(".ssh/config")));
    let runtime = shared.runtime.clone();
    let reading = move || {
        let places = Places { home: &home, data_folder: &data, named: &named, files: &DiskFiles };
        let mut config = from_ssh::config(&places);
        runtime.block_on(consult(&mut config, &openssh, alias));
        work(&config, &places)
    };
    shared.runtime.spawn_blocking(reading).await.map_err(|error| {
        Failure::new(ErrorCode::Internal, "~/.ssh/config could not be read")
            .with_hint("Try again, or choose a host that Moorline knows.")
            .with_detail(error.to_string())
    })
}

/// Our own reading stands where OpenSSH does not answer.
async fn consult(config: &mut SshConfig, openssh: &OpenSsh, alias: Option<String>) {
    let has_match = config.notes().iter().any(|note| note.what.starts_with("Match"));
    let names: Vec<String> = match alias {
        Some(alias) => vec![alias],
        None if has_match => {
            config.hosts().iter().take(MAX_ASKED).map(|host| host.alias.clone()).collect()
        }
        None => Vec::new(),
    };
    if config.files().is_empty() {
        return;
    }
    for name in &names {
        if let Err(error) = config.consult(openssh, name).await {
            tracing::info!(%error, "OpenSSH is not asked about the configuration");
            return;
        }
    }
}
