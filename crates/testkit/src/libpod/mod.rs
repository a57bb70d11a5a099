//! A libpod server in memory that answers as Podman 4.3.1 was recorded to, its oddities included.
//!
//! Owns as much of containers, volumes and exec sessions as the conformance suite looks at. Deliberately
//! not here: other images than `BOX_IMAGE`, and programs: a shell of two commands and `programs` stand for them.

mod containers;
mod exec;
mod files;
mod images;
mod live;
mod login;
mod programs;
mod reply;
mod route;
mod state;
mod volumes;

use std::sync::{Arc, Mutex, PoisonError};

use backend_api::DialTarget;
use futures::future::BoxFuture;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use login::FakeLogin;

use crate::Served;
use state::Server;

/// The only image: prints `BOX_LINE`, echoes on `ECHO_PORT`, has a user dev.
pub const BOX_IMAGE: &str = "localhost/box:1";
/// What a container of the image prints when it starts.
pub const BOX_LINE: &str = "box is up";
/// A port inside every container that gives back what it gets.
pub const ECHO_PORT: u16 = 3000;
/// Where it listens.
pub const SOCKET: &str = "/run/podman/podman.sock";

/// A libpod server and its connections; all of them end when it is dropped.
#[derive(Default)]
pub struct FakeLibpod {
    server: Arc<Server>,
    connections: Mutex<JoinSet<()>>,
}

impl Served for FakeLibpod {
    fn serve(&self, target: &DialTarget, stream: DuplexStream) -> Result<(), DuplexStream> {
        let work: BoxFuture<'static, ()> = match target {
            DialTarget::Unix { path } if path == SOCKET => {
                Box::pin(serve_http(self.server.clone(), stream))
            }
            DialTarget::Tcp { port, .. } if self.server.state().echoes_on(*port) => {
                Box::pin(echo(stream))
            }
            _ => return Err(stream),
        };
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        while connections.try_join_next().is_some() {}
        connections.spawn(work);
        Ok(())
    }
}

async fn echo(stream: DuplexStream) {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let _ = tokio::io::copy(&mut reader, &mut writer).await;
}

/// Answers requests; what an upgrade begins goes on after its connection's last answer.
async fn serve_http(server: Arc<Server>, stream: DuplexStream) {
    let (later, mut upgrades) = mpsc::channel::<BoxFuture<'static, ()>>(1);
    let service = service_fn(move |request| route::answer(server.clone(), request, later.clone()));
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    let upgraded = async {
        while let Some(work) = upgrades.recv().await {
            work.await;
        }
    };
    let _ = tokio::join!(connection, upgraded);
}
