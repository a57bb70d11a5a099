//! SSH links: one per SSH host, shared by its connections. Makes hops from stored hosts and secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::FutureExt as _;
use model::{ErrorCode, Failure, Secret, SecretRef, SshAuth, SshHost, SshHostId};
use ssh::{AuthMethod, Hop, Link, LinkOptions};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{memory::Memory, pool::Pool};
use crate::{
    questions::{LinkAsker, ToldBy, Turns},
    shared::Shared,
};

/// How long each address and each handshake may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Logins at the same time through one machine: a stock sshd turns some away beyond ten.
const LOGINS: usize = 6;

/// The links that are up or being made, and the credentials they were made with.
pub(crate) struct SshLinks {
    pool: Pool<SshHostId, Link>,
    pub(crate) memory: Memory,
    /// Who asks the person, when several attempts want to know the same.
    pub(crate) questions: Turns,
    /// The position of the machine at which the last attempt to a host ended.
    stuck: Mutex<BTreeMap<SshHostId, usize>>,
    /// By the address that is reached first.
    turns: Mutex<BTreeMap<String, Arc<Semaphore>>>,
}

impl Default for SshLinks {
    fn default() -> Self {
        Self {
            pool: Pool::new(|link| !link.is_closed()),
            memory: Memory::default(),
            questions: Turns::default(),
            stuck: Mutex::default(),
            turns: Mutex::default(),
        }
    }
}

impl SshLinks {
    /// Takes the links to these hosts from those that are shared; attempts to make one come to nothing.
    pub(super) fn part(&self, hosts: &BTreeSet<SshHostId>) -> Vec<Arc<Link>> {
        hosts.iter().filter_map(|id| self.pool.part(id)).collect()
    }

    /// The position on the way to this host of the machine that let the last attempt down; none when it
    /// led there, or did not get as far as a machine.
    pub(crate) fn stuck_at(&self, id: &SshHostId) -> Option<usize> {
        self.stuck.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    fn set_stuck(&self, id: &SshHostId, at: Option<usize>) {
        let mut stuck = self.stuck.lock().unwrap_or_else(PoisonError::into_inner);
        match at {
            Some(at) => drop(stuck.insert(id.clone(), at)),
            None => drop(stuck.remove(id)),
        }
    }

    /// Who waits for a login over these hosts waits here: every login goes through the first of them.
    fn turns(&self, hosts: &[SshHost]) -> Arc<Semaphore> {
        let nearest = hosts.first().and_then(|host| host.addresses.first());
        let key = nearest.map(ToString::to_string).unwrap_or_default();
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(key).or_insert_with(|| Arc::new(Semaphore::new(LOGINS))))
    }
}

/// Secrets that are not stored yet, by the reference they would get.
pub(crate) type Given = BTreeMap<SecretRef, Secret<String>>;

/// Who asks for a link.
pub(crate) struct LinkRequest {
    pub(crate) host_id: SshHostId,
    /// The name of the connection or tunnel.
    pub(crate) name: String,
    pub(crate) told_by: ToldBy,
}

/// The link to an SSH host, made if there is none. Dropping the future gives the attempt up, unless
/// somebody else waits for the same one.
pub(crate) async fn link(shared: &Arc<Shared>, request: LinkRequest) -> Result<Arc<Link>, Failure> {
    let key = request.host_id.clone();
    let handle = Arc::clone(shared);
    shared.links.pool.get(&key, move || make(handle, request).boxed()).await
}

async fn make(shared: Arc<Shared>, request: LinkRequest) -> Result<Arc<Link>, Failure> {
    let LinkRequest { host_id, name, told_by } = request;
    shared.links.set_stuck(&host_id, None);
    let hosts = chain(&shared, &host_id).await?;
    let turn = shared.links.turns(&hosts).acquire_owned().await.ok();
    let asker = LinkAsker::new(Arc::clone(&shared), name.clone(), told_by, hosts.clone());
    let asker = Arc::new(asker.sharing_questions());
    asker.has_turn(turn);
    let options = options(&shared, &name, &hosts, &Given::new()).await?;
    let cancel = CancellationToken::new();
    let _guard = cancel.clone().drop_guard();
    let dyn_asker: Arc<dyn ssh::Asker> = Arc::<LinkAsker>::clone(&asker);
    let connected = Link::connect(options, dyn_asker, cancel).await;
    asker.ended();
    if connected.is_err() {
        shared.links.set_stuck(&host_id, Some(asker.reached()));
    }
    let link = connected?;
    asker.keep_answers().await;
    Ok(Arc::new(link))
}

