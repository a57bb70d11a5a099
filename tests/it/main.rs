//! Every test against real servers, in one binary, so that two cores link it once.

mod podman;
mod proxy;
mod secrets;
mod ssh;
mod testbed;
mod tidy;
