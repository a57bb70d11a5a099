//! Making, changing and forgetting tunnels.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use model::{Failure, SshHost, SshHostId, Tunnel, TunnelId, TunnelInput, TunnelView};
use tokio::time::{Instant, sleep_until};

use super::{Entry, judge, machine::Event, no_tunnel, route};
use crate::{Core, connections, shared::Shared, state::State};

impl Core {
    /// Checks the input, stores the tunnel and starts it.
    ///
    /// # Errors
    /// `Invalid`, `Conflict` or `NotFound` name the field; `Storage`. Nothing is stored then.
    pub async fn tunnel_create(&self, input: TunnelInput) -> Result<TunnelView, Failure> {
        let now = self.shared.now();
        let (tunnel, hosts) = self.planned(input, None).await?;
        self.put_tunnel(&tunnel, &hosts).await?;
        let (handle, id) = (Arc::clone(&self.shared), tunnel.id.clone());
        let job = move |state: &mut State| {
            adopt_hosts(state, hosts);
            let mut entry = Entry::new(tunnel, true, now);
            entry.history.begin();
            state.tunnels.insert(id.clone(), entry);
            state.changes.tunnels.insert(id.clone());
            route(&handle, state, &id, Event::StartAsked);
            state.tunnel_view(&id, now)
        };
        self.shared.owner.with(job).await?.ok_or_else(no_tunnel)
    }

    /// Changes a tunnel; a running one is started anew when its route or its way of working changed.
    ///
    /// # Errors
    /// As `tunnel_create`; `NotFound`.
    pub async fn tunnel_update(
        &self,
        id: &TunnelId,
        input: TunnelInput,
    ) -> Result<TunnelView, Failure> {
        let now = self.shared.now();
        let old = self.shared.tunnel(id).await?;
        let (tunnel, hosts) = self.planned(input, Some(&old)).await?;
        self.put_tunnel(&tunnel, &hosts).await?;
        let is_same = runs_alike(&old, &tunnel);
        let is_started = self
            .shared
            .owner
            .with({
                let id = id.clone();
                move |state| state.tunnels.get(&id).is_some_and(|entry| entry.machine.is_started())
            })
            .await?;
        if !is_same {
            self.end_tunnel(id).await?;
        }
        let (handle, changed) = (Arc::clone(&self.shared), id.clone());
        let job = move |state: &mut State| {
            adopt_hosts(state, hosts);
            let entry = state.tunnels.get_mut(&changed).ok_or_else(no_tunnel)?;
            state.changes.tunnels.insert(changed.clone());
            if is_same {
                entry.tunnel = tunnel;
            } else {
                exchange(&handle, state, tunnel, is_started);
            }
            state.tunnel_view(&changed, now).ok_or_else(no_tunnel)
        };
        let view = self.shared.owner.with(job).await??;
        self.forget_host_of(&old.ssh_host_id).await;
        Ok(view)
    }

    /// Stops and forgets a tunnel, and, once it cannot be taken back any more, the SSH hosts that only it
    /// went through.
    ///
    /// # Errors
    /// `NotFound`, `Storage`.
    pub async fn tunnel_remove(&self, id: &TunnelId) -> Result<(), Failure> {
        let old = self.shared.tunnel(id).await?;
        self.end_tunnel(id).await?;
        self.shared.store.delete_tunnel(id).await?;
        let due = Instant::now() + self.shared.host.pace().undo;
        let (handle, gone) = (Arc::clone(&self.shared), id.clone());
        let leaving = old.ssh_host_id;
        let job = move |state: &mut State| {
            // It may have been started again since.
            route(&handle, state, &gone, Event::StopAsked);
            state.tunnels.remove(&gone);
            state.changes.tunnels.insert(gone);
            state.leaving_hosts.insert(leaving, due);
        };
        self.shared.owner.with(job).await?;
        let this = Weak::clone(&self.this);
        self.shared.spawn(async move {
            sleep_until(due).await;
            if let Some(core) = this.upgrade() {
                core.forget_leaving_hosts(due).await;
            }
        });
        Ok(())
    }