/// How to reach these hosts, one through the other; the last one is the target.
pub(crate) async fn options(
    shared: &Arc<Shared>,
    name: &str,
    hosts: &[SshHost],
    given: &Given,
) -> Result<LinkOptions, Failure> {
    let mut hops = Vec::new();
    for (index, host) in hosts.iter().enumerate() {
        let is_target = index + 1 == hosts.len();
        hops.push(hop(shared, name, host, is_target, given).await?);
    }
    Ok(LinkOptions {
        hops,
        trust: shared.trust.clone(),
        keepalive: Duration::from_secs(shared.settings.borrow().keepalive_seconds.into()),
        connect_timeout: CONNECT_TIMEOUT,
    })
}

/// The host's jumps in their order, then the host.
pub(crate) async fn chain(shared: &Arc<Shared>, id: &SshHostId) -> Result<Vec<SshHost>, Failure> {
    let id = id.clone();
    shared
        .owner
        .with(move |state| {
            let host = state.ssh_hosts.get(&id)?;
            let mut hosts: Vec<SshHost> =
                host.jumps.iter().filter_map(|jump| state.ssh_hosts.get(jump).cloned()).collect();
            hosts.push(host.clone());
            Some(hosts)
        })
        .await?
        .ok_or_else(|| {
            Failure::new(ErrorCode::NotFound, "the SSH host that this goes through is gone")
                .with_hint("Edit it and enter the host again.")
        })
}

async fn hop(
    shared: &Arc<Shared>,
    name: &str,
    host: &SshHost,
    is_target: bool,
    given: &Given,
) -> Result<Hop, Failure> {
    let mut auth = Vec::new();
    for (index, method) in host.auth.iter().enumerate() {
        auth.push(auth_method(shared, name, host, index, method, given).await?);
    }
    let first = host.addresses.first();
    let called = if is_target {
        name.to_owned()
    } else {
        first.map_or_else(String::new, |a| a.host.clone())
    };
    Ok(Hop { name: called, addresses: host.addresses.clone(), user: host.user.clone(), auth })
}

async fn auth_method(
    shared: &Arc<Shared>,
    name: &str,
    host: &SshHost,
    index: usize,
    method: &SshAuth,
    given: &Given,
) -> Result<AuthMethod, Failure> {
    Ok(match method {
        SshAuth::Agent { socket } => AuthMethod::Agent {
            socket: match socket {
                Some(path) => Some(expand(shared, path)),
                None => shared.agent_socket.clone(),
            },
        },
        SshAuth::KeyFile { path, passphrase } => AuthMethod::KeyFile {
            path: expand(shared, path),
            passphrase: secret(shared, name, host, index, passphrase.as_ref(), given).await?,
        },
        SshAuth::Password { secret: stored } => AuthMethod::Password {
            password: secret(shared, name, host, index, stored.as_ref(), given).await?,
        },
        SshAuth::KeyboardInteractive => AuthMethod::KeyboardInteractive,
    })
}

async fn secret(
    shared: &Arc<Shared>,
    name: &str,
    host: &SshHost,
    index: usize,
    stored: Option<&SecretRef>,
    given: &Given,
) -> Result<Option<Secret<String>>, Failure> {
    if let Some(value) = stored.and_then(|name| given.get(name)) {
        return Ok(Some(value.clone()));
    }
    if let Some(value) = shared.links.memory.get(host, index) {
        return Ok(Some(value));
    }
    match stored {
        Some(stored) => shared.vault.read(shared, name, stored).await,
        None => Ok(None),
    }
}

/// A path as a person writes it: `~/` is their home folder.
pub(crate) fn expand(shared: &Shared, path: &str) -> PathBuf {
    let below_home = path.strip_prefix("~/").or_else(|| {
        // As a person writes it on Windows.
        if cfg!(windows) { path.strip_prefix(r"~\") } else { None }
    });
    match below_home {
        Some(rest) => shared.home_folder.join(rest),
        None => PathBuf::from(path),
    }
}
