//! The ssh crate against a real OpenSSH server: logging in, host keys, jumps, streams, losing the link.

mod addresses;
mod auth;
mod certificates;
mod failures;
mod files;
mod flow;
mod hops;
mod jumps;
mod life;
mod listen;
mod memory;
mod openssh_config;
mod questions;
mod rotation;
mod security_key;
mod setup;
mod streams;
mod terminals;
mod trust;
