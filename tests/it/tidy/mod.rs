//! Tidiness as tests: what the architecture promises about the tree itself.
//!
//! Owns: rules that can be read off the files and off cargo's metadata. Deliberately not here: format
//! and lints, which `cargo xtask check` runs on their own.

mod backends;
mod configuration;
mod contents;
mod dependencies;
mod generated;
mod modules;
mod transport;
mod tree;
