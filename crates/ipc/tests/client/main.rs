//! One client of a core over a server in memory: commands, events, streams with credit, and no secret.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bench;
mod commands;
mod secrets;
mod streams;
