//! A containerlab API server of either generation, over TLS on loopback, that answers as the real ones do.
//!
//! Owns: logins, ownership, the wire's shapes and oddities, files, terminals. Deliberately not here: labs.
//! Those are an engine's: `MemoryEngine`, or one that drives the real program.

#![allow(clippy::indexing_slicing, reason = "a JSON value gives null for what it does not have")]

mod engine;
mod errors;
mod legacy;
mod lifecycle;
mod memory;
mod memory_node;
mod netem;
mod nodes;
mod reply;
mod route;
mod state;
mod terminals;
mod tls;
mod topology;
mod workspace;
mod yaml;

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub use engine::{Container, LabEngine, Order, Ran, Said, Shell};
pub use memory::{CLAB_IMAGE, MemoryEngine};
pub use state::Quirk;

use state::Server;
use tls::Tls;

/// Which server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// Files, streams, terminals, events: since April 2026.
    Modern,
    /// 0.1.11, which runs the command line program.
    Legacy0111,
}

/// A user who may log in, and the password; `ADMIN` sees all labs.
pub const CLAB_USER: &str = "clabuser";
pub const OTHER_USER: &str = "clabuser2";
pub const CLAB_ADMIN: &str = "clabadm";

/// The password of one of the users.
#[must_use]
pub fn password(user: &str) -> String {
    format!("pw-{user}")
}

/// A running server. Everything ends when it is dropped.
pub struct FakeClab {
    server: Arc<Server>,
    address: SocketAddr,
    tls: Tls,
    /// Connections that began before the newest restart end.
    restarts: watch::Sender<u64>,
    work: tokio::task::JoinHandle<()>,
}

impl FakeClab {
    /// Starts a server on a free port of loopback.
    ///
    /// # Errors
    /// When it cannot listen or make a certificate.
    pub async fn start(
        generation: Generation,
        engine: Arc<dyn LabEngine>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let tls = Tls::make().map_err(std::io::Error::other)?;
        let server = Arc::new(Server::new(generation, engine, address));
        let restarts = watch::Sender::new(0);
        let work = accept(listener, tls.clone(), server.clone(), restarts.clone());
        Ok(Self { server, address, tls, restarts, work: tokio::spawn(work) })
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// SHA-256 of its certificate, 64 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.tls.fingerprint.clone()
    }

    /// Ends all connections and forgets all logins, as a restart does.
    pub fn restart(&self) {
        self.server.forget_logins();
        self.restarts.send_modify(|count| *count += 1);
    }

    /// Ends all connections and nothing else.
    pub fn cut(&self) {
        self.restarts.send_modify(|count| *count += 1);
    }

    /// The next request that it fits meets this.
    pub fn next(&self, quirk: Quirk) {
        self.server.state().quirks.push_back(quirk);
    }

    /// Requests since the last call, as "GET /api/v1/labs".
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.server.state().requests)
    }

    /// From now on a lab is nobody's: only the administrator sees it.
    pub fn disown(&self, lab: &str) {
        self.server.state().orphans.push(lab.to_owned());
    }

    /// The files of a user's workspace, by path.
    #[must_use]
    pub fn files(&self, user: &str) -> std::collections::BTreeMap<String, bytes::Bytes> {
        self.server.state().files(user)
    }

    /// Somebody else writes a file of a user's, later than everything that is there.
    pub fn edit(&self, user: &str, path: &str, content: &'static str) {
        let mut state = self.server.state();
        state.put(user, path, bytes::Bytes::from_static(content.as_bytes()));
        state.edited.insert((user.to_owned(), path.to_owned()));
    }

    /// Somebody else removes a file of a user's.
    pub fn erase(&self, user: &str, path: &str) {
        self.server.state().workspace.remove(&(user.to_owned(), path.to_owned()));
    }

    /// Whether its kernel can make links worse; it can from the beginning.
    pub fn has_netem(&self, has: bool) {
        self.server.state().has_netem = has;
    }

    /// Whether captures are offered; they are from the beginning.
    pub fn has_capture(&self, has: bool) {
        self.server.state().has_capture = has;
    }
}

impl Drop for FakeClab {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn accept(
    listener: TcpListener,
    tls: Tls,
    server: Arc<Server>,
    restarts: watch::Sender<u64>,
) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        let mut restarted = restarts.subscribe();
        let work = serve(stream, tls.clone(), server.clone());
        connections.spawn(async move {
            tokio::select! {
                () = work => {}
                _ = restarted.changed() => {}
            }
        });
    }
}

/// Answers requests; what an upgrade begins goes on in the same task, so that it ends with the connection.
async fn serve(stream: TcpStream, tls: Tls, server: Arc<Server>) {
    // Small answers would wait for each other otherwise.
    let _ = stream.set_nodelay(true);
    let Ok(stream) = tls.acceptor.accept(stream).await else { return };
    let (later, mut upgrades) = tokio::sync::mpsc::channel(1);
    let service = service_fn(move |request| route::answer(server.clone(), request, later.clone()));
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    let upgraded = async {
        while let Some(work) = upgrades.recv().await {
            let work: futures::future::BoxFuture<'static, ()> = work;
            work.await;
        }
    };
    let _ = tokio::join!(connection, upgraded);
}
