//! The forwards that the person's SSH config asks for, as tunnels that could be made of them.

use std::collections::BTreeMap;

use model::{
    Failure, ImportHost, SshHost, SshHostId, TunnelFound, TunnelInput, TunnelOptions, TunnelRoute,
    TunnelThrough,
};

use super::{entry::is_exposed, judge};
use crate::{Core, import, state::State};

impl Core {
    /// What `LocalForward`, `RemoteForward` and `DynamicForward` of the person's SSH config ask for. Reads
    /// only.
    ///
    /// # Errors
    /// `Internal` when the configuration cannot be read.
    pub async fn tunnels_found(&self) -> Result<Vec<TunnelFound>, Failure> {
        let found = import::forwards(&self.shared).await?;
        let job = |state: &mut State| {
            let tunnels = state.tunnels.values();
            let known: Vec<(TunnelRoute, SshHostId)> = tunnels
                .map(|entry| (entry.tunnel.route.clone(), entry.tunnel.ssh_host_id.clone()))
                .collect();
            (state.ssh_hosts.clone(), known)
        };
        let (hosts, known) = self.shared.owner.with(job).await?;
        Ok(found.into_iter().map(|one| judged(one, &hosts, &known)).collect())
    }
}

fn judged(
    found: import::FoundForward,
    hosts: &BTreeMap<SshHostId, SshHost>,
    known: &[(TunnelRoute, SshHostId)],
) -> TunnelFound {
    let import::FoundForward { alias, forward, way } = found;
    let host_id = way.as_ref().ok().and_then(|machines| stored(machines, hosts));
    let made = forward.route.and_then(|route| {
        way?;
        let through = TunnelThrough::Alias { alias: alias.clone() };
        // It was asked for by name there; the list says what that means.
        let may_be_exposed = is_exposed(route.listen());
        let options = TunnelOptions { may_be_exposed, ..TunnelOptions::default() };
        let input = TunnelInput { name: String::new(), route, through, options };
        judge::check(&input).map_err(|failure| match failure.hint {
            Some(hint) => format!("{}. {hint}", failure.message),
            None => failure.message,
        })?;
        Ok(input)
    });
    let is_known = match (&made, host_id) {
        (Ok(input), Some(id)) => {
            known.iter().any(|(route, host)| *route == input.route && *host == id)
        }
        _ => false,
    };
    let (input, problem) = match made {
        Ok(input) => (Some(input), None),
        Err(problem) => (None, Some(problem)),
    };
    let (file, line, text) = (forward.file, forward.line, forward.text);
    TunnelFound { alias, file, line, text, input, problem, is_known }
}

/// The stored host that a way leads to.
fn stored(machines: &[ImportHost], hosts: &BTreeMap<SshHostId, SshHost>) -> Option<SshHostId> {
    let id = import::as_hosts(machines.to_vec(), hosts).pop()?.id;
    hosts.contains_key(&id).then_some(id)
}