    /// Forgets the SSH hosts of tunnels that are gone and cannot be taken back any more at `now`, unless
    /// something needs them.
    pub(crate) async fn forget_leaving_hosts(&self, now: Instant) {
        let job = move |state: &mut State| {
            let (gone, left) = std::mem::take(&mut state.leaving_hosts)
                .into_iter()
                .partition(|(_, due)| *due <= now);
            state.leaving_hosts = left;
            gone
        };
        let gone: BTreeMap<SshHostId, Instant> =
            self.shared.owner.with(job).await.unwrap_or_default();
        for id in gone.keys() {
            self.forget_host_of(id).await;
        }
    }

    /// The tunnel that the input describes, and the hosts that have to be stored before it.
    async fn planned(
        &self,
        mut input: TunnelInput,
        old: Option<&Tunnel>,
    ) -> Result<(Tunnel, Vec<SshHost>), Failure> {
        judge::check(&input)?;
        let (ssh_host_id, hosts) = self.through(&input.through).await?;
        let (host, own) = (ssh_host_id.clone(), old.map(|old| old.id.clone()));
        let job = move |state: &mut State| {
            let others = state.tunnels.values().map(|entry| &entry.tunnel);
            let others = others.filter(|other| Some(&other.id) != own.as_ref());
            judge::check_others(&input, &host, others.clone())?;
            input.name = match input.name.trim() {
                "" => judge::name(&input.route, others),
                name => name.to_owned(),
            };
            Ok::<_, Failure>(input)
        };
        let input = self.shared.owner.with(job).await??;
        let tunnel = Tunnel {
            id: old.map_or_else(TunnelId::generate, |old| old.id.clone()),
            name: input.name,
            route: input.route,
            ssh_host_id,
            options: input.options,
            created_at: old.map_or_else(|| self.shared.now(), |old| old.created_at),
        };
        Ok((tunnel, hosts))
    }

    /// Stores new hosts and the tunnel; on failure no host is left behind.
    async fn put_tunnel(&self, tunnel: &Tunnel, hosts: &[SshHost]) -> Result<(), Failure> {
        let store = &self.shared.store;
        let work = async {
            for host in hosts {
                store.put_ssh_host(host).await?;
            }
            store.put_tunnel(tunnel).await
        };
        let result = work.await;
        if result.is_err() {
            for host in hosts.iter().rev() {
                if let Err(error) = store.delete_ssh_host(&host.id).await {
                    tracing::warn!(%error, "an SSH host that nothing needs stays behind");
                }
            }
        }
        Ok(result?)
    }

    async fn forget_host_of(&self, id: &SshHostId) {
        let forgotten = async {
            let hosts = self.shared.owner.with(|state| state.ssh_hosts.clone()).await?;
            self.forget_unused(connections::way(&hosts, Some(id))).await
        };
        if let Err(failure) = forgotten.await {
            tracing::warn!(%failure, "an SSH host that nothing needs stays behind");
        }
    }
}

/// Puts the tunnel as it was edited in the place of what it was.
fn exchange(shared: &Arc<Shared>, state: &mut State, tunnel: Tunnel, is_started: bool) {
    let id = tunnel.id.clone();
    // It may have been started again since.
    route(shared, state, &id, Event::StopAsked);
    let Some(entry) = state.tunnels.get_mut(&id) else { return };
    entry.replace(tunnel);
    if is_started {
        entry.history.begin();
        route(shared, state, &id, Event::StartAsked);
    }
}

fn adopt_hosts(state: &mut State, hosts: Vec<SshHost>) {
    state.ssh_hosts.extend(hosts.into_iter().map(|host| (host.id.clone(), host)));
}

/// Whether nothing changed but what lists show.
fn runs_alike(old: &Tunnel, new: &Tunnel) -> bool {
    let mut options = new.options.clone();
    options.is_favourite = old.options.is_favourite;
    options.starts_with_app = old.options.starts_with_app;
    old.route == new.route && old.ssh_host_id == new.ssh_host_id && old.options == options
}
