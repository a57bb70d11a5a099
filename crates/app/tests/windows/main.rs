//! The product's parts on Windows, beside real servers of another system.
//!
//! `cargo xtask platforms` starts the servers and runs these; alone they would have nobody to talk to,
//! so each is marked as ignored.
#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agents;
mod pipe;
mod podman;
mod reach;
mod whole;
