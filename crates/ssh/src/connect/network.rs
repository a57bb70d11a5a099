//! Streams to a server: over this computer's network, or through the machine before.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use backend_api::{BackendError, BoxStream, DialTarget};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use model::HostAddress;
use tokio::net::TcpStream;

use super::Attempt;
use super::addresses::HEAD_START;
use crate::channel::Carries;
use crate::connection::Connection;
use crate::{Hop, Progress};

impl Attempt<'_> {
    pub(super) async fn dial(
        &self,
        index: usize,
        hop: &Hop,
        address: &HostAddress,
        via: Option<&Connection>,
    ) -> Result<BoxStream, BackendError> {
        let connecting = |found| {
            let address = address.clone();
            self.interview.progress(Progress::Connecting { hop: index, address, found });
        };
        if let Some(via) = via {
            connecting(Vec::new());
            return dial_through(hop, address, via).await;
        }
        let resolving = Progress::Resolving { hop: index, address: address.clone() };
        self.interview.progress(resolving);
        let looked_up = tokio::net::lookup_host((address.host.as_str(), address.port)).await;
        let found: Vec<SocketAddr> = match looked_up {
            Ok(found) => found.collect(),
            Err(error) => return Err(no_such_name(hop, &address.host, &error.to_string())),
        };
        connecting(found.iter().map(SocketAddr::ip).collect());
        dial_here(hop, address, &found).await
    }
}

/// A stream to a hop through the one before.
async fn dial_through(
    hop: &Hop,
    address: &HostAddress,
    via: &Connection,
) -> Result<BoxStream, BackendError> {
    let HostAddress { host, port } = address.clone();
    let stream = via.open(&DialTarget::Tcp { host, port }, Carries::Forward).await;
    let through = |error: BackendError| {
        let message = format!("cannot reach {} ({address}) through a jump host", hop.name);
        error.map_failure(|failure| {
            let detail = failure.message.clone();
            model::Failure { message, ..failure }.with_detail(detail)
        })
    };
    stream.map(|stream| Box::new(stream) as BoxStream).map_err(through)
}

/// A stream over the network of this computer. The addresses behind a name are tried at the same time, with
/// staggered starts; the first that answers is used.
async fn dial_here(
    hop: &Hop,
    address: &HostAddress,
    found: &[SocketAddr],
) -> Result<BoxStream, BackendError> {
    let mut waiting = found.iter();
    let mut running = FuturesUnordered::new();
    let mut problem = None;
    let stream: TcpStream = loop {
        if running.is_empty() {
            match waiting.next() {
                Some(next) => running.push(TcpStream::connect(*next)),
                None => {
                    let error = problem.unwrap_or_else(|| io::ErrorKind::AddrNotAvailable.into());
                    return Err(unreachable_because(hop, address, &error));
                }
            }
        }
        tokio::select! {
            biased;
            Some(connected) = running.next() => match connected {
                Ok(stream) => break stream,
                Err(error) => {
                    problem.get_or_insert(error);
                    running.extend(waiting.next().map(|next| TcpStream::connect(*next)));
                }
            },
            () = tokio::time::sleep(HEAD_START), if waiting.len() > 0 => {
                running.extend(waiting.next().map(|next| TcpStream::connect(*next)));
            }
        }
    };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the socket keeps small packets back");
    }
    Ok(Box::new(stream))
}

fn no_such_name(hop: &Hop, host: &str, detail: &str) -> BackendError {
    BackendError::unreachable(format!(
        "cannot find {} (there is no address for \"{host}\")",
        hop.name
    ))
    .with_hint("Check the host name, and the network or VPN.")
    .with_detail(detail)
}

fn unreachable_because(hop: &Hop, address: &HostAddress, error: &std::io::Error) -> BackendError {
    let (reason, hint) = match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            ("nothing listens there", "Check the port, and that the SSH server runs.")
        }
        _ => ("the network says no", "Check the address, and the network or VPN."),
    };
    BackendError::unreachable(format!("cannot reach {} ({address}): {reason}", hop.name))
        .with_hint(hint)
        .with_detail(error.to_string())
}

pub(super) fn no_answer(hop: &Hop, address: &HostAddress, limit: Duration) -> BackendError {
    let seconds = limit.as_secs_f32();
    BackendError::unreachable(format!(
        "cannot reach {} ({address}): no answer in {seconds} s",
        hop.name
    ))
    .with_hint("Check the address, the network or VPN, and firewalls on the way.")
}
