//! The desktop host: gives the core a window, a tray and native dialogs. Everything the product does
//! is in `app`; everything the window may ask for is in `ipc`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod attach;
mod commands;
mod core_slot;
mod desktop;
mod graphics;
mod ide_window;
mod links;
mod logging;
mod refusal;
mod start;
mod tray;
#[cfg(target_os = "linux")]
mod tray_watch;
mod updates;
mod watched;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    graphics::restart_without_dmabuf_if_needed();
    match start::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Moorline cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}
