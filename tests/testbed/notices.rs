//! A desktop's place for notices: what programs tell the person is kept, for tests to read and to click.
//!
//! Owns: the name `org.freedesktop.Notifications` on a session bus. Deliberately not here: what should be
//! told.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::sync::Notify;
use zbus::{Connection, zvariant::OwnedValue};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const LIMIT: Duration = Duration::from_secs(30);

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The number that this desktop gave it.
    pub id: u32,
    pub title: String,
    pub body: String,
    /// It says that a click on it means something.
    pub can_be_clicked: bool,
}

#[derive(Default)]
struct Kept {
    told: Mutex<Vec<Told>>,
    news: Notify,
}

struct Server(Arc<Kept>);

#[expect(clippy::too_many_arguments, reason = "the protocol has as many")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    async fn notify(
        &self,
        _program: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        let id = u32::try_from(told.len()).unwrap_or_default() + 1;
        let can_be_clicked = actions.iter().any(|action| action == "default");
        told.push(Told { id, title, body, can_be_clicked });
        self.0.news.notify_one();
        id
    }

    async fn close_notification(&self, _id: u32) {}

    async fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body"]
    }

    async fn get_server_information(
        &self,
    ) -> (&'static str, &'static str, &'static str, &'static str) {
        ("testbed", "moorline", "1", "1.2")
    }
}

/// The receiver. It exists on the bus for as long as it is held.
pub struct Notices {
    bus: Connection,
    kept: Arc<Kept>,
}

impl Notices {
    /// Takes the name on the session bus at `address`.
    ///
    /// # Errors
    /// When the bus does not answer or another program has the name.
    pub async fn start(address: &str) -> Result<Self> {
        let kept = Arc::<Kept>::default();
        let bus = zbus::connection::Builder::address(address)?
            .serve_at(PATH, Server(Arc::clone(&kept)))?
            .name(NAME)?
            .build()
            .await
            .context("cannot show the notices of this session bus")?;
        Ok(Self { bus, kept })
    }

    /// Everything told so far, oldest first.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.kept.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything told, as soon as there are `count` of them.
    ///
    /// # Errors
    /// When there are fewer after 30 s.
    pub async fn after(&self, count: usize) -> Result<Vec<Told>> {
        let looking = async {
            loop {
                let told = self.told();
                if told.len() >= count {
                    return told;
                }
                self.kept.news.notified().await;
            }
        };
        let told = tokio::time::timeout(LIMIT, looking).await;
        told.with_context(|| format!("not {count} notices, but {:?}", self.told()))
    }

    /// Clicks a notice.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn click(&self, notice: &Told) -> Result<()> {
        let words = (notice.id, "default");
        Ok(self.bus.emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &words).await?)
    }
}
