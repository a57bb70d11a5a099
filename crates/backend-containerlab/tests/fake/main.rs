//! The backend on both generations of the fake server, over TLS on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by panicking"
)]

mod conforming;
mod connecting;
mod doubt;
mod folder;
mod nodes;
mod operations;
mod rig;
