//! The smallest window of the same framework: one page, one command. Benchmarks compare with it.

use std::process::ExitCode;

/// Says on standard output that the page was drawn and can call.
#[tauri::command]
fn window_ready() {
    println!("ready");
}

fn main() -> ExitCode {
    let run = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![window_ready])
        .run(tauri::generate_context!());
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
