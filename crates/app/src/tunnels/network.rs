//! The computer's network: that it is another one is told by the system, and looked for where it does not tell.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc, time::Duration};

use netwatcher::{AsyncWatch, Interface, async_adapter::Tokio};

use super::{Rousing, rouse};
use crate::shared::Shared;

/// Changes come in bursts, an address at a time: so long nothing more may come.
const SETTLED: Duration = Duration::from_millis(300);
/// A burst that does not end is taken as it is after this long.
const AT_THE_LATEST: Duration = Duration::from_secs(2);
/// How often it is looked where the system does not tell.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Notices that the computer is in another network. Runs for as long as the core.
pub(crate) async fn watch_network(shared: Arc<Shared>) {
    let mut events = Events::new();
    let mut known = events.next().await;
    loop {
        let now = events.next().await;
        if now != known {
            known = now;
            tracing::info!("the network changed");
            rouse(&shared, Rousing::NetworkChanged).await;
        }
    }
}

/// The addresses by which this computer reaches others.
type Addresses = BTreeSet<IpAddr>;

/// Where changes are heard of.
enum Events {
    Told(Box<AsyncWatch>),
    Looked,
}

impl Events {
    fn new() -> Self {
        match netwatcher::watch_interfaces_async::<Tokio>() {
            Ok(watch) => Self::Told(Box::new(watch)),
            Err(error) => {
                tracing::warn!(%error, "the system does not tell of its network; it is looked at");
                Self::Looked
            }
        }
    }

    /// The addresses as they are after the next change; the first time as they are now.
    async fn next(&mut self) -> Addresses {
        match self {
            Self::Told(watch) => told(watch).await,
            Self::Looked => {
                tokio::time::sleep(LOOK_EVERY).await;
                let listed = tokio::task::spawn_blocking(netwatcher::list_interfaces).await;
                let all = listed.ok().and_then(Result::ok).unwrap_or_default();
                addresses(all.values())
            }
        }
    }
}

async fn told(watch: &mut AsyncWatch) -> Addresses {
    let mut newest = addresses(watch.changed().await.interfaces.values());
    let burst = async {
        while let Ok(update) = tokio::time::timeout(SETTLED, watch.changed()).await {
            newest = addresses(update.interfaces.values());
        }
    };
    // What came until then is what counts.
    drop(tokio::time::timeout(AT_THE_LATEST, burst).await);
    newest
}

fn addresses<'a>(interfaces: impl Iterator<Item = &'a Interface>) -> Addresses {
    interfaces.flat_map(|one| &one.ips).map(|record| record.ip).filter(leads_out).collect()
}

/// Whether others are reached by it: not this computer, and not only what is on the same wire.
fn leads_out(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_loopback() && !address.is_link_local(),
        IpAddr::V6(address) => !address.is_loopback() && !address.is_unicast_link_local(),
    }
}
