//! Moorline without a window: a core, and one attached client that a program talks through.
//!
//! Owns: calling commands by name and waiting for what the core reports. Deliberately not here: what is
//! asserted about the answers.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use app::{Core, CoreOptions, Host, Pace, PickKind, SystemKeychain};
use async_trait::async_trait;
use backend_api::{Clock as _, SystemClock};
use bytes::Bytes;
use ipc::{Client, ClientSink, dispatch};
use model::{ErrorCode, Failure};
use serde_json::Value;
use tokio::sync::Notify;

/// How often a condition is looked at when the core reports nothing.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A running core with one client.
pub struct Headless {
    core: Arc<Core>,
    client: Arc<Client>,
    sink: Arc<Sink>,
    ahead: Arc<AtomicI64>,
    next_stream: AtomicU32,
}

impl Headless {
    /// Starts a core on a data folder, with the person's home at `home`. Secrets are not kept: there is
    /// no keychain.
    ///
    /// # Errors
    /// When the core does not start.
    pub async fn start(data_folder: &Path, home: &Path) -> Result<Self> {
        Self::start_with(data_folder, home, Vec::new(), Pace::default()).await
    }

    /// The same, with a core that is in another hurry.
    ///
    /// # Errors
    /// When the core does not start.
    pub async fn start_at_pace(data_folder: &Path, home: &Path, pace: Pace) -> Result<Self> {
        Self::start_with(data_folder, home, Vec::new(), pace).await
    }

    /// The same, with programs of this computer to be found in these folders first.
    ///
    /// # Errors
    /// When the core does not start.
    pub async fn start_with_programs(
        data_folder: &Path,
        home: &Path,
        program_folders: Vec<PathBuf>,
    ) -> Result<Self> {
        Self::start_with(data_folder, home, program_folders, Pace::default()).await
    }

    async fn start_with(
        data_folder: &Path,
        home: &Path,
        program_folders: Vec<PathBuf>,
        pace: Pace,
    ) -> Result<Self> {
        let ahead = Arc::new(AtomicI64::new(0));
        let options = CoreOptions {
            data_folder: data_folder.to_owned(),
            home_folder: home.to_owned(),
            agent_socket: None,
            places: app::ConfigPlaces::default(),
            backends: backend_registry::all(),
            host: Arc::new(NoDesktop { program_folders, pace, ahead: Arc::clone(&ahead) }),
            keychain: SystemKeychain::DoWithout,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            journal: app::Journal::default(),
        };
        let core = Core::start(options).await.map_err(|failure| said(&failure))?;
        let sink = Arc::new(Sink::default());
        let client = Client::attach(&core, Arc::clone(&sink) as Arc<dyn ClientSink>);
        Ok(Self { core, client, sink, ahead, next_stream: AtomicU32::new(1) })
    }

    /// The core, for another way in beside this client.
    #[must_use]
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Calls a command.
    ///
    /// # Errors
    /// When the command fails: its message and hint.
    pub async fn call(&self, name: &str, args: Value) -> Result<Value> {
        dispatch(&self.core, &self.client, name, args).await.map_err(|error| {
            let error = serde_json::to_value(&error).unwrap_or_default();
            anyhow!("{name}: {}", in_words(&error))
        })
    }

    /// Looks with `check` whenever the core reports something, until it finds what it wants.
    ///
    /// # Errors
    /// When the deadline passes, or `check` fails.
    pub async fn until<T>(
        &self,
        what: &str,
        deadline: Duration,
        check: impl AsyncFn() -> Result<Option<T>>,
    ) -> Result<T> {
        let looking = async {
            loop {
                let reported = self.sink.reported.notified();
                if let Some(found) = check().await? {
                    return Ok(found);
                }
                // Events are news, not a promise: look again now and then.
                let _ = tokio::time::timeout(LOOK_AGAIN, reported).await;
            }
        };
        tokio::time::timeout(deadline, looking)
            .await
            .map_err(|_| anyhow!("waited {deadline:?} in vain for {what}"))?
    }

