//! Streams from this computer straight to a server, and what is in the way of one, in words.

use std::{io, net::IpAddr, time::Duration};

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use tokio::net::{TcpStream, lookup_host};

/// How long a server may take to answer.
const LIMIT: Duration = Duration::from_secs(15);

/// Dials servers from this computer.
pub(crate) struct Straight;

#[async_trait]
impl Dial for Straight {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        let DialTarget::Tcp { host, port } = target else {
            return Err(BackendError::unsupported("servers are reached by TCP, not by a socket"));
        };
        // Looked up apart, so that a name that is not known is told as that.
        let addresses = self.look_up(host).await?.unwrap_or_default();
        let places: Vec<_> = addresses.iter().map(|address| (*address, *port).into()).collect();
        let dialled = tokio::time::timeout(LIMIT, TcpStream::connect(places.as_slice())).await;
        let dialled = dialled.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let stream = dialled.map_err(|error| unreached(target, &error))?;
        stream.set_nodelay(true).map_err(|error| unreached(target, &error))?;
        Ok(Box::new(stream))
    }

    async fn look_up(&self, host: &str) -> Result<Option<Vec<IpAddr>>, BackendError> {
        let looked = tokio::time::timeout(LIMIT, lookup_host((host, 0))).await;
        let found = looked.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let found: Vec<IpAddr> = found
            .map_err(|error| unknown(host).with_detail(error.to_string()))?
            .map(|address| address.ip())
            .collect();
        if found.is_empty() { Err(unknown(host)) } else { Ok(Some(found)) }
    }
}

fn unknown(host: &str) -> BackendError {
    BackendError::unreachable(format!("this computer does not know the name {host}"))
        .with_hint("Check the spelling; a name of another network may need its VPN.")
}

fn unreached(target: &DialTarget, error: &io::Error) -> BackendError {
    let (message, hint) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            format!("nothing listens at {target}"),
            "Check the port, and that the service runs and listens on an address that is reached from here.",
        ),
        io::ErrorKind::TimedOut => (
            format!("{target} does not answer"),
            "Check that the server is on, and that no firewall is in between.",
        ),
        _ => (format!("cannot reach {target}"), "Check this computer's network, and the address."),
    };
    BackendError::unreachable(message).with_hint(hint).with_detail(error.to_string())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn at(host: &str, port: u16) -> DialTarget {
        DialTarget::Tcp { host: host.into(), port }
    }

    #[tokio::test]
    async fn what_is_in_the_way_is_told_apart() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(Straight.dial(&at("127.0.0.1", port)).await.is_ok());
        assert_eq!(
            Straight.look_up("127.0.0.1").await.unwrap(),
            Some(vec![IpAddr::from([127, 0, 0, 1])])
        );
        drop(listener);
        let message = |error: BackendError| error.to_string();
        let refused = Straight.dial(&at("127.0.0.1", port)).await.err().map(message).unwrap();
        assert_eq!(refused, format!("nothing listens at 127.0.0.1:{port}"));
        let unknown = Straight.dial(&at("no such name", 1)).await.err().map(message).unwrap();
        assert_eq!(unknown, "this computer does not know the name no such name");
    }
}
