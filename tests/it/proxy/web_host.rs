//! The UI and the core for a plain browser: files, the WebSocket's words, and the door.

use std::{fs, sync::Arc};

use app::{Core, CoreOptions, SystemKeychain};
use futures::{SinkExt, StreamExt};
use http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::browser::Browser;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{WebSocketStream, tungstenite::Message};
use web_host::{BrowserHost, WebHost, WebHostOptions};

use super::rig::DEADLINE;

struct Served {
    core: Arc<Core>,
    host: WebHost,
    _folders: TempDir,
}

async fn served() -> Served {
    let folders = tempfile::tempdir().unwrap();
    let ui_folder = folders.path().join("ui");
    fs::create_dir_all(ui_folder.join("assets")).unwrap();
    fs::write(ui_folder.join("index.html"), "<!doctype html><title>Moorline</title>").unwrap();
    fs::write(ui_folder.join("assets/a.js"), "export {}").unwrap();
    fs::write(folders.path().join("secret.txt"), "secret").unwrap();
    let core = Core::start(CoreOptions {
        data_folder: folders.path().join("data"),
        home_folder: folders.path().join("home"),
        agent_socket: None,
        places: app::ConfigPlaces::default(),
        backends: Vec::new(),
        host: Arc::new(BrowserHost),
        keychain: SystemKeychain::DoWithout,
        version: "1.2.3".to_owned(),
        journal: app::Journal::default(),
    })
    .await
    .expect("the core starts");
    let host = WebHost::start(core.clone(), WebHostOptions { ui_folder }).await.unwrap();
    Served { core, host, _folders: folders }
}

impl Served {
    async fn end(self) {
        self.host.shutdown().await;
        self.core.shutdown().await;
    }
}

async fn call(socket: &mut WebSocketStream<TcpStream>, call: Value) -> Value {
    let id = call["id"].clone();
    socket.send(Message::text(call.to_string())).await.unwrap();
    loop {
        let message = timeout(DEADLINE, socket.next()).await.expect("in time").unwrap().unwrap();
        let value: Value = serde_json::from_slice(&message.into_data()).unwrap();
        if value["id"] == id {
            return value;
        }
    }
}

#[tokio::test]
async fn a_browser_gets_the_files_of_the_ui_and_no_others() {
    let served = served().await;
    let (mut browser, page) = Browser::open(&served.host.url_with_token()).await.unwrap();
    assert!(page.body.contains("<title>Moorline</title>"), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for words in ["default-src 'self'", "connect-src 'self' ws://", "frame-ancestors 'none'"] {
        assert!(policy.contains(words), "{policy}");
    }
    let script = browser.get("/assets/a.js").await.unwrap();
    assert_eq!(script.headers["content-type"], "text/javascript; charset=utf-8");
    for path in ["/assets/none.js", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"] {
        let page = browser.get(path).await.unwrap();
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    served.end().await;
}

#[tokio::test]
async fn commands_are_answered_on_the_web_socket() {
    let served = served().await;
    let (browser, _) = Browser::open(&served.host.url_with_token()).await.unwrap();
    let mut socket = browser.web_socket("/ipc").await.unwrap();
    let info = call(&mut socket, json!({"id": 1, "name": "app_info", "args": {}})).await;
    assert_eq!(info["ok"]["version"], "1.2.3", "{info}");
    let wrong = call(&mut socket, json!({"id": 2, "name": "no_such", "args": {}})).await;
    assert_eq!(wrong["err"]["code"], "unsupported", "{wrong}");
    let again = call(&mut socket, json!({"id": 3, "name": "connections_list", "args": {}})).await;
    assert_eq!(again["ok"], json!([]), "{again}");
    socket.send(Message::text("nonsense")).await.unwrap();
    let end = async { while let Some(Ok(_)) = socket.next().await {} };
    timeout(DEADLINE, end).await.expect("nonsense ends the socket");
    served.end().await;
}

#[tokio::test]
async fn the_core_is_not_reached_without_a_link() {
    let served = served().await;
    let link = served.host.url_with_token();
    let bare = link.split("/.moorline").next().unwrap().to_owned();
    let (stranger, page) = Browser::open(&format!("{bare}/")).await.unwrap();
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(stranger.web_socket("/ipc").await.is_err());
    let (_, first) = Browser::open(&link).await.unwrap();
    assert_eq!(first.status, StatusCode::OK);
    let (_, second) = Browser::open(&link).await.unwrap();
    assert_eq!(second.status, StatusCode::UNAUTHORIZED);
    served.end().await;
}
