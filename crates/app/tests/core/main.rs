//! The core over a server in memory: everything that needs no real SSH and no real Podman.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod adopting;
mod bench;
mod connections;
mod doctor;
mod forwards;
mod images;
mod labs;
mod notices;
mod rebuild;
mod runs;
mod sessions;
mod settings;
mod support;
mod terminals;
mod transfer;
mod updates;
mod volumes;
mod workspaces;
