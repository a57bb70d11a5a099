//! Shows the tray menu that `app::tray` computes. A desktop may have no tray: then this waits for one.

use std::sync::Arc;

use app::tray::{TrayItem, TrayState, menu};
use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu},
    tray::{TrayIconBuilder, TrayIconId},
};

use crate::{core_slot::core_of, window};

const TRAY: &str = "moorline";

/// One colour for the macOS menu bar, which tints it; in colour where panels are of any shade.
#[cfg(target_os = "macos")]
const ICON: Image<'_> = tauri::include_image!("../icons/tray-template.png");
#[cfg(not(target_os = "macos"))]
const ICON: Image<'_> = tauri::include_image!("../icons/32x32.png");

/// Makes the tray icon and keeps its menu true. False: this desktop shows none now.
pub(crate) fn create(app: &AppHandle, core: &Arc<app::Core>) -> bool {
    let is_shown = build(app, &core.tray_state().borrow());
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(watch_for_panels(app.clone(), Arc::clone(core)));
    let app = app.clone();
    let core = Arc::clone(core);
    tauri::async_runtime::spawn(async move {
        let mut states = core.tray_state();
        while states.changed().await.is_ok() {
            let state = states.borrow_and_update().clone();
            update(&app, state);
        }
    });
    is_shown
}

#[cfg(target_os = "linux")]
async fn watch_for_panels(app: AppHandle, core: Arc<app::Core>) {
    crate::tray_watch::watch(|| {
        let state = core.tray_state().borrow().clone();
        update(&app, state);
    })
    .await;
}

/// True when closing the window leaves something to come back by, and the person wants it so.
pub(crate) fn keeps_running(app: &AppHandle) -> bool {
    let wants = core_of(app).is_some_and(|core| core.settings().close_to_tray);
    wants && app.tray_by_id(&TrayIconId::new(TRAY)).is_some()
}

fn build(app: &AppHandle, state: &TrayState) -> bool {
    let built = native_menu(app, &menu(state)).and_then(|native| {
        TrayIconBuilder::with_id(TRAY)
            .icon(ICON)
            .icon_as_template(true)
            .tooltip("Moorline")
            .menu(&native)
            .on_menu_event(|app, event| clicked(app, event.id().as_ref()))
            .build(app)
    });
    if let Err(error) = &built {
        tracing::info!(%error, "this desktop shows no tray icon");
    }
    built.is_ok()
}

fn update(app: &AppHandle, state: TrayState) {
    let handle = app.clone();
    let done = app.run_on_main_thread(move || {
        let Some(tray) = handle.tray_by_id(&TrayIconId::new(TRAY)) else {
            build(&handle, &state);
            return;
        };
        let set =
            native_menu(&handle, &menu(&state)).and_then(|native| tray.set_menu(Some(native)));
        if let Err(error) = set {
            tracing::warn!(%error, "cannot change the tray menu");
        }
    });
    if let Err(error) = done {
        tracing::debug!(%error, "the app is ending");
    }
}

fn native_menu(app: &AppHandle, items: &[TrayItem]) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::new(app)?;
    for item in items {
        menu.append(native_item(app, item)?.as_ref())?;
    }
    Ok(menu)
}

fn native_item(app: &AppHandle, item: &TrayItem) -> tauri::Result<Box<dyn IsMenuItem<Wry>>> {
    // Menus take a single `&` for the mark of a shortcut letter.
    let label = |text: &str| text.replace('&', "&&");
    Ok(match item {
        TrayItem::Label { text } => Box::new(MenuItem::new(app, label(text), false, None::<&str>)?),
        TrayItem::Action { id, text } => {
            Box::new(MenuItem::with_id(app, id.as_str(), label(text), true, None::<&str>)?)
        }
        TrayItem::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        TrayItem::Submenu { text, items } => {
            let submenu = Submenu::new(app, label(text), true)?;
            for item in items {
                submenu.append(native_item(app, item)?.as_ref())?;
            }
            Box::new(submenu)
        }
    })
}

fn clicked(app: &AppHandle, id: &str) {
    match id {
        "open" => window::show(app),
        "quit" => app.exit(0),
        _ => {
            if let Some(core) = core_of(app) {
                if matches!(id, "settings" | "workspaces") || id.starts_with("terminal:") {
                    window::show(app);
                }
                core.tray_action(id);
            }
        }
    }
}
