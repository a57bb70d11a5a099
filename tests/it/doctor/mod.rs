//! Tests of connections and server set-up through the core's commands, on real servers: each fault is
//! told by exactly the stage it belongs to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod jumps;
mod keys;
mod machine;
mod rig;
mod service;
mod setup;
