//! A desktop panel that shows tray icons, without drawing anything: what it is told, tests can read.
//!
//! Owns: the watcher's name on a session bus, and reading and clicking menus through
//! `com.canonical.dbusmenu`. Deliberately not here: what should be in the menu.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use zbus::{
    Connection, Proxy,
    message::Header,
    zvariant::{OwnedValue, Structure, Value},
};

const LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// Where a tray icon registered: the sender's bus name and the object's path.
type Registered = Arc<Mutex<Option<(String, String)>>>;

/// A node of a menu's layout: id, properties, children.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

struct Watcher(Registered);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: Header<'_>,
    ) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let path = if service.starts_with('/') { service } else { "/StatusNotifierItem".into() };
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((sender, path));
    }

    async fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    async fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    async fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    async fn protocol_version(&self) -> i32 {
        0
    }
}

/// The panel. It exists on the bus for as long as it is held.
pub struct Panel {
    bus: Connection,
    registered: Registered,
}

/// One line of a tray menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    pub id: i32,
    /// Without the underscores that mark access keys; empty for a separator.
    pub label: String,
    pub is_enabled: bool,
    pub children: Vec<MenuLine>,
}

impl Panel {
    /// Takes the watcher's name on the session bus at `address`.
    ///
    /// # Errors
    /// When the bus does not answer or another panel is there.
    pub async fn start(address: &str) -> Result<Self> {
        let registered = Registered::default();
        let bus = zbus::connection::Builder::address(address)?
            .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&registered)))?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await
            .context("cannot become the panel of this session bus")?;
        Ok(Self { bus, registered })
    }

    /// The menu of the icon, as soon as there is one and `is_right` says so.
    ///
    /// # Errors
    /// After 20 s, with the menu as it was then.
    pub async fn menu_when(&self, is_right: impl Fn(&[MenuLine]) -> bool) -> Result<Vec<MenuLine>> {
        let deadline = tokio::time::Instant::now() + LIMIT;
        loop {
            let menu = self.menu().await;
            match menu {
                Ok(lines) if is_right(&lines) => return Ok(lines),
                other if tokio::time::Instant::now() > deadline => {
                    bail!("the tray menu did not become as expected: {other:#?}")
                }
                _ => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Clicks the line with this label, in submenus too.
    ///
    /// # Errors
    /// When there is no such line, or the icon is gone.
    pub async fn click(&self, label: &str) -> Result<()> {
        self.click_in(&self.menu().await?, label).await
    }

    /// Clicks the line with this label among these, in submenus too.
    ///
    /// # Errors
    /// As `click`.
    pub async fn click_in(&self, menu: &[MenuLine], label: &str) -> Result<()> {
        let line = find(menu, label).with_context(|| format!("no line {label:?} in {menu:#?}"))?;
        let body = (line.id, "clicked", Value::from(0_i32), 0_u32);
        self.menu_proxy().await?.call_method("Event", &body).await?;
        Ok(())
    }

    async fn menu(&self) -> Result<Vec<MenuLine>> {
        let proxy = self.menu_proxy().await?;
        let none: Vec<&str> = Vec::new();
        let reply = proxy.call_method("GetLayout", &(0_i32, -1_i32, none)).await?;
        let (_, root): (u32, Node) = reply.body().deserialize()?;
        root.2.iter().map(|child| line(child)).collect()
    }

    async fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let registered =
            self.registered.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let (service, path) = registered.context("no tray icon has registered")?;
        let item =
            Proxy::new(&self.bus, service.clone(), path, "org.kde.StatusNotifierItem").await?;
        let menu: zbus::zvariant::OwnedObjectPath = item.get_property("Menu").await?;
        Ok(Proxy::new(&self.bus, service, menu, "com.canonical.dbusmenu").await?)
    }
}

/// Looks for a label anywhere in a menu.
#[must_use]
pub fn find<'a>(lines: &'a [MenuLine], label: &str) -> Option<&'a MenuLine> {
    lines
        .iter()
        .find_map(|line| if line.label == label { Some(line) } else { find(&line.children, label) })
}

fn line(value: &Value<'_>) -> Result<MenuLine> {
    let value = match value {
        Value::Value(inner) => inner,
        other => other,
    };
    let Value::Structure(structure) = value else { bail!("a menu line is not a structure") };
    fields(structure).context("a menu line has an unknown shape")
}

fn fields(structure: &Structure<'_>) -> Option<MenuLine> {
    let [Value::I32(id), Value::Dict(properties), Value::Array(children)] = structure.fields()
    else {
        return None;
    };
    let label: Option<String> = properties.get(&"label").ok().flatten();
    let is_enabled: Option<bool> = properties.get(&"enabled").ok().flatten();
    Some(MenuLine {
        id: *id,
        label: label.unwrap_or_default().replace('_', ""),
        is_enabled: is_enabled.unwrap_or(true),
        children: children.iter().filter_map(|child| line(child).ok()).collect(),
    })
}
