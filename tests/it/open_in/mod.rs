//! Workspaces in programs of this computer: the managed SSH config with OpenSSH's own client, editors that
//! write down how they are started, shared sessions, pasting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod editors;
mod openssh;
mod rig;
mod sessions;
