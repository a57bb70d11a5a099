//! The testbed: starts real servers on loopback and ends them by pid.

pub mod dev_image;
pub mod sshd;
