//! WebDriver over plain HTTP: a session in a browser or in the real app, driven like a person would.
//!
//! Owns: the protocol's words, and starting the drivers of Chromium and WebKitGTK. Deliberately not
//! here: tauri-driver, which belongs to a desktop.

use std::{
    net::TcpStream as BlockingTcpStream,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{desktop::Desktop, process::Started, sshd::free_port};

const READY: Duration = Duration::from_secs(30);
const CALL: Duration = Duration::from_secs(60);
/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// The protocol's name for the reference of an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The key that confirms, as WebDriver spells it.
pub const ENTER: &str = "\u{e007}";
/// The key that leaves.
pub const ESCAPE: &str = "\u{e00c}";
/// Holds Control for the keys after it.
pub const CONTROL: &str = "\u{e009}";

/// A driver program of a browser, on a port of its own.
#[derive(Debug)]
pub struct Driver {
    /// Where it answers on loopback.
    pub port: u16,
    capabilities: Value,
    _process: Started,
    _profile: TempDir,
}

impl Driver {
    /// Starts Chromium's driver; pages open without a screen.
    ///
    /// # Errors
    /// When chromedriver is missing or does not come up.
    pub fn chromium() -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let port = free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let process = started("chromedriver", &mut command, port)?;
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1280,800",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let capabilities = json!({
            "browserName": "chrome", "goog:chromeOptions": {"args": arguments},
        });
        Ok(Self { port, capabilities, _process: process, _profile: profile })
    }

    /// Starts WebKit's driver for the small browser that comes with WebKitGTK.
    ///
    /// # Errors
    /// When WebKitWebDriver or MiniBrowser are missing or do not come up.
    pub fn webkit(desktop: &Desktop) -> Result<Self> {
        let port = free_port()?;
        let mut command = desktop.command("WebKitWebDriver");
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let process = started("WebKitWebDriver", &mut command, port)?;
        let capabilities = json!({
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {"binary": mini_browser()?, "args": ["--automation"]},
        });
        Ok(Self { port, capabilities, _process: process, _profile: tempfile::tempdir()? })
    }

    /// Opens a browser window.
    ///
    /// # Errors
    /// When the browser does not start.
    pub async fn session(&self) -> Result<Session> {
        Session::open(self.port, &self.capabilities).await
    }
}

fn started(name: &str, command: &mut Command, port: u16) -> Result<Started> {
    let mut process = Started::start(name, command)?;
    process.wait_until(READY, || BlockingTcpStream::connect(("127.0.0.1", port)).is_ok())?;
    Ok(process)
}

fn mini_browser() -> Result<String> {
    let pattern = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec"];
    pattern
        .iter()
        .map(|folder| format!("{folder}/webkit2gtk-4.1/MiniBrowser"))
        .find(|path| Path::new(path).exists())
        .context("MiniBrowser of WebKitGTK is not installed")
}

/// One window under control. Closed by `close`; a driver that ends takes its windows with it.
#[derive(Debug)]
pub struct Session {
    port: u16,
    id: String,
}

/// A reference to an element of the page.
#[derive(Debug, Clone)]
pub struct Element(String);

impl Session {
    /// Opens a window through the driver at `port`.
    ///
    /// # Errors
    /// When the driver or the program behind it does not start.
    pub async fn open(port: u16, capabilities: &Value) -> Result<Self> {
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let reply = request(port, Method::POST, "/session", Some(&body)).await?;
        let id = reply["sessionId"].as_str().context("a session has an id")?.to_owned();
        Ok(Self { port, id })
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When the driver is gone.
    pub async fn close(self) -> Result<()> {
        self.call(Method::DELETE, "", None).await.map(drop)
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// When the page cannot be loaded.
    pub async fn go(&self, url: &str) -> Result<()> {
        self.call(Method::POST, "/url", Some(&json!({"url": url}))).await.map(drop)
    }

    /// The address shown.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn url(&self) -> Result<String> {
        Ok(self.call(Method::GET, "/url", None).await?.as_str().unwrap_or_default().to_owned())
    }

    /// All windows of the program, by handle.
    ///
    /// # Errors
    /// When the program is gone.
    pub async fn windows(&self) -> Result<Vec<String>> {
        let handles = self.call(Method::GET, "/window/handles", None).await?;
        Ok(serde_json::from_value(handles)?)
    }

    /// Drives another window of the program from now on.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn switch_to(&self, handle: &str) -> Result<()> {
        self.call(Method::POST, "/window", Some(&json!({"handle": handle}))).await.map(drop)
    }

