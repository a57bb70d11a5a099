//! The real code-server through the proxy, used in Chromium and in WebKitGTK as a person uses it: log
//! in, open a folder, edit and save a file, run a command in its terminal.

use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use tests::{
    desktop::Desktop,
    process::Started,
    sshd::free_port,
    webdriver::{WebDriver, key},
};
use web_proxy::Proxy;

use super::rig::Port;

const READY: Duration = Duration::from_secs(60);
const PATIENCE: Duration = Duration::from_secs(90);
const PASSWORD: &str = "correct horse";

/// code-server on a loopback port, with a folder that holds one file.
struct Ide {
    port: u16,
    folder: PathBuf,
    _server: Started,
    _home: TempDir,
}

impl Ide {
    fn start() -> Result<Self> {
        let home = tempfile::Builder::new().prefix("moorline-ide-").tempdir()?;
        let folder = home.path().join("project");
        fs::create_dir(&folder)?;
        fs::write(folder.join("note.txt"), "first line\n")?;
        let settings = home.path().join("data/User");
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("settings.json"), r#"{"workbench.startupEditor": "none"}"#)?;
        let port = free_port()?;
        let mut command = Command::new("node");
        command
            .arg(tree()?.join("node_modules/code-server/out/node/entry.js"))
            .args(["--bind-addr", &format!("127.0.0.1:{port}"), "--auth", "password"])
            .args(["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"])
            .arg("--user-data-dir")
            .arg(home.path().join("data"))
            .env("HOME", home.path())
            .env("PASSWORD", PASSWORD)
            .env("SHELL", "/bin/sh")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = Started::start("code-server", &mut command)?;
        server.wait_until(READY, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        Ok(Self { port, folder, _server: server, _home: home })
    }
}

/// The built code-server; built now when it is not.
fn tree() -> Result<PathBuf> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("testbed/code-server.sh");
    let output = Command::new("bash").arg(script).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "code-server cannot be built");
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

#[tokio::test(flavor = "multi_thread")]
async fn code_server_works_in_chromium() {
    let browser = WebDriver::chromium().await.expect("Chromium starts");
    use_it(&browser, "chromium").await.expect("code-server works in Chromium");
    browser.quit().await.expect("Chromium ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn code_server_works_in_webkit() {
    let desktop = Desktop::start().expect("a desktop");
    let browser = WebDriver::webkit(&desktop).await.expect("WebKitGTK starts");
    use_it(&browser, "webkit").await.expect("code-server works in WebKitGTK");
    browser.quit().await.expect("WebKitGTK ends");
}

async fn use_it(browser: &WebDriver, name: &str) -> Result<()> {
    let ide = tokio::task::spawn_blocking(Ide::start).await??;
    let proxy = Proxy::start(Arc::new(Port(ide.port)), "practice, port 8080").await?;
    let done = async {
        log_in(browser, &proxy, &ide).await.context("log in")?;
        is_at_home(browser, &proxy).await.context("secure context")?;
        edit(browser, &ide).await.context("edit a file")?;
        use_terminal(browser, &ide).await.context("use the terminal")
    };
    let done = done.await;
    if done.is_err() {
        let picture = std::env::temp_dir().join(format!("moorline-ide-{name}.png"));
        let _ = browser.screenshot(&picture).await;
    }
    // The editor asks before it lets the page go.
    let _ = browser.go("about:blank").await;
    proxy.shutdown().await;
    done
}

async fn log_in(browser: &WebDriver, proxy: &Proxy, ide: &Ide) -> Result<()> {
    let path = format!("/?folder={}", ide.folder.display());
    browser.go(&proxy.one_time_link(&path)).await?;
    let field = browser.wait_for("input[name=password]", READY).await?;
    browser.type_into(&field, PASSWORD).await?;
    browser.click(&browser.find("input[type=submit]").await?).await?;
    browser
        .wait_for(".monaco-workbench .explorer-folders-view [aria-label^='note.txt']", PATIENCE)
        .await?;
    ensure!(browser.url().await?.starts_with(proxy.origin()), "the page left the origin");
    Ok(())
}

/// The page has what an editor needs from a browser, and nothing of ours to read.
async fn is_at_home(browser: &WebDriver, proxy: &Proxy) -> Result<()> {
    let facts = browser
        .execute(
            "return navigator.serviceWorker.getRegistrations().then(all => ({
                secure: isSecureContext,
                workers: all.length,
                clipboard: typeof navigator.clipboard.writeText,
                crypto: typeof crypto.subtle.digest,
                cookie: document.cookie,
                origin: location.origin }))",
            json!([]),
        )
        .await?;
    ensure!(facts["secure"] == true, "{facts}");
    ensure!(facts["clipboard"] == "function" && facts["crypto"] == "function", "{facts}");
    ensure!(facts["workers"].as_u64() >= Some(1), "no service worker: {facts}");
    ensure!(facts["origin"] == proxy.origin(), "{facts}");
    let cookie = facts["cookie"].as_str().unwrap_or_default();
    ensure!(!cookie.contains("moorline"), "a script can read our session: {facts}");
    Ok(())
}

async fn edit(browser: &WebDriver, ide: &Ide) -> Result<()> {
    let file = browser.find(".explorer-folders-view [aria-label^='note.txt']").await?;
    browser.click(&file).await?;
    let line = browser.wait_for(".editor-instance .view-line", PATIENCE).await?;
    browser.click(&line).await?;
    browser.chord(&[key::CONTROL, key::END]).await?;
    browser.keys("second line").await?;
    browser.chord(&[key::CONTROL, 's']).await?;
    let note = ide.folder.join("note.txt");
    on_disk(browser, &note, "first line\nsecond line").await
}

async fn use_terminal(browser: &WebDriver, ide: &Ide) -> Result<()> {
    browser.keys(&key::F1.to_string()).await?;
    let entry = browser.wait_for(".quick-input-widget input", PATIENCE).await?;
    browser.type_into(&entry, "Terminal: Create New Terminal (In Active").await?;
    browser
        .wait_for(".quick-input-list [aria-label*='Create New Terminal (In Active']", PATIENCE)
        .await?;
    browser.keys(&key::ENTER.to_string()).await?;
    browser.wait_for(".terminal-wrapper.active .xterm-helper-textarea", PATIENCE).await?;
    let is_ready = "return document.activeElement?.classList.contains('xterm-helper-textarea')";
    browser
        .until("the terminal's focus", PATIENCE, async || {
            let focused = browser.execute(is_ready, json!([])).await?;
            Ok((focused == true).then_some(()))
        })
        .await?;
    browser.keys("echo through > made.txt").await?;
    browser.keys(&key::ENTER.to_string()).await?;
    on_disk(browser, &ide.folder.join("made.txt"), "through").await
}

async fn on_disk(browser: &WebDriver, path: &Path, wanted: &str) -> Result<()> {
    let what = format!("{wanted:?} in {}", path.display());
    let check = async || {
        let found = fs::read_to_string(path).unwrap_or_default();
        ensure!(found.trim_end() == wanted, "found {found:?}");
        Ok(Some(()))
    };
    browser.until(&what, PATIENCE, check).await
}
