//! The UI and the core for a plain browser: a loopback origin behind a one-time link.
//!
//! Owns: the pages' files, the WebSocket at `/ipc` and its framing, and what a browser cannot do.
//! Deliberately not here: who may come in (the door is `web-proxy`'s, the same as for web IDEs) and what
//! a command does (that is `ipc` and `app`).

mod browser;
mod files;
mod host;
mod pages;
mod socket;

pub use browser::BrowserHost;
pub use host::{WebHost, WebHostOptions};
