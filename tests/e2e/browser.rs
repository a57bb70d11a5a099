//! The same interface in a plain browser, against the core over its loopback WebSocket.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use http::StatusCode;
use serde_json::{Value, json};
use tests::{
    browser::Browser,
    dev_image::DEV_IMAGE,
    headless::Headless,
    practice::Practice,
    screens::{Places, make_tunnels, screens},
    session::Session,
};
use tokio_tungstenite::tungstenite::{
    Error,
    client::IntoClientRequest,
    http::header::{COOKIE, ORIGIN},
};
use url::Url;
use web_host::{WebHost, WebHostOptions};

use super::steps::{button, terminal_says, type_line, words};

const NAME: &str = "atlas-api";

/// Findings of axe-core on the page, one a line. The guards around menus pass the focus on at once; axe
/// takes them for hidden things that keep it.
const AXE: &str = "
    const where = { include: [['html']], exclude: [['[data-base-ui-focus-guard]']] };
    return axe.run(where, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(
        ({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) =>
            target.join(' ') + ' ' + failureSummary).join('; ')).join('\\n'));";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the built interface: cargo xtask test runs it"]
async fn a_plain_browser_shows_the_same_interface_and_nobody_else_gets_in() {
    let practice = Practice::start().await.expect("the practice server");
    let data = tempfile::tempdir().expect("a data folder");
    let moorline = Headless::start(data.path(), &practice.home()).await.expect("the core");
    let ui_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    let host = WebHost::start(moorline.core().clone(), WebHostOptions { ui_folder }).await;
    let host = host.expect("the web host");
    let outcome = visit(&moorline, &practice, &host).await;
    host.shutdown().await;
    moorline.shutdown().await;
    outcome.expect("the visit");
}

async fn visit(moorline: &Headless, practice: &Practice, host: &WebHost) -> Result<()> {
    let window = Session::chromium().await?;
    window.open_page(&host.url_with_token()).await?;
    window.find(&button("Add a server")).await.context("the welcome page")?;
    check_both(moorline, &window, "welcome").await?;
    let connection = practice.connect(moorline).await?;
    practice.container(moorline, &connection, "atlas-web", false).await?;
    window.find("[title^='atlas-web']").await.context("the server's card on Home")?;
    window.run("location.hash = '/workspaces'", &[]).await?;
    window.find("[aria-label='atlas-web']").await.context("the list")?;
    create(&window).await.context("creating")?;
    terminal(&window).await.context("the terminal")?;
    beside(&window).await.context("terminals side by side")?;
    logs(&window).await.context("the logs")?;
    strangers(&host.url_with_token()).await.context("strangers")?;
    check_screens(moorline, practice, &window, &connection).await
}

async fn create(window: &Session) -> Result<()> {
    window.run("location.hash = '/workspaces'", &[]).await?;
    window.click(&button("New workspace")).await?;
    window.fill("[data-field='name'] input", NAME).await?;
    window.fill("[data-field='image'] input", DEV_IMAGE).await?;
    window.until("return !document.querySelector('[role=dialog] [type=submit]').disabled").await?;
    window.click("[role=dialog] [type=submit]").await?;
    window.find(&words("Done")).await?;
    window.run("location.hash = '/workspaces'", &[]).await?;
    window.find(&format!("//*[@aria-label='{NAME}']//*[contains(., 'Running')]")).await.map(drop)
}

/// A round trip, then the same terminal again in the page that was loaded anew.
async fn terminal(window: &Session) -> Result<()> {
    window.click(&format!("[aria-label='{NAME}']")).await?;
    window.click(&button("Terminal")).await?;
    type_line(window, "clear; echo answer-$((6 * 7))").await?;
    terminal_says(window, "answer-42").await?;
    window.run("location.reload()", &[]).await?;
    terminal_says(window, "answer-42").await.context("after the page was loaded anew")?;
    type_line(window, "echo again-$((7 * 7))").await?;
    terminal_says(window, "again-49").await.context("typing after the page was loaded anew")
}

