//! The product without a window: connections, sessions, workspaces, runs, forwards, IDE, tray.
//!
//! Owns: everything that lives longer than a call. Deliberately not here: how a command reaches the
//! core (that is `ipc`), windows and menus (those are hosts), and what a kind of server speaks.

mod adopt;
mod agent;
mod beside;
mod ca;
mod connections;
mod core;
mod doctor;
mod events;
mod forwards;
mod git;
mod host;
mod ide;
mod images;
mod import;
mod info;
mod labs;
mod links;
mod logs;
mod metrics;
mod notices;
mod owner;
mod pages;
mod paste;
mod questions;
mod rebuild;
mod runs;
mod saving;
mod sessions;
mod settings;
mod setup;
mod shared;
mod shared_sessions;
mod ssh_config;
mod state;
mod support;
mod templates;
mod terminals;
mod transfer;
pub mod tray;
mod tunnels;
mod typed_path;
mod updates;
mod vault;
mod volumes;
mod workspaces;

pub use agent::agent_of_environment;
pub use core::{Core, CoreOptions};
pub use doctor::{DoctorFollow, DoctorSubject};
pub use events::{CoreEvent, NavigateTarget};
pub use host::{Host, Pace, PickKind};
pub use images::NamedImage;
pub use import::ConfigPlaces;
pub use info::{AppInfo, SecretsState};
pub use labs::Rates;
pub use links::{LinkAnswer, SCHEME as LINK_SCHEME};
pub use logs::Lines;
pub use metrics::{MetricsFollow, WorkspaceMetrics};
pub use notices::SystemNotice;
pub use pages::OpenIn;
pub use questions::Answer;
pub use secrets::SystemKeychain;
pub use support::{Journal, JournalLayer};
pub use terminals::TerminalFollow;