    /// Moves the core's wall clock, and no other: what it sees when the computer slept so long.
    pub fn sleep(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    /// The core's wall clock.
    #[must_use]
    pub fn now(&self) -> i64 {
        SystemClock.now() + self.ahead.load(Ordering::Relaxed)
    }

    /// A number for a new stream.
    pub fn new_stream(&self) -> u32 {
        self.next_stream.fetch_add(1, Ordering::Relaxed)
    }

    /// Reads a stream until its text contains `wanted`, and returns all of it.
    ///
    /// # Errors
    /// When the deadline passes; the message holds what arrived instead.
    pub async fn read_until(
        &self,
        stream: u32,
        wanted: &str,
        deadline: Duration,
    ) -> Result<String> {
        let found = self
            .until(wanted, deadline, async || {
                let (text, fresh) = self.sink.take_fresh(stream);
                if fresh > 0 {
                    let args = serde_json::json!({"stream": stream, "bytes": fresh});
                    self.call("stream_ack", args).await?;
                }
                Ok(text.contains(wanted).then_some(text))
            })
            .await;
        found.with_context(|| format!("the stream says {:?}", self.sink.take_fresh(stream).0))
    }

    /// Ends the core and everything it runs.
    pub async fn shutdown(self) {
        drop(self.client);
        self.core.shutdown().await;
    }
}

/// Keeps what streams bring, and wakes whoever waits.
#[derive(Default)]
struct Sink {
    streams: Mutex<HashMap<u32, Received>>,
    reported: Notify,
}

#[derive(Default)]
struct Received {
    bytes: Vec<u8>,
    acknowledged: usize,
}

impl Sink {
    /// All text of a stream so far, and how many bytes of it are not acknowledged.
    fn take_fresh(&self, stream: u32) -> (String, usize) {
        let mut streams = self.streams.lock().expect("nobody panics with the lock");
        let received = streams.entry(stream).or_default();
        let fresh = received.bytes.len() - received.acknowledged;
        received.acknowledged = received.bytes.len();
        (String::from_utf8_lossy(&received.bytes).into_owned(), fresh)
    }
}

impl ClientSink for Sink {
    fn event(&self, _json: String) {
        self.reported.notify_one();
    }

    fn stream(&self, stream: u32, chunk: Bytes) {
        let mut streams = self.streams.lock().expect("nobody panics with the lock");
        streams.entry(stream).or_default().bytes.extend_from_slice(&chunk);
        drop(streams);
        self.reported.notify_one();
    }
}

/// No windows and no dialogs: pages are handed out as links.
struct NoDesktop {
    program_folders: Vec<PathBuf>,
    pace: Pace,
    /// Milliseconds by which the core's clock is ahead of the system's.
    ahead: Arc<AtomicI64>,
}

#[async_trait]
impl Host for NoDesktop {
    fn is_desktop(&self) -> bool {
        false
    }

    fn now(&self) -> i64 {
        SystemClock.now() + self.ahead.load(Ordering::Relaxed)
    }

    fn pace(&self) -> Pace {
        self.pace
    }

    fn program_folders(&self) -> Vec<PathBuf> {
        self.program_folders.clone()
    }

    async fn open_window(
        &self,
        _label: &str,
        _url: &str,
        _title: &str,
        _key: &str,
    ) -> Result<(), Failure> {
        Err(Failure::new(ErrorCode::Unsupported, "there are no windows here"))
    }

    async fn open_url(&self, _url: &str) -> Result<(), Failure> {
        Err(Failure::new(ErrorCode::Unsupported, "there is no browser here"))
    }

    async fn pick_save_path(&self, _suggested: &str) -> Result<Option<PathBuf>, Failure> {
        Err(Failure::new(ErrorCode::Unsupported, "there are no dialogs here"))
    }

    async fn pick_open_path(&self, _: &str, _: PickKind) -> Result<Option<PathBuf>, Failure> {
        Err(Failure::new(ErrorCode::Unsupported, "there are no dialogs here"))
    }
}

/// A run, waited for to its end.
///
/// # Errors
/// When it does not succeed; the message is the run's own.
pub async fn finished(moorline: &Headless, started: &Value, deadline: Duration) -> Result<Value> {
    let run_id = started["run_id"].clone();
    let run = moorline
        .until("the run to end", deadline, async || {
            let run = moorline.call("run_get", serde_json::json!({"run_id": run_id})).await?;
            Ok((run["status"] != "running").then_some(run))
        })
        .await?;
    if run["status"] != "succeeded" {
        bail!("{} ended as {}: {}", run["verb"], run["status"], in_words(&run["error"]));
    }
    Ok(run)
}

fn said(failure: &Failure) -> anyhow::Error {
    anyhow!("{}", in_words(&serde_json::to_value(failure).unwrap_or_default()))
}

/// Message and hint of a failure as one line.
fn in_words(failure: &Value) -> String {
    let part = |name: &str| failure[name].as_str().unwrap_or_default().to_owned();
    format!("{} {}", part("message"), part("hint")).trim().to_owned()
}
