//! Hosts of `~/.ssh/config` as servers to connect to.

use std::collections::{BTreeMap, BTreeSet};

use model::{FormValues, ImportSource};
use ssh::{HostConfig, NamedHost, SshConfig};

use super::{
    found::{Found, Server},
    hosts::{Given, way},
    places::Places,
};

/// More hosts than this are not all servers to work on: the person chooses.
const MAX_SUGGESTED: usize = 12;
/// Where a login gives no shell.
const GIT_SERVERS: [&str; 6] =
    ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht", "ssh.dev.azure.com"];

/// The person's configuration.
pub(super) fn config(places: &Places<'_>) -> SshConfig {
    SshConfig::read(places.files, &places.home.join(".ssh/config"), places.home)
}

/// Every host that is named without wildcards.
pub(super) fn find(config: &SshConfig, places: &Places<'_>) -> Found {
    let mut found = Found::new(ImportSource::SshConfig);
    let theirs = |file: &&std::path::PathBuf| !file.starts_with(places.data_folder);
    found.files = config.files().iter().filter(theirs).map(|file| places.shown(file)).collect();
    let jumps = jump_names(config);
    for host in config.hosts().iter().filter(|host| theirs(&&host.file)) {
        add(&mut found, host, &jumps, config, places);
    }
    for note in config.notes() {
        found.leave_out(&note.what, &places.line(&note.file, note.line), note.why.as_str());
    }
    if found.servers.len() > MAX_SUGGESTED {
        found.servers.iter_mut().for_each(|server| server.is_suggested = false);
    }
    found
}

fn add(
    found: &mut Found,
    host: &NamedHost,
    jumps: &BTreeMap<String, String>,
    config: &SshConfig,
    places: &Places<'_>,
) {
    let alias = host.alias.as_str();
    let place = places.line(&host.file, host.line);
    let said = config.lookup(alias);
    if let Some(why) = reason_against(&said) {
        return found.leave_out(alias, &place, why);
    }
    let mut way = match way(alias, &Given::default(), config, places) {
        Ok(way) => way,
        Err(problem) => return found.leave_out(alias, &place, problem.to_string()),
    };
    if let Some(user) = jumps.get(alias) {
        way.remarks.insert(0, format!("A jump host of {user}: needed on the way, ticked or not."));
    }
    found.servers.push(Server {
        id: format!("ssh:{alias}"),
        found_as: alias.to_owned(),
        place,
        name: alias.to_owned(),
        host: way.host,
        jumps: way.jumps,
        fields: FormValues::new(),
        remarks: way.remarks,
        is_suggested: !jumps.contains_key(alias),
    });
}

/// Why a host is no server to work on.
fn reason_against(said: &HostConfig) -> Option<String> {
    let name = said.host_name.to_ascii_lowercase();
    if GIT_SERVERS.contains(&name.as_str()) || said.user.as_deref() == Some("git") {
        return Some("it is a Git server, where nobody works".into());
    }
    let is_of_l8s = said.alias == "l8s-audio"
        || said.known_hosts_files.iter().any(|file| file.ends_with("/l8s/known_hosts"));
    is_of_l8s.then(|| {
        "l8s wrote it for one of its containers; those appear by themselves among the workspaces of their server".into()
    })
}

/// Hosts that are on the way to others, with one of those.
fn jump_names(config: &SshConfig) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let own: BTreeSet<&str> = config.hosts().iter().map(|host| host.alias.as_str()).collect();
    for host in config.hosts() {
        let Ok(mut hops) = config.route(&host.alias) else { continue };
        hops.pop();
        for hop in hops.into_iter().filter(|hop| own.contains(hop.alias.as_str())) {
            names.entry(hop.alias).or_insert_with(|| host.alias.clone());
        }
    }
    names
}
