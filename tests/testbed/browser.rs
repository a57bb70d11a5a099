//! As much of a browser as a test needs without one: cookies, redirects, forms, WebSockets.
//!
//! Owns: one origin on loopback. Deliberately not here: running a page's scripts (that is WebDriver).

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http::{
    HeaderMap, Method, Request, StatusCode,
    header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, ORIGIN, SET_COOKIE},
};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::{WebSocketStream, tungstenite::client::IntoClientRequest};

/// More redirects than this are a loop.
const MOST_REDIRECTS: usize = 10;

/// One origin, with the cookies it set.
#[derive(Debug)]
pub struct Browser {
    /// Host and port as the address bar shows them.
    authority: String,
    port: u16,
    cookies: BTreeMap<String, String>,
}

/// What the server answered at last, after redirects.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// Path and query it was found at.
    pub path: String,
}

impl Browser {
    /// Opens a link on this computer and follows it.
    ///
    /// # Errors
    /// When the link is not http on a port of its own, or nothing answers.
    pub async fn open(link: &str) -> Result<(Self, Page)> {
        let rest = link.strip_prefix("http://").with_context(|| format!("{link} is not http"))?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (_, port) = authority.rsplit_once(':').context("the link has no port")?;
        let mut browser =
            Self { authority: authority.to_owned(), port: port.parse()?, cookies: BTreeMap::new() };
        let page = browser.get(if path.is_empty() { "/" } else { path }).await?;
        Ok((browser, page))
    }

    /// Gets a page and follows redirects.
    ///
    /// # Errors
    /// When nothing answers, or a redirect leaves the origin.
    pub async fn get(&mut self, path: &str) -> Result<Page> {
        self.follow(Method::GET, path, None).await
    }

    /// Sends a form and follows redirects.
    ///
    /// # Errors
    /// As for `get`.
    pub async fn post_form(&mut self, path: &str, form: &str) -> Result<Page> {
        self.follow(Method::POST, path, Some(form.to_owned())).await
    }

    /// Opens a WebSocket with this origin and its cookies.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn web_socket(&self, path: &str) -> Result<WebSocketStream<TcpStream>> {
        let mut request = format!("ws://{}{path}", self.authority).into_client_request()?;
        request.headers_mut().insert(ORIGIN, format!("http://{}", self.authority).parse()?);
        request.headers_mut().insert(COOKIE, self.cookie_header().parse()?);
        let stream = self.dial().await?;
        let (socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .with_context(|| format!("no WebSocket at {path}"))?;
        Ok(socket)
    }

    async fn follow(&mut self, method: Method, path: &str, form: Option<String>) -> Result<Page> {
        let (mut method, mut path, mut form) = (method, path.to_owned(), form);
        for _ in 0..MOST_REDIRECTS {
            let page = self.request(method, &path, form.take()).await?;
            let Some(to) = page.headers.get(LOCATION).filter(|_| page.status.is_redirection())
            else {
                return Ok(page);
            };
            path = self.resolved(&path, to.to_str()?)?;
            method = Method::GET;
        }
        bail!("{path} redirects in a loop")
    }

    async fn request(&mut self, method: Method, path: &str, form: Option<String>) -> Result<Page> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.authority);
        if !self.cookies.is_empty() {
            request = request.header(COOKIE, self.cookie_header());
        }
        if form.is_some() {
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(ORIGIN, format!("http://{}", self.authority));
        }
        let request = request.body(Full::new(Bytes::from(form.unwrap_or_default())))?;
        let io = TokioIo::new(self.dial().await?);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        connection.abort();
        self.remember(&head.headers);
        Ok(Page {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            path: path.to_owned(),
        })
    }

    async fn dial(&self) -> Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port)).await.context("nothing answers on the origin")
    }

    fn remember(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    /// The cookies as a request carries them.
    #[must_use]
    pub fn cookie_header(&self) -> String {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn resolved(&self, from: &str, to: &str) -> Result<String> {
        let base = format!("http://{}{from}", self.authority);
        let url = url::Url::parse(&base)?.join(to)?;
        let is_same = url.port_or_known_default() == Some(self.port)
            && self.authority.split(':').next() == url.host_str();
        ensure!(is_same, "{from} redirects away from {} to {url}", self.authority);
        Ok(url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path())))
    }
}