    /// Waits for an element; `selector` is XPath when it begins with a slash, CSS otherwise.
    ///
    /// # Errors
    /// After 30 s, with what the page says instead.
    pub async fn find(&self, selector: &str) -> Result<Element> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(element) = self.find_now(selector).await? {
                return Ok(element);
            }
            if tokio::time::Instant::now() > deadline {
                let page = self.page_text().await.unwrap_or_default();
                bail!("{selector} did not appear; the page says:\n{page}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// The element, if it is there now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn find_now(&self, selector: &str) -> Result<Option<Element>> {
        let using = if selector.starts_with('/') { "xpath" } else { "css selector" };
        let body = json!({"using": using, "value": selector});
        let found = self.call(Method::POST, "/elements", Some(&body)).await?;
        Ok(found[0][ELEMENT].as_str().map(|id| Element(id.to_owned())))
    }

    /// Waits until an element is gone.
    ///
    /// # Errors
    /// After 30 s.
    pub async fn gone(&self, selector: &str) -> Result<()> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.find_now(selector).await?.is_some() {
            ensure!(tokio::time::Instant::now() < deadline, "{selector} did not go away");
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// Waits for an element and clicks it; tries again while something lies over it.
    ///
    /// # Errors
    /// When it does not appear or cannot be clicked for 30 s.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let element = self.find(selector).await?;
            let path = format!("/element/{}/click", element.0);
            match self.call(Method::POST, &path, Some(&json!({}))).await {
                Ok(_) => return Ok(()),
                Err(error) if tokio::time::Instant::now() > deadline => {
                    return Err(error.context(format!("cannot click {selector}")));
                }
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Waits for an element and types into it.
    ///
    /// # Errors
    /// When it does not appear or takes no keys.
    pub async fn keys(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector).await?;
        let path = format!("/element/{}/value", element.0);
        self.call(Method::POST, &path, Some(&json!({"text": text})))
            .await
            .with_context(|| format!("cannot type into {selector}"))
            .map(drop)
    }

    /// Replaces what a field holds.
    ///
    /// # Errors
    /// When it does not appear or takes no keys.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.find(selector).await?;
        self.call(Method::POST, &format!("/element/{}/clear", element.0), Some(&json!({}))).await?;
        self.keys(selector, text).await
    }

    /// The text a person reads in an element.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let element = self.find(selector).await?;
        let text = self.call(Method::GET, &format!("/element/{}/text", element.0), None).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a function body in the page and returns what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let body = json!({"script": script, "args": arguments});
        self.call(Method::POST, "/execute/sync", Some(&body)).await
    }

    /// Waits until a function body returns something true.
    ///
    /// # Errors
    /// After 30 s, with what the page says.
    pub async fn until(&self, script: &str) -> Result<Value> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let value = self.run(script, &[]).await?;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(value);
            }
            if tokio::time::Instant::now() > deadline {
                let page = self.page_text().await.unwrap_or_default();
                bail!("{script} did not become true; the page says:\n{page}");
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Saves a picture of the window as PNG.
    ///
    /// # Errors
    /// When the driver gives none.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        let picture = self.call(Method::GET, "/screenshot", None).await?;
        let picture = picture.as_str().context("a picture is text in base64")?;
        Ok(std::fs::write(path, base64::engine::general_purpose::STANDARD.decode(picture)?)?)
    }

    async fn page_text(&self) -> Result<String> {
        let text = self.run("return document.body.innerText", &[]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
        request(self.port, method, &format!("/session/{}{path}", self.id), body).await
    }
}

async fn request(port: u16, method: Method, path: &str, body: Option<&Value>) -> Result<Value> {
    let exchange = async {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let text = body.map(Value::to_string).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", format!("127.0.0.1:{port}"))
            .header("content-type", "application/json")
            .header("content-length", text.len())
            .body(Full::new(Bytes::from(text)))?;
        let reply = sender.send_request(request).await?;
        let body = reply.into_body().collect().await?.to_bytes();
        connection.abort();
        anyhow::Ok(serde_json::from_slice::<Value>(&body)?)
    };
    let reply = tokio::time::timeout(CALL, exchange)
        .await
        .with_context(|| format!("the driver did not answer {path}"))??;
    let value = reply.get("value").cloned().unwrap_or(Value::Null);
    if let Some(error) = value.get("error").and_then(Value::as_str) {
        bail!("{error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}
