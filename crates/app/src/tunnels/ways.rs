//! The SSH hosts that a tunnel can go through, and taking over one of the person's SSH config.

use std::collections::{BTreeMap, BTreeSet};

use model::{ErrorCode, Failure, SshHost, SshHostId, TunnelThrough, TunnelWay};

use crate::{Core, import, state::State};

impl Core {
    /// The hosts a tunnel can go through: those of connections, other known ones, those of the person's
    /// SSH config.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending. A configuration that cannot be read has no hosts.
    pub async fn tunnel_ways(&self) -> Result<Vec<TunnelWay>, Failure> {
        let mut ways = self.shared.owner.with(|state| known(state)).await?;
        let aliases = import::aliases(&self.shared).await.unwrap_or_default();
        let taken: BTreeSet<String> = ways.iter().map(|way| way.name.to_lowercase()).collect();
        for (alias, machines) in aliases {
            if taken.contains(&alias.to_lowercase()) {
                continue;
            }
            let address = machines.last().map(|host| {
                let address = host.addresses.first().map(ToString::to_string);
                format!("{}@{}", host.user, address.unwrap_or_default())
            });
            ways.push(TunnelWay {
                name: alias.clone(),
                address: address.unwrap_or_default(),
                through: TunnelThrough::Alias { alias },
            });
        }
        Ok(ways)
    }

    /// The host of a tunnel, and the hosts that have to be stored first, jumps before the target.
    pub(super) async fn through(
        &self,
        through: &TunnelThrough,
    ) -> Result<(SshHostId, Vec<SshHost>), Failure> {
        let stored = self.shared.owner.with(|state| state.ssh_hosts.clone()).await?;
        match through {
            TunnelThrough::Host { ssh_host_id } if stored.contains_key(ssh_host_id) => {
                Ok((ssh_host_id.clone(), Vec::new()))
            }
            TunnelThrough::Host { .. } => Err(Failure::new(
                ErrorCode::NotFound,
                "the SSH host that the tunnel is to go through is gone",
            )
            .with_hint("Choose another one.")
            .with_field("through")),
            TunnelThrough::Alias { alias } => {
                let machines = import::alias(&self.shared, alias).await?;
                let mut hosts = import::as_hosts(machines, &stored);
                let target = hosts.last().map(|host| host.id.clone());
                let id = target.unwrap_or_else(SshHostId::generate);
                hosts.retain(|host| !stored.contains_key(&host.id));
                Ok((id, hosts))
            }
        }
    }
}

/// Hosts by what is typed for them; a name that two would have belongs to the first.
fn known(state: &State) -> Vec<TunnelWay> {
    let mut by_name: BTreeMap<String, TunnelWay> = BTreeMap::new();
    let mut put = |name: String, host: &SshHost| {
        let through = TunnelThrough::Host { ssh_host_id: host.id.clone() };
        let way = TunnelWay { name: name.clone(), address: address(host), through };
        by_name.entry(name.to_lowercase()).or_insert(way);
    };
    let mut led_to = BTreeSet::new();
    for connection in state.connections.values().map(|entry| &entry.connection) {
        let host = connection.ssh_host_id.as_ref().and_then(|id| state.ssh_hosts.get(id));
        if let Some(host) = host {
            led_to.insert(host.id.clone());
            put(connection.name.clone(), host);
        }
    }
    for host in state.ssh_hosts.values().filter(|host| !led_to.contains(&host.id)) {
        let first = host.addresses.first();
        let name = match first {
            Some(first) if first.port == 22 => format!("{}@{}", host.user, first.host),
            _ => address(host),
        };
        put(name, host);
    }
    by_name.into_values().collect()
}

fn address(host: &SshHost) -> String {
    let first = host.addresses.first().map(ToString::to_string).unwrap_or_default();
    format!("{}@{first}", host.user)
}
