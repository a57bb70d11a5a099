//! Every test against real servers, in one binary, so that two cores link it once.

mod podman;
mod secrets;
mod testbed;
mod tidy;
