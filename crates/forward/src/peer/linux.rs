//! Owners of TCP connections on Linux: by asking the kernel for the one socket, or else by reading its
//! table, which a burst of connections shares.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use super::{
    Owner,
    diag::{Answer, Diag},
};
use crate::sockets::{Row, Table, is_listening};

/// Looks owners up.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    /// None until it is first needed. An error means that the kernel does not answer such questions.
    diag: Mutex<Option<Result<Diag, ()>>>,
    table: Arc<Mutex<Option<Snapshot>>>,
}

#[derive(Debug)]
struct Snapshot {
    taken_at: Instant,
    /// By local and remote address.
    owners: HashMap<(SocketAddr, SocketAddr), Owner>,
    listening: HashSet<u16>,
}

impl Peers {
    /// Whose socket is connected from `theirs` to `ours`, where a listener of this process is.
    pub(crate) async fn owner(&self, ours: SocketAddr, theirs: SocketAddr) -> Owner {
        let asked_at = Instant::now();
        match self.ask(theirs, ours) {
            Some(Answer::Socket { uid, inode }) => owner(uid, inode),
            _ if !is_here(ours, theirs) => Owner::Untold,
            // A kernel without this kind of question says the same as one that finds nothing, but it does
            // not find our listener either.
            Some(_) if self.ask(ours, theirs) == Some(Answer::Listening) => Owner::Gone,
            Some(_) | None => self.look_up(theirs, ours, asked_at).await,
        }
    }

    fn ask(&self, local: SocketAddr, remote: SocketAddr) -> Option<Answer> {
        let mut diag = self.diag.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = diag.get_or_insert_with(|| Diag::open().map_err(drop));
        let answer = opened.as_mut().ok()?.ask(local, remote);
        if answer.is_none() {
            *diag = Some(Err(()));
        }
        answer
    }

    async fn look_up(&self, local: SocketAddr, remote: SocketAddr, asked_at: Instant) -> Owner {
        let table = Arc::clone(&self.table);
        let look = move || {
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever waited for the lock finds what the one before it read.
            let fresh = match table.take() {
                Some(snapshot) if snapshot.taken_at >= asked_at => snapshot,
                _ => Snapshot::take(),
            };
            let found = fresh.owner(local, remote);
            *table = Some(fresh);
            found
        };
        tokio::task::spawn_blocking(look).await.unwrap_or(Owner::Gone)
    }
}

impl Snapshot {
    fn take() -> Self {
        let taken_at = Instant::now();
        let rows = [Table::V4, Table::V6].into_iter().flat_map(Table::read);
        let (listening, connected): (Vec<Row>, Vec<Row>) = rows.partition(is_listening);
        Self {
            taken_at,
            owners: connected.iter().map(|row| (key(row), owner(row.uid, row.inode))).collect(),
            listening: listening.iter().map(|row| row.local.port()).collect(),
        }
    }

    /// A table without our own listener is none: some sandboxes and old subsystems show an empty one.
    fn owner(&self, local: SocketAddr, remote: SocketAddr) -> Owner {
        let is_true = self.listening.contains(&remote.port());
        let unknown = if is_true { Owner::Gone } else { Owner::Untold };
        self.owners.get(&(local, remote)).copied().unwrap_or(unknown)
    }
}

/// True when both ends must be on this computer.
fn is_here(ours: SocketAddr, theirs: SocketAddr) -> bool {
    ours.ip() == theirs.ip() || ours.ip().is_loopback()
}

/// A program that uses IPv6 sockets for IPv4 stands in the other table.
fn key(row: &Row) -> (SocketAddr, SocketAddr) {
    let plain = |at: SocketAddr| SocketAddr::new(at.ip().to_canonical(), at.port());
    (plain(row.local), plain(row.remote))
}

/// A socket that nobody has open any more is printed as root's.
fn owner(uid: u32, inode: u64) -> Owner {
    if inode == 0 && uid == 0 { Owner::Gone } else { Owner::User(uid) }
}

#[cfg(test)]
mod tests {
    use std::{
        net::{TcpListener, TcpStream},
        sync::{Arc, Mutex},
    };

    use super::{Owner, Peers};

    /// Some connections, as a listener sees them: its own address and the client's.
    async fn owners(peers: Arc<Peers>, from: &str) -> Vec<Owner> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = listener.local_addr().unwrap();
        let to = format!("{from}:{}", ours.port());
        let clients: Vec<_> = (0..40).map(|_| TcpStream::connect(&to).unwrap()).collect();
        let asked: Vec<_> = (0..clients.len())
            .map(|_| {
                let theirs = listener.accept().unwrap().1;
                let peers = Arc::clone(&peers);
                tokio::spawn(async move { peers.owner(ours, theirs).await })
            })
            .collect();
        let mut owners = Vec::new();
        for owner in asked {
            owners.push(owner.await.unwrap());
        }
        owners
    }

    #[tokio::test]
    async fn owners_are_found_by_asking_and_by_looking() {
        let ours = Owner::User(rustix::process::geteuid().as_raw());
        let mute = Peers { diag: Mutex::new(Some(Err(()))), ..Peers::default() };
        for peers in [Arc::new(Peers::default()), Arc::new(mute)] {
            // The second is what programs use whose sockets are for both kinds of addresses.
            for from in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
                let owners = owners(Arc::clone(&peers), from).await;
                assert!(owners.iter().all(|owner| *owner == ours), "{from}: {owners:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_program_that_is_gone_is_nobodys() {
        for diag in [None, Some(Err(()))] {
            let peers = Peers { diag: Mutex::new(diag), ..Peers::default() };
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let ours = listener.local_addr().unwrap();
            let client = TcpStream::connect(ours).unwrap();
            let (_kept, theirs) = listener.accept().unwrap();
            drop(client);
            assert_eq!(peers.owner(ours, theirs).await, Owner::Gone);
        }
    }

    #[tokio::test]
    async fn a_system_that_does_not_even_know_our_listener_tells_nothing() {
        let peers = Peers { diag: Mutex::new(Some(Err(()))), ..Peers::default() };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ours = listener.local_addr().unwrap();
        drop(listener);
        assert_eq!(peers.owner(ours, "127.0.0.1:1".parse().unwrap()).await, Owner::Untold);
    }

    #[tokio::test]
    async fn other_machines_belong_to_nobody_here() {
        let far = "192.0.2.7:50000".parse().unwrap();
        let near = "192.0.2.1:80".parse().unwrap();
        assert_eq!(Peers::default().owner(near, far).await, Owner::Untold);
    }
}
