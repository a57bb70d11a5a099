//! A window for one web page of a workspace. It has no capability: the page inside can call nothing of
//! ours. Each has its own store for cookies and caches, and cannot navigate away from its origin.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{ErrorCode, Failure};
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder,
    webview::{NewWindowResponse, PermissionKind, PermissionResponse},
};
use tauri_plugin_opener::OpenerExt;

/// What to open.
pub(crate) struct Page<'a> {
    /// Tells windows apart; the same label shows the same window again.
    pub(crate) label: &'a str,
    pub(crate) url: &'a str,
    pub(crate) title: &'a str,
    /// The folder for what the page stores.
    pub(crate) data_folder: &'a Path,
}

/// The origin that each window may show, by the window's label. A page that was opened again has another
/// one, because its proxy is another.
#[derive(Default)]
pub(crate) struct Origins(Mutex<BTreeMap<String, String>>);

impl Origins {
    fn set(&self, label: &str, url: &Url) {
        self.lock().insert(label.to_owned(), url.origin().ascii_serialization());
    }

    fn allows(&self, label: &str, target: &Url) -> bool {
        target.scheme() == "blob"
            || self.lock().get(label).is_some_and(|o| *o == target.origin().ascii_serialization())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the page in a window of its own, or brings its window to the front at the new address.
///
/// # Errors
/// The address is not one, or the system gives no window.
pub(crate) fn open(app: &AppHandle, page: &Page<'_>) -> Result<(), Failure> {
    let url = Url::parse(page.url)
        .map_err(|error| failure(format!("the address of {} is not valid: {error}", page.title)))?;
    app.state::<Origins>().set(page.label, &url);
    if let Some(window) = app.get_webview_window(page.label) {
        return window
            .navigate(url)
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus())
            .map_err(|error| {
                failure(format!("cannot show the window of {}: {error}", page.title))
            });
    }
    let (opener, asker, label) = (app.clone(), app.clone(), page.label.to_owned());
    let builder = WebviewWindowBuilder::new(app, page.label, WebviewUrl::External(url))
        .title(page.title)
        .inner_size(1280.0, 860.0)
        .data_directory(page.data_folder.to_path_buf());
    #[cfg(target_os = "macos")]
    let builder = builder.data_store_identifier(store_identifier(page.data_folder));
    builder
        .on_navigation(move |target| asker.state::<Origins>().allows(&label, target))
        .on_new_window(move |target, _| {
            if matches!(target.scheme(), "http" | "https") {
                let _ = opener.opener().open_url(target.as_str(), None::<&str>);
            }
            NewWindowResponse::Deny
        })
        .on_permission_request(|_, kind| match kind {
            PermissionKind::Microphone | PermissionKind::Camera | PermissionKind::Geolocation => {
                PermissionResponse::Deny
            }
            _ => PermissionResponse::Default,
        })
        .build()
        .map(|_| ())
        .map_err(|error| failure(format!("cannot open a window for {}: {error}", page.title)))
}

/// macOS names stores by 16 bytes instead of a folder: the same folder always gives the same bytes.
#[cfg(target_os = "macos")]
fn store_identifier(folder: &Path) -> [u8; 16] {
    let name = folder.to_string_lossy();
    let half = |seed: u64| {
        name.bytes()
            .fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let (first, second) = (half(0xcbf2_9ce4_8422_2325), half(0x6c62_272e_07bb_0142));
    (u128::from(first) << 64 | u128::from(second)).to_be_bytes()
}

fn failure(message: String) -> Failure {
    Failure::new(ErrorCode::Internal, message)
        .with_hint("Open it in the browser instead: the arrow beside Open IDE.")
}
