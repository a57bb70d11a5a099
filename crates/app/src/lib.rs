//! The product without a window: connections, sessions, workspaces, runs, forwards, IDE, tray.
//!
//! Owns: everything that lives longer than a call. Deliberately not here: how a command reaches the
//! core (that is `ipc`), windows and menus (those are hosts), and what a kind of server speaks.

mod core;
mod events;
mod host;
pub mod tray;

pub use core::{Core, CoreOptions};
pub use events::{CoreEvent, NavigateTarget};
pub use host::Host;
pub use secrets::SystemKeychain;
