//! Waits for a desktop to offer a place for tray icons. Panels start late, and extensions are switched on.

use futures::StreamExt as _;

/// The name under which a panel says that it shows tray icons.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Calls `appeared` whenever a panel begins to show tray icons. Ends when there is no session bus.
pub(crate) async fn watch(appeared: impl Fn() + Send) {
    if let Err(error) = listen(&appeared).await {
        tracing::info!(%error, "cannot wait for a tray: no session bus");
    }
}

async fn listen(appeared: &(impl Fn() + Send)) -> zbus::Result<()> {
    let bus = zbus::Connection::session().await?;
    let names = zbus::fdo::DBusProxy::new(&bus).await?;
    let mut changes = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    while let Some(change) = changes.next().await {
        if change.args()?.new_owner().is_some() {
            appeared();
        }
    }
    Ok(())
}
