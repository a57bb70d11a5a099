//! `cargo xtask demo`: practice servers, and Moorline connected to them.
//!
//! Owns: the order of things and their end: whatever this starts is ended by it, also after Ctrl-C.
//! Deliberately not here: the servers themselves, which are the testbed's.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

mod headless;
mod headless_labs;
mod shell;
mod steps;
mod window;

use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};

/// The code a shell reports for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    // MOORLINE_LOG=debug shows what the core does; without it there are only the steps. What nobody vouches
    // for is asked about, and no error.
    let words = std::env::var("MOORLINE_LOG").unwrap_or_else(|_| "error".into());
    let words = format!("{words},rustls_platform_verifier=off");
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(words))
        .with_writer(std::io::stderr)
        .init();
    let is_asked = |flag: &str| std::env::args().any(|word| word == flag);
    let (is_headless, has_labs) = (is_asked("--headless"), is_asked("--labs"));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        // Dropping the work ends everything it started.
        tokio::select! {
            result = work(is_headless, has_labs) => match result {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("\n{error:#}");
                    ExitCode::FAILURE
                }
            },
            () = interruption() => {
                println!("\nending what was started");
                ExitCode::from(INTERRUPTED)
            }
        }
    })
}

async fn work(is_headless: bool, has_labs: bool) -> anyhow::Result<()> {
    match (is_headless, has_labs) {
        (true, true) => headless_labs::run().await,
        (true, false) => headless::run().await,
        (false, _) => window::run(has_labs).await,
    }
}

async fn interruption() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
