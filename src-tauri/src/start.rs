//! Puts the parts together: data folder, log, core, window, tray; and takes them apart at the end.

use std::{path::PathBuf, sync::Arc};

use anyhow::Context as _;
use app::Journal;
use model::{ErrorCode, Failure};
use tauri::{
    App, AppHandle, Manager, RunEvent, WindowEvent, utils::config::AppDirectoriesOverride,
};
use tauri_plugin_window_state::StateFlags;

use crate::{
    arguments::{self, Arguments},
    attach::Attachment,
    commands,
    core_slot::{CoreSlot, core_of},
    desktop::{self, Desktop},
    ide_window::Origins,
    links, logging, refusal, tray,
    watched::Watched,
    window,
};

/// Runs the app to its end.
///
/// # Errors
/// The data folder, the database or the window system cannot be used.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut context = tauri::generate_context!();
    if let Some(folder) = &arguments.data_folder {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        context.config_mut().app.app_directories_override =
            Some(AppDirectoriesOverride::Root(folder.clone()));
    }
    // Windows and menus call from the main thread, and what they call starts tasks.
    let runtime = tauri::async_runtime::handle();
    let _entered = runtime.inner().enter();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, _| {
            links::second_start(app, &words);
        }))
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_autostart::Builder::new().arg(arguments::AT_LOGIN).build())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filter(|label| label == window::MAIN)
                // Whether it is shown is decided at each start, by `--hidden` and the tray.
                .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
                .build(),
        )
        .manage(Attachment::default())
        .manage(CoreSlot::default())
        .manage(Watched::default())
        .manage(Origins::default())
        .invoke_handler(commands::handle)
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(has_focus) = event
                && window.label() == window::MAIN
            {
                window.state::<Watched>().set(*has_focus);
            }
            if let WindowEvent::CloseRequested { api, .. } = event
                && window.label() == window::MAIN
                && tray::keeps_running(window.app_handle())
            {
                api.prevent_close();
                let _ = window.hide();
                window.state::<Watched>().set(false);
            }
        })
        .setup(move |app| {
            if let Err(error) = set_up(app, arguments) {
                refusal::show(app.handle(), &not_set_up(&error));
            }
            Ok(())
        })
        .build(context)?;
    app.run(|app, event| match event {
        RunEvent::Exit => shut_down(app),
        // A click on the app in the Dock, whose window was closed to the tray.
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { has_visible_windows: false, .. } => window::show(app),
        _ => {}
    });
    Ok(())
}

fn set_up(app: &mut App, arguments: Arguments) -> anyhow::Result<()> {
    let folder = app.path().app_data_dir().context("cannot find the data folder")?;
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
    let journal = Journal::default();
    app.manage(logging::start(&folder, &journal)?);
    let handle = app.handle().clone();
    desktop::follow_notices(&handle);
    links::listen(&handle);
    if let Some(link) = &arguments.link {
        links::open(&handle, link);
    }
    // The page loads while the core starts; what it asks waits in the slot.
    window::create(&handle, !arguments.is_hidden && !arguments.is_at_login)?;
    let options = options(&handle, folder, journal);
    tauri::async_runtime::spawn(start_core(handle, options, arguments));
    Ok(())
}

fn not_set_up(error: &anyhow::Error) -> Failure {
    Failure::new(ErrorCode::Storage, error.to_string())
        .with_hint("Check the rights and the free space of your home folder, then start it again.")
        .with_detail(error.root_cause().to_string())
}

async fn start_core(app: AppHandle, options: app::CoreOptions, arguments: Arguments) {
    let core = match app::Core::start(options).await {
        Ok(core) => core,
        Err(failure) => return refusal::show(&app, &failure),
    };
    app.state::<CoreSlot>().fill(Arc::clone(&core));
    let handle = app.clone();
    let shown = app.run_on_main_thread(move || {
        let has_tray = tray::create(&handle, &core);
        let stays_hidden = arguments.is_at_login && core.settings().start_hidden;
        // Without a tray a hidden app could not be found again.
        if !has_tray || (arguments.is_at_login && !stays_hidden) {
            window::show(&handle);
        }
    });
    if let Err(error) = shown {
        tracing::debug!(%error, "the app is ending");
    }
}

fn options(app: &AppHandle, data_folder: PathBuf, journal: Journal) -> app::CoreOptions {
    let home = app.path().home_dir().unwrap_or_default();
    app::CoreOptions {
        data_folder,
        home_folder: home,
        agent_socket: app::agent_of_environment(),
        places: app::ConfigPlaces::from_environment(),
        backends: backend_registry::all(),
        host: Arc::new(Desktop::new(app.clone())),
        keychain: app::SystemKeychain::UseIt,
        version: app.package_info().version.to_string(),
        journal,
    }
}

fn shut_down(app: &AppHandle) {
    if let Some(core) = core_of(app) {
        tauri::async_runtime::block_on(async move { core.shutdown().await });
    }
}
