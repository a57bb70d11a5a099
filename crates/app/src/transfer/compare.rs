//! What a file would change here. Pure, so that showing it and doing it can never disagree.

use std::collections::BTreeMap;

use model::{
    ConnectionId, Settings, SshHostId, TransferChange, TransferItem, TransferKind, TunnelId,
};

use super::{
    file::{ConnectionEntry, File, HostEntry},
    templates::TemplateEntry,
    tunnels::TunnelEntry,
};

/// Says why an entry cannot be taken over; none when it can.
pub(super) trait Judge {
    fn settings(&self, settings: &Settings) -> Option<String>;
    fn host(&self, host: &HostEntry) -> Option<String>;
    fn connection(&self, connection: &ConnectionEntry, host: Option<&HostEntry>) -> Option<String>;
    fn tunnel(&self, tunnel: &TunnelEntry) -> Option<String>;
    fn template(&self, template: &TemplateEntry) -> Option<String>;
}

/// A file beside what is here.
#[derive(Debug)]
pub(super) struct Comparison {
    pub(super) items: Vec<TransferItem>,
    /// Ids of the file that mean something known here under another id.
    pub(super) hosts: BTreeMap<SshHostId, SshHostId>,
    pub(super) connections: BTreeMap<ConnectionId, ConnectionId>,
    /// Names of new connections, where theirs is taken.
    pub(super) names: BTreeMap<ConnectionId, String>,
    pub(super) tunnel_names: BTreeMap<TunnelId, String>,
}

pub(super) fn key_of_host(id: &SshHostId) -> String {
    format!("host:{id}")
}

pub(super) fn key_of_connection(id: &ConnectionId) -> String {
    format!("connection:{id}")
}

/// Compares `file` with `here`.
pub(super) fn compare(file: &File, here: &File, judge: &dyn Judge) -> Comparison {
    let mut found = Comparison {
        items: Vec::new(),
        hosts: BTreeMap::new(),
        connections: BTreeMap::new(),
        names: BTreeMap::new(),
        tunnel_names: BTreeMap::new(),
    };
    found.settings(file, here, judge);
    // Hosts without jumps first: those behind them name them.
    let (plain, behind): (Vec<_>, Vec<_>) = file.ssh_hosts.iter().partition(|h| h.jumps.is_empty());
    for host in plain.into_iter().chain(behind) {
        found.host(host, file, here, judge);
    }
    for connection in &file.connections {
        found.connection(connection, file, here, judge);
    }
    found.favourites(file, here);
    for tunnel in &file.tunnels {
        found.tunnel(tunnel, file, here, judge);
    }
    for template in &file.templates {
        found.template(template, here, judge);
    }
    found
}

impl Comparison {
    pub(super) fn add(
        &mut self,
        key: String,
        kind: TransferKind,
        name: String,
        change: TransferChange,
    ) {
        self.items.push(TransferItem { key, kind, name, change, asks_for_secrets: false });
    }

    fn settings(&mut self, file: &File, here: &File, judge: &dyn Judge) {
        let (Some(theirs), Some(ours)) = (&file.settings, &here.settings) else { return };
        let refused = judge.settings(theirs);
        let (theirs, ours) = (as_table(theirs), as_table(ours));
        let points: Vec<String> = theirs
            .iter()
            .filter(|(name, value)| ours.get(*name) != Some(value))
            .map(|(name, _)| name.replace('_', " "))
            .collect();
        let what = match refused {
            Some(reason) => TransferChange::Refused { reason },
            None => change(points),
        };
        self.add("settings".into(), TransferKind::Settings, "Settings".into(), what);
    }

    fn host(&mut self, host: &HostEntry, file: &File, here: &File, judge: &dyn Judge) {
        let mapped = HostEntry { jumps: self.mapped(&host.jumps), ..host.clone() };
        let known = here.ssh_hosts.iter().find(|ours| ours.id == host.id);
        let twin = here.ssh_hosts.iter().find(|ours| is_twin(ours, &mapped));
        let is_missing = host.jumps.iter().any(|id| !has_host(file, here, id));
        let missing = is_missing.then(|| "a host on the way to it is not in the file".to_owned());
        let what = match (missing.or_else(|| judge.host(host)), known, twin) {
            (Some(reason), _, _) => TransferChange::Refused { reason },
            (None, Some(ours), _) => change(host_points(ours, &mapped)),
            (None, None, Some(ours)) => {
                self.hosts.insert(host.id.clone(), ours.id.clone());
                TransferChange::Same
            }
            (None, None, None) => TransferChange::New,
        };
        self.add(key_of_host(&host.id), TransferKind::SshHost, host.title(), what);
        if let Some(item) = self.items.last_mut() {
            item.asks_for_secrets = item.change != TransferChange::Same && host.asks_for_secrets();
        }
    }

