//! The border of the core: the command list, events, `AppError`, and the TypeScript made from them.
//!
//! Owns: every command's name, arguments and reply, written once in `commands.rs`; the events; the
//! streams with their credit. Deliberately not here: what a command does (that is `app`) and what
//! carries it (that is the desktop host or `web-host`).

mod args;
mod client;
mod commands;
mod dispatch;
mod error;
mod event;
mod forward;
mod handlers;
mod streams;
mod typescript;

pub use args::*;
pub use client::{Client, ClientSink};
pub use commands::{COMMAND_NAMES, CommandInfo, command_infos};
pub use dispatch::dispatch;
pub use error::AppError;
pub use event::{ClientEvent, StreamEnd};
pub use typescript::generated_files;
