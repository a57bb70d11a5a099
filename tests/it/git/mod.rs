//! Workspaces from git against a real sshd, a real Podman with the dev image, git and OpenSSH's client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod afterwards;
mod making;
mod rig;
mod sides;
mod tying;