    fn connection(
        &mut self,
        connection: &ConnectionEntry,
        file: &File,
        here: &File,
        judge: &dyn Judge,
    ) {
        let id = &connection.id;
        let host_id = connection.ssh_host.as_ref();
        let mapped = ConnectionEntry {
            ssh_host: host_id.map(|host| self.mapped_host(host)),
            ..connection.clone()
        };
        let host = host_id.and_then(|id| file.ssh_hosts.iter().find(|host| host.id == *id));
        let known = here.connections.iter().find(|ours| ours.id == *id);
        let named = here.connections.iter().find(|o| same_name(&o.name, &connection.name));
        let reason = match host_id {
            Some(id) if !has_host(file, here, id) => Some("its SSH host is not in the file".into()),
            _ => judge.connection(connection, host),
        };
        let mut name = connection.name.clone();
        let what = match (reason, known, named) {
            (Some(reason), _, _) => TransferChange::Refused { reason },
            (None, Some(ours), _) => change(connection_points(ours, &mapped)),
            (None, None, Some(ours)) if connection_points(ours, &mapped).is_empty() => {
                self.connections.insert(id.clone(), ours.id.clone());
                TransferChange::Same
            }
            (None, None, Some(_)) => {
                name = self.free_name(&name, file, here);
                self.names.insert(id.clone(), name.clone());
                TransferChange::New
            }
            (None, None, None) => TransferChange::New,
        };
        self.add(key_of_connection(id), TransferKind::Connection, name, what);
    }

    fn favourites(&mut self, file: &File, here: &File) {
        for favourite in &file.favourites {
            let id = self.mapped_connection(&favourite.connection);
            let connection = here
                .connections
                .iter()
                .find(|ours| ours.id == id)
                .or_else(|| file.connections.iter().find(|c| c.id == favourite.connection));
            let is_here = here
                .favourites
                .iter()
                .any(|o| o.connection == id && o.workspace == favourite.workspace);
            let what = match connection {
                None => TransferChange::Refused { reason: "its connection is not known".into() },
                Some(_) if is_here => TransferChange::Same,
                Some(_) => TransferChange::New,
            };
            let server = connection.map_or("", |connection| connection.name.as_str());
            let short: String = favourite.workspace.as_str().chars().take(12).collect();
            let key = format!("favourite:{}/{}", favourite.connection, favourite.workspace);
            self.add(key, TransferKind::Favourite, format!("{short} on {server}"), what);
        }
    }

    pub(super) fn mapped_host(&self, id: &SshHostId) -> SshHostId {
        self.hosts.get(id).unwrap_or(id).clone()
    }

    pub(super) fn mapped_connection(&self, id: &ConnectionId) -> ConnectionId {
        self.connections.get(id).unwrap_or(id).clone()
    }

    pub(super) fn mapped(&self, ids: &[SshHostId]) -> Vec<SshHostId> {
        ids.iter().map(|id| self.mapped_host(id)).collect()
    }

    fn free_name(&self, name: &str, file: &File, here: &File) -> String {
        let is_taken = |free: &str| {
            let names = file.connections.iter().chain(&here.connections).map(|c| c.name.as_str());
            names.chain(self.names.values().map(String::as_str)).any(|other| same_name(other, free))
        };
        (2_u32..).map(|n| format!("{name}-{n}")).find(|free| !is_taken(free)).unwrap_or_default()
    }
}

pub(super) fn change(points: Vec<String>) -> TransferChange {
    if points.is_empty() { TransferChange::Same } else { TransferChange::Differs { points } }
}

pub(super) fn has_host(file: &File, here: &File, id: &SshHostId) -> bool {
    file.ssh_hosts.iter().chain(&here.ssh_hosts).any(|host| host.id == *id)
}

pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

fn is_twin(ours: &HostEntry, theirs: &HostEntry) -> bool {
    host_points(ours, theirs).is_empty()
}

fn host_points(ours: &HostEntry, theirs: &HostEntry) -> Vec<String> {
    let differs = [
        ("address", ours.addresses != theirs.addresses),
        ("user", ours.user != theirs.user),
        ("login", ours.auth != theirs.auth),
        ("way there", ours.jumps != theirs.jumps),
    ];
    points(&differs)
}

fn connection_points(ours: &ConnectionEntry, theirs: &ConnectionEntry) -> Vec<String> {
    let differs = [
        ("name", ours.name != theirs.name),
        ("kind", ours.kind != theirs.kind),
        ("SSH host", ours.ssh_host != theirs.ssh_host),
        ("connecting at start", ours.connect_at_start != theirs.connect_at_start),
        ("fields", ours.fields != theirs.fields),
    ];
    points(&differs)
}

pub(super) fn points(differs: &[(&str, bool)]) -> Vec<String> {
    differs.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect()
}

fn as_table(settings: &model::Settings) -> toml::Table {
    toml::Table::try_from(settings).unwrap_or_default()
}
