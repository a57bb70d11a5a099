//! A core, a client, and everything the client ever got.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use app::{Core, CoreOptions, Host, PickKind, SystemKeychain};
use async_trait::async_trait;
use bytes::Bytes;
use ipc::{AppError, Client, ClientSink, dispatch};
use model::{ErrorCode, Failure, WorkspaceState};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::fake::{FakeBackend, FakeServer};

/// Keeps all that comes.
#[derive(Default)]
pub(crate) struct Sink {
    pub(crate) events: Mutex<Vec<Value>>,
    pub(crate) bytes: Mutex<Vec<(u32, Bytes)>>,
}

impl ClientSink for Sink {
    fn event(&self, json: String) {
        self.events.lock().unwrap().push(serde_json::from_str(&json).unwrap());
    }

    fn stream(&self, stream: u32, chunk: Bytes) {
        self.bytes.lock().unwrap().push((stream, chunk));
    }
}

impl Sink {
    pub(crate) fn received(&self, stream: u32) -> Vec<u8> {
        let all = self.bytes.lock().unwrap();
        let ours = all.iter().filter(|(number, _)| *number == stream);
        ours.flat_map(|(_, chunk)| chunk.to_vec()).collect()
    }

    pub(crate) fn end_of(&self, stream: u32) -> Option<Value> {
        let events = self.events.lock().unwrap();
        let ends = |event: &&Value| event["type"] == "stream_end" && event["stream"] == stream;
        events.iter().find(ends).cloned()
    }
}

struct Browser;

#[async_trait]
impl Host for Browser {
    fn is_desktop(&self) -> bool {
        false
    }

    async fn open_window(&self, _: &str, _: &str, _: &str, _: &str) -> Result<(), Failure> {
        Err(unsupported())
    }

    async fn open_url(&self, _: &str) -> Result<(), Failure> {
        Err(unsupported())
    }

    async fn pick_save_path(&self, _: &str) -> Result<Option<PathBuf>, Failure> {
        Err(unsupported())
    }

    async fn pick_open_path(&self, _: &str, _: PickKind) -> Result<Option<PathBuf>, Failure> {
        Err(unsupported())
    }
}

fn unsupported() -> Failure {
    Failure::new(ErrorCode::Unsupported, "a browser cannot do this")
}

pub(crate) struct Bench {
    pub(crate) core: Arc<Core>,
    pub(crate) client: Arc<Client>,
    pub(crate) sink: Arc<Sink>,
    pub(crate) server: FakeServer,
    pub(crate) folder: TempDir,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let server = FakeServer::default();
        let core = Core::start(CoreOptions {
            data_folder: folder.path().join("data"),
            home_folder: folder.path().to_owned(),
            agent_socket: None,
            places: app::ConfigPlaces::default(),
            backends: vec![Arc::new(FakeBackend(server.clone()))],
            host: Arc::new(Browser),
            keychain: SystemKeychain::DoWithout,
            version: "0".into(),
            journal: app::Journal::default(),
        })
        .await
        .unwrap();
        let sink = Arc::new(Sink::default());
        let client = Client::attach(&core, Arc::clone(&sink) as Arc<dyn ClientSink>);
        Self { core, client, sink, server, folder }
    }

    pub(crate) async fn call(&self, name: &str, args: Value) -> Result<Value, AppError> {
        dispatch(&self.core, &self.client, name, args).await
    }

    /// A running workspace on a connection that is up, as `WorkspaceRef`.
    pub(crate) async fn workspace(&self) -> Value {
        self.server.add("atlas-api", WorkspaceState::Running);
        self.call("connection_create", input("forge-1")).await.unwrap();
        self.until("the row", async || {
            let rows = self.call("workspaces_list", json!({})).await.unwrap();
            let row = rows.get(0).filter(|row| row["stale_since"].is_null())?;
            Some(row["workspace_ref"].clone())
        })
        .await
    }

    /// Looks every few milliseconds, with a deadline.
    pub(crate) async fn until<T>(&self, what: &str, check: impl AsyncFn() -> Option<T>) -> T {
        let looking = async {
            loop {
                if let Some(found) = check().await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        match tokio::time::timeout(Duration::from_secs(20), looking).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}"),
        }
    }
}

pub(crate) fn input(name: &str) -> Value {
    json!({
        "kind": "fake", "name": name, "fields": {}, "secrets": {}, "ssh_host": null,
        "connect_at_start": true,
    })
}
