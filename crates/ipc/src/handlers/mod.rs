//! One handler per command: from arguments to the core's operation, and back to the reply.
//!
//! No rule of the product stands here.

mod connections;
mod doctor;
mod everyday;
mod git;
mod images;
mod import;
mod labs;
mod open_in;
mod rebuild;
mod runs;
mod settings;
mod shared_sessions;
mod streams;
mod support;
mod tunnels;
mod volumes;
mod workspaces;

pub(crate) use connections::*;
pub(crate) use doctor::*;
pub(crate) use everyday::*;
pub(crate) use git::*;
pub(crate) use images::*;
pub(crate) use import::*;
pub(crate) use labs::*;
pub(crate) use open_in::*;
pub(crate) use rebuild::*;
pub(crate) use runs::*;
pub(crate) use settings::*;
pub(crate) use shared_sessions::*;
pub(crate) use streams::*;
pub(crate) use support::*;
pub(crate) use tunnels::*;
pub(crate) use volumes::*;
pub(crate) use workspaces::*;
