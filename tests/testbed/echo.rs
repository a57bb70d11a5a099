//! Servers on loopback that send back what they get.

use std::{io, net::SocketAddr};

use tokio::{
    net::{TcpListener, TcpSocket},
    task::{JoinHandle, JoinSet},
};

/// As many may knock at the same moment.
const BACKLOG: u32 = 4096;

/// A server. Dropping it ends it with its connections.
#[derive(Debug)]
pub struct Echo {
    pub address: SocketAddr,
    /// The same port as in `address`.
    pub port: u16,
    task: JoinHandle<()>,
}

impl Echo {
    /// At any free port. Has to be called inside a runtime.
    #[must_use]
    pub fn start() -> Self {
        Self::at(0)
    }

    /// At this port, which has to be free.
    #[must_use]
    pub fn at(port: u16) -> Self {
        let listener = listen(port).expect("a free port");
        let address = listener.local_addr().expect("bound");
        Self { address, port: address.port(), task: tokio::spawn(give_back(listener)) }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A server that ends with the runtime.
#[must_use]
pub fn echo() -> SocketAddr {
    let listener = listen(0).expect("a free port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(give_back(listener));
    address
}

/// Sends back what comes in, until the future is dropped.
pub async fn give_back(listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                connections.spawn(async move {
                    let (mut read, mut write) = stream.into_split();
                    // A client that goes away halfway is not this server's business.
                    drop(tokio::io::copy(&mut read, &mut write).await);
                });
            }
        }
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], port).into())?;
    socket.listen(BACKLOG)
}
