//! The Podman backend against a real Podman 4.3 service.

mod direct;
mod rig;
