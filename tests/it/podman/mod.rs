//! The Podman backend against a real Podman 4.3 service, directly and through a real sshd.

mod direct;
mod image_builds;
mod image_pulls;
mod images;
mod making;
mod over_ssh;
mod rebuilding;
mod refusals;
mod rig;
mod terminals;
mod volumes;
