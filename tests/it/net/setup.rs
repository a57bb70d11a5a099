//! Links into a world, and waiting with a deadline.

use std::time::{Duration, Instant};

use backend_api::{BackendError, Dial, DialTarget};
use model::Failure;
use ssh::{Hop, Link, LinkOptions, TrustFiles};
use tempfile::TempDir;
use tests::{
    link::{connect_with, hop, options},
    net::{CHECKER_PORT, Ended, Plan, World, talk},
};

/// Ways into one world, by keys that are known when it begins.
pub(crate) struct Ways {
    trust: TrustFiles,
    _folder: TempDir,
}

impl Ways {
    pub(crate) fn of(world: &World) -> Self {
        let folder = TempDir::new().unwrap();
        let user = folder.path().join("known_hosts");
        std::fs::write(&user, world.jump.known_hosts.clone() + &world.far.known_hosts).unwrap();
        let own = folder.path().join("own");
        Self { trust: TrustFiles { own, user: vec![user], global: Vec::new() }, _folder: folder }
    }

    /// A link to the jump host.
    pub(crate) async fn jump(&self, world: &World, keepalive: Duration) -> Result<Link, Failure> {
        self.connect(vec![hop("jump", &world.jump)], keepalive).await
    }

    /// A link to far, through the jump host.
    pub(crate) async fn far(&self, world: &World, keepalive: Duration) -> Result<Link, Failure> {
        self.connect(vec![hop("jump", &world.jump), hop("far", &world.far)], keepalive).await
    }

    async fn connect(&self, hops: Vec<Hop>, keepalive: Duration) -> Result<Link, Failure> {
        let connect_timeout = Duration::from_secs(10);
        let usual = options(hops, self.trust.clone());
        connect_with(LinkOptions { keepalive, connect_timeout, ..usual }).await
    }
}

/// The checksum server as both hosts see it.
pub(crate) fn target(world: &World) -> DialTarget {
    DialTarget::Tcp { host: world.far_address().to_string(), port: CHECKER_PORT }
}

/// Holds a conversation over a stream of its own.
pub(crate) async fn over(link: &Link, world: &World, plan: Plan) -> Ended {
    match link.dial_bulk(&target(world)).await {
        Ok(stream) => talk(stream, plan).await,
        Err(error) => Ended::Broken { received: 0, error: broken(error) },
    }
}

fn broken(error: BackendError) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotConnected, error)
}

/// Looks until `condition` holds; the time that took.
pub(crate) async fn until(limit: Duration, mut condition: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < limit, "it does not become true within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    began.elapsed()
}

/// What `work` gives, which must not take longer than this.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| panic!("nothing within {limit:?}"))
}
