//! A proxied service whose every byte the test decides, and a client that says exactly what it is told.

use std::{io, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use web_proxy::{BoxStream, Proxy, Upstream};

pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// A service on a loopback port.
pub(crate) struct Port(pub(crate) u16);

#[async_trait]
impl Upstream for Port {
    async fn dial(&self) -> io::Result<BoxStream> {
        Ok(Box::new(TcpStream::connect(("127.0.0.1", self.0)).await?))
    }

    fn ports(&self) -> Vec<u16> {
        vec![self.0]
    }
}

/// A proxy in front of a listener of the test.
pub(crate) struct Rig {
    pub(crate) proxy: Proxy,
    pub(crate) service: TcpListener,
    pub(crate) cookie: String,
    pub(crate) host: String,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        let service = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = service.local_addr().unwrap().port();
        let proxy = Proxy::start(Arc::new(Port(port)), "shop, port 8080").await.unwrap();
        let host = proxy.origin().strip_prefix("http://").unwrap().to_owned();
        let cookie = enter(&proxy).await;
        Self { proxy, service, cookie, host }
    }

    /// The head of a request that may pass, without its last empty line.
    pub(crate) fn head(&self, line: &str) -> String {
        format!("{line} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n", self.host, self.cookie)
    }

    pub(crate) async fn connect(&self) -> Peer {
        Peer::connect(&self.proxy).await
    }

    pub(crate) async fn accept(&self) -> Peer {
        Peer::new(timeout(DEADLINE, self.service.accept()).await.unwrap().unwrap().0)
    }

    /// Sends a request head on a connection of its own and answers it with `reply`. Gives what the
    /// service saw and what the client got.
    pub(crate) async fn exchange(&self, request: &str, reply: &str) -> (String, String) {
        let mut client = self.connect().await;
        client.send(&format!("{request}\r\n")).await;
        let mut service = self.accept().await;
        let seen = service.head().await;
        service.send(reply).await;
        let got = client.head().await;
        (seen, got)
    }

    /// Sends a request that must not reach the service, and gives the reply.
    pub(crate) async fn refused(&self, request: &str) -> String {
        let mut client = self.connect().await;
        client.send(&format!("{request}\r\n")).await;
        let got = client.head().await;
        let untouched = timeout(Duration::from_millis(20), self.service.accept()).await;
        assert!(untouched.is_err(), "the service was reached by: {request}");
        got
    }
}

/// Follows a fresh one-time link and gives the session cookie.
pub(crate) async fn enter(proxy: &Proxy) -> String {
    let link = proxy.one_time_link("/");
    let got = follow(proxy, &link, "").await;
    assert!(got.starts_with("HTTP/1.1 303"), "{got}");
    cookie_of(&got)
}

/// Asks for a link of the proxy with additional header lines.
pub(crate) async fn follow(proxy: &Proxy, link: &str, headers: &str) -> String {
    let host = proxy.origin().strip_prefix("http://").unwrap();
    let path = link.strip_prefix(proxy.origin()).unwrap();
    let mut client = Peer::connect(proxy).await;
    client.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n")).await;
    client.head().await
}

pub(crate) fn cookie_of(reply: &str) -> String {
    let line = value_of(reply, "set-cookie").expect("a cookie");
    line.split(';').next().unwrap().to_owned()
}

/// The value of a header in a raw head.
pub(crate) fn value_of<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// One end of a connection, read and written byte by byte.
pub(crate) struct Peer {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Peer {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, read: Vec::new() }
    }

    pub(crate) async fn connect(proxy: &Proxy) -> Self {
        let port = proxy.origin().rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
        Self::new(TcpStream::connect(("127.0.0.1", port)).await.unwrap())
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    pub(crate) async fn close_write(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Reads until the end of a head and gives it.
    pub(crate) async fn head(&mut self) -> String {
        self.until("\r\n\r\n").await
    }

    /// Reads until `mark` and gives everything up to and with it.
    pub(crate) async fn until(&mut self, mark: &str) -> String {
        loop {
            let at = self.read.windows(mark.len()).position(|part| part == mark.as_bytes());
            if let Some(at) = at {
                let rest = self.read.split_off(at + mark.len());
                let found = std::mem::replace(&mut self.read, rest);
                return String::from_utf8(found).unwrap();
            }
            let so_far = String::from_utf8_lossy(&self.read).into_owned();
            assert!(self.more().await, "ended without {mark:?}: {so_far}");
        }
    }

    /// Reads to the end.
    pub(crate) async fn rest(&mut self) -> String {
        while self.more().await {}
        String::from_utf8(std::mem::take(&mut self.read)).unwrap()
    }

    async fn more(&mut self) -> bool {
        let mut buffer = [0; 16 * 1024];
        let read = timeout(DEADLINE, self.stream.read(&mut buffer)).await.expect("in time");
        let count = read.unwrap_or(0);
        self.read.extend_from_slice(&buffer[..count]);
        count > 0
    }
}
