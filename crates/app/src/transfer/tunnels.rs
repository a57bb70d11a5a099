//! Tunnels in the file: what one would change here, and taking it over. None is started by that.

use model::{
    Failure, SshHostId, TimestampMs, TransferChange, TransferKind, Tunnel, TunnelId, TunnelInput,
    TunnelOptions, TunnelRoute, TunnelThrough,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::{
    compare::{Comparison, Judge, change, has_host, points, same_name},
    file::File,
    take::Taking,
};
use crate::{state::State, tunnels};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct TunnelEntry {
    pub(super) id: TunnelId,
    pub(super) name: String,
    pub(super) ssh_host: SshHostId,
    pub(super) created_at: TimestampMs,
    pub(super) route: TunnelRoute,
    pub(super) options: TunnelOptions,
}

impl From<Tunnel> for TunnelEntry {
    fn from(tunnel: Tunnel) -> Self {
        Self {
            id: tunnel.id,
            name: tunnel.name,
            ssh_host: tunnel.ssh_host_id,
            created_at: tunnel.created_at,
            route: tunnel.route,
            options: tunnel.options,
        }
    }
}

impl TunnelEntry {
    /// The entry as the form would send it.
    pub(super) fn as_input(&self) -> TunnelInput {
        TunnelInput {
            name: self.name.clone(),
            route: self.route.clone(),
            through: TunnelThrough::Host { ssh_host_id: self.ssh_host.clone() },
            options: self.options.clone(),
        }
    }
}

pub(super) fn key(id: &TunnelId) -> String {
    format!("tunnel:{id}")
}

impl Comparison {
    pub(super) fn tunnel(
        &mut self,
        tunnel: &TunnelEntry,
        file: &File,
        here: &File,
        judge: &dyn Judge,
    ) {
        let host = self.mapped_host(&tunnel.ssh_host);
        let mapped = TunnelEntry { ssh_host: host, ..tunnel.clone() };
        let known = here.tunnels.iter().find(|ours| ours.id == tunnel.id);
        let named = here.tunnels.iter().find(|ours| same_name(&ours.name, &tunnel.name));
        let reason = if has_host(file, here, &tunnel.ssh_host) {
            judge.tunnel(tunnel)
        } else {
            Some("its SSH host is not in the file".into())
        };
        let mut name = tunnel.name.clone();
        let what = match (reason, known, named) {
            (Some(reason), _, _) => TransferChange::Refused { reason },
            (None, Some(ours), _) => change(differences(ours, &mapped)),
            (None, None, Some(ours)) if differences(ours, &mapped).is_empty() => {
                TransferChange::Same
            }
            (None, None, Some(_)) => {
                name = self.free_tunnel_name(&name, file, here);
                self.tunnel_names.insert(tunnel.id.clone(), name.clone());
                TransferChange::New
            }
            (None, None, None) => TransferChange::New,
        };
        self.add(key(&tunnel.id), TransferKind::Tunnel, name, what);
    }

    fn free_tunnel_name(&self, name: &str, file: &File, here: &File) -> String {
        let is_taken = |free: &str| {
            let names = file.tunnels.iter().chain(&here.tunnels).map(|tunnel| &tunnel.name);
            names.chain(self.tunnel_names.values()).any(|other| same_name(other, free))
        };
        (2_u32..).map(|n| format!("{name}-{n}")).find(|free| !is_taken(free)).unwrap_or_default()
    }
}

fn differences(ours: &TunnelEntry, theirs: &TunnelEntry) -> Vec<String> {
    points(&[
        ("name", ours.name != theirs.name),
        ("ends", ours.route != theirs.route),
        ("SSH host", ours.ssh_host != theirs.ssh_host),
        ("options", ours.options != theirs.options),
    ])
}

impl Taking<'_> {
    pub(super) async fn tunnel(&self, entry: &TunnelEntry) -> Result<(), Failure> {
        let names = &self.comparison.tunnel_names;
        let tunnel = Tunnel {
            id: entry.id.clone(),
            name: names.get(&entry.id).unwrap_or(&entry.name).trim().to_owned(),
            route: entry.route.clone(),
            ssh_host_id: self.comparison.mapped_host(&entry.ssh_host),
            options: entry.options.clone(),
            created_at: entry.created_at,
        };
        self.shared.store.put_tunnel(&tunnel).await?;
        // What others could reach is opened by the person, not by a file.
        let is_wanted = !tunnel.options.may_be_exposed;
        self.shared.store.want_tunnel(&tunnel.id, is_wanted).await?;
        let shared = Arc::clone(self.shared);
        let job = move |state: &mut State| tunnels::adopt(&shared, state, tunnel, is_wanted);
        self.shared.owner.with(job).await
    }
}
