//! Brings links of other programs to the core: from our own command line, from a second start, from the
//! system. What they mean is not looked at here.

use tauri::{AppHandle, Manager};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::{core_slot::CoreSlot, window};

/// Takes a second start: shows the window, and puts its link before the person if it has one.
pub(crate) fn second_start(app: &AppHandle, words: &[String]) {
    window::show(app);
    for link in words.iter().skip(1).filter(|word| word.starts_with(app::LINK_SCHEME)) {
        open(app, link);
    }
}

/// Takes the links that the system hands to the running app, and makes the system know about us where an
/// installer cannot (an AppImage has none).
pub(crate) fn listen(app: &AppHandle) {
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        window::show(&handle);
        for url in event.urls() {
            open(&handle, url.as_str());
        }
    });
    #[cfg(target_os = "linux")]
    if app.env().appimage.is_some()
        && let Err(error) = app.deep_link().register_all()
    {
        tracing::info!(%error, "this desktop does not take links for us");
    }
}

/// Puts a link before the person, once the core runs.
pub(crate) fn open(app: &AppHandle, link: &str) {
    let (core, link) = (app.state::<CoreSlot>().wait(), link.to_owned());
    tauri::async_runtime::spawn(async move {
        if let Some(core) = core.await {
            core.link_open(&link);
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    /// Installers and macOS learn from the configuration which links are ours.
    #[test]
    fn the_configuration_names_our_scheme() {
        let text = include_str!("../tauri.conf.json");
        let config: Value = serde_json::from_str(text).expect("JSON");
        let schemes = &config["plugins"]["deep-link"]["desktop"]["schemes"];
        let scheme = app::LINK_SCHEME.split(':').next().expect("a word");
        assert_eq!(schemes, &serde_json::json!([scheme]));
        assert!(config["plugins"]["updater"].is_object());
    }
}
