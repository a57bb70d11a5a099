//! The main window: made once, hidden rather than closed, brought back by the tray and by a second start.

use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// The label of the main window; the only one with permissions.
pub(crate) const MAIN: &str = "main";

/// Makes the main window. It shows itself when `is_visible`.
pub(crate) fn create(app: &AppHandle, is_visible: bool) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Moorline")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        .visible(is_visible)
        // WebKitGTK gives a paste no images; the page, which is our own, asks for the clipboard itself.
        .enable_clipboard_access()
        // Links out of the page go through `url_open`; the page itself never leaves the app.
        .on_navigation(|url| matches!(url.scheme(), "tauri" | "http" | "https") && is_own(url))
        .build()?;
    Ok(window)
}

fn is_own(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// Shows the main window in front of others, making it again if it was lost.
pub(crate) fn show(app: &AppHandle) {
    let window = match app.get_webview_window(MAIN) {
        Some(window) => Ok(window),
        None => create(app, true),
    };
    let shown = window.and_then(|window| {
        window.show()?;
        window.unminimize()?;
        window.set_focus()
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "cannot show the main window");
    }
}
