//! Every test against real servers, in one binary, so that two cores link it once.

mod app;
#[path = "../e2e/mod.rs"]
mod e2e;
mod podman;
mod proxy;
mod secrets;
mod ssh;
mod testbed;
mod tidy;
