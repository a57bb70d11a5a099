//! The Podman backend against a real Podman 4.3 service, directly and through a real sshd.

mod direct;
mod making;
mod over_ssh;
mod rebuilding;
mod refusals;
mod rig;
mod terminals;
