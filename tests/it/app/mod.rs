//! The core through its commands, against a real sshd and a real Podman: bad input, servers that go away
//! and come back, and what is refused without changing anything.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod damage;
mod moved;
mod reach;
mod refused;
mod trust;
