//! The page of one tunnel: its past, its command line, the browser, an address of its own.

use std::collections::BTreeSet;

use model::{ErrorCode, ExportHop, Failure, TunnelDetail, TunnelId, TunnelPoint};

use super::no_tunnel;
use crate::{Core, state::State};

impl Core {
    /// The past of one tunnel.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn tunnel_inspect(&self, id: &TunnelId) -> Result<TunnelDetail, Failure> {
        let id = id.clone();
        let job = move |state: &mut State| {
            let entry = state.tunnels.get(&id)?;
            let hops: Vec<ExportHop> = state
                .hosts_on_way(&entry.tunnel)
                .filter_map(|host| {
                    let address = host.addresses.first()?.clone();
                    Some(ExportHop { user: host.user.clone(), address })
                })
                .collect();
            Some(TunnelDetail {
                errors: entry.history.errors(),
                clients: entry.meter.clients(),
                requests: entry.meter.requests(),
                command: entry.tunnel.ssh_command(&hops),
            })
        };
        self.shared.owner.with(job).await?.ok_or_else(no_tunnel)
    }

    /// Opens where a tunnel listens in the person's browser.
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` where there is nothing that a browser opens, and in a plain browser.
    pub async fn tunnel_browse(&self, id: &TunnelId) -> Result<(), Failure> {
        let id = id.clone();
        let job = move |state: &mut State| {
            let entry = state.tunnels.get(&id).ok_or_else(no_tunnel)?;
            match (&entry.listening, entry.tunnel.route.listens_here()) {
                (Some(TunnelPoint::Tcp { host, port }), true) => {
                    let host = match host.as_str() {
                        "*" | "0.0.0.0" | "::" => "localhost",
                        host => host,
                    };
                    Ok(TunnelPoint::Tcp { host: host.to_owned(), port: *port })
                }
                (None, true) => Err(Failure::new(
                    ErrorCode::Unsupported,
                    format!("the tunnel \"{}\" does not listen now", entry.tunnel.name),
                )
                .with_hint("Start it first.")),
                _ => Err(Failure::new(
                    ErrorCode::Unsupported,
                    format!("the tunnel \"{}\" has no port on this computer", entry.tunnel.name),
                )
                .with_hint("Only tunnels that listen here at a port can be opened in a browser.")),
            }
        };
        let point = self.shared.owner.with(job).await??;
        self.shared.host.open_url(&format!("http://{point}/")).await
    }

    /// A loopback address that no tunnel has, and the command that makes it usable where one is needed.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending; `Conflict` when all are taken.
    pub async fn tunnel_own_address(&self) -> Result<(String, Option<String>), Failure> {
        let job = |state: &mut State| {
            let points = state.tunnels.values().map(|entry| entry.tunnel.route.listen());
            let hosts = points.filter_map(|point| match point {
                TunnelPoint::Tcp { host, .. } => Some(host.clone()),
                TunnelPoint::Unix { .. } => None,
            });
            hosts.collect::<BTreeSet<_>>()
        };
        let taken = self.shared.owner.with(job).await?;
        let mut all = (0..=255_u8)
            .flat_map(|third| (1..=254_u8).map(move |fourth| format!("127.77.{third}.{fourth}")));
        let address = all.find(|address| !taken.contains(address)).ok_or_else(|| {
            Failure::new(ErrorCode::Conflict, "every address of 127.77.0.0/16 is taken")
                .with_hint("Remove tunnels that are not needed.")
        })?;
        let command =
            cfg!(target_os = "macos").then(|| format!("sudo ifconfig lo0 alias {address} up"));
        Ok((address, command))
    }
}