/// A second terminal beside the first; both are there again, in their places, after another reload.
async fn beside(window: &Session) -> Result<()> {
    window.click("[aria-label='New terminal']").await?;
    let tabs = "return document.querySelectorAll(\"[aria-controls^='dock-']\").length === 2";
    window.until(tabs).await.context("the second tab")?;
    window.click("[aria-label='Show side by side']").await?;
    let both = "
        const texts = [...document.querySelectorAll('section[id^=dock-] .xterm-rows')]
            .filter((rows) => rows.offsetWidth > 0).map((rows) => rows.innerText);
        return texts.length === 2 && texts.some((text) => text.includes('again-49'))
            && document.querySelector('[role=separator][aria-orientation=vertical]') !== null";
    window.until(both).await.context("both in view")?;
    window.run("location.reload()", &[]).await?;
    window.until(both).await.map(drop).context("both after the page was loaded anew")
}

async fn logs(window: &Session) -> Result<()> {
    window.click("//*[@role='tab'][starts-with(., 'Logs')]").await?;
    window.find(&words("dev container ready")).await.map(drop)
}

/// Neither a browser without the token nor a page of another origin reaches the core.
async fn strangers(link: &str) -> Result<()> {
    let (own, _) = Browser::open(link).await?;
    own.web_socket("/ipc").await.context("the own page's socket, which must open")?;
    let url = Url::parse(link)?;
    let bare = url.origin().ascii_serialization();
    let (_, page) = Browser::open(&format!("{bare}/")).await?;
    ensure!(page.status == StatusCode::UNAUTHORIZED, "without a token: {}", page.status);
    let (_, page) = Browser::open(link).await?;
    ensure!(page.status == StatusCode::UNAUTHORIZED, "a used token: {}", page.status);
    let refused = socket(&url, &bare, "").await?;
    ensure!(refused == StatusCode::UNAUTHORIZED, "a socket without a token: {refused}");
    let refused = socket(&url, "http://evil.localhost", &own.cookie_header()).await?;
    ensure!(refused == StatusCode::FORBIDDEN, "a socket of a foreign page: {refused}");
    Ok(())
}

/// The status with which a WebSocket of a page at `origin` is refused.
async fn socket(url: &Url, origin: &str, cookie: &str) -> Result<StatusCode> {
    let (name, port) = (url.host_str().context("no host")?, url.port().context("no port")?);
    let mut request = format!("ws://{name}:{port}/ipc").into_client_request()?;
    request.headers_mut().insert(ORIGIN, origin.parse()?);
    request.headers_mut().insert(COOKIE, cookie.parse()?);
    let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    match tokio_tungstenite::client_async(request, stream).await {
        Err(Error::Http(reply)) => Ok(reply.status()),
        Err(error) => Err(error.into()),
        Ok(_) => anyhow::bail!("a socket of a page at {origin} opens"),
    }
}

/// Every screen with what is on the server, in both colour schemes.
async fn check_screens(
    moorline: &Headless,
    practice: &Practice,
    window: &Session,
    connection: &Value,
) -> Result<()> {
    let workspaces = moorline.call("workspaces_list", json!({})).await?;
    let all = workspaces.as_array().context("a list of workspaces")?;
    let ours = all.iter().find(|view| view["workspace"]["name"] == NAME).context("not listed")?;
    let runs =
        moorline.call("runs_list", json!({"search": "", "status": null, "limit": 1})).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let places = Places {
        connection: text(&connection["connection"]["id"]),
        workspace: text(&ours["workspace_ref"]["workspace_id"]),
        run: text(&runs[0]["id"]),
        tunnel: make_tunnels(moorline, practice).await?,
    };
    for screen in screens(&places) {
        screen.show(window).await.with_context(|| format!("the screen \"{}\"", screen.name))?;
        check_both(moorline, window, screen.name).await?;
        screen.leave(window).await?;
    }
    Ok(())
}

async fn check_both(moorline: &Headless, window: &Session, name: &str) -> Result<()> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).context("axe-core is not installed")?;
    for scheme in ["dark", "light"] {
        let mut settings = moorline.call("settings_get", json!({})).await?;
        settings["color_scheme"] = json!(scheme);
        moorline.call("settings_set", settings).await?;
        let is_there = "const page = document.documentElement;
            return page.dataset.theme === SCHEME && document.getAnimations().every(
                (a) => a.effect.getTiming().iterations === Infinity || a.playState !== 'running')";
        window.until(&is_there.replace("SCHEME", &json!(scheme).to_string())).await?;
        window.run(&axe, &[]).await?;
        let found = window.run(AXE, &[]).await?;
        ensure!(found == "", "{name} ({scheme}): {}", found.as_str().unwrap_or_default());
    }
    Ok(())
}
