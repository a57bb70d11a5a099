//! Every test against real servers, in one binary, so that two cores link it once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod app;
mod containerlab;
mod doctor;
#[path = "../e2e/mod.rs"]
mod e2e;
mod forward;
mod git;
mod import;
mod labs;
mod net;
mod netlab;
mod open_in;
mod podman;
mod proxy;
mod secrets;
mod ssh;
mod templates;
mod testbed;
mod tidy;
mod tunnels;
