//! The ssh crate against a real OpenSSH server: logging in, host keys, jumps, streams, losing the link.

mod addresses;
mod auth;
mod failures;
mod flow;
mod hops;
mod jumps;
mod life;
mod listen;
mod setup;
mod streams;
mod trust;
