//! Moving in, against a real sshd, a jump host and a real Podman: what other programs' files say becomes
//! connections that work, and what l8s made can be adopted without being touched.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod adopting;
mod bringing_in;
mod setup;
