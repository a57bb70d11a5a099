//! Forwards: what listens on this computer, and what is carried through it.
//!
//! Owns: binding and what is in the way of it, who may connect, bytes in both directions, SOCKS, counters.
//! Deliberately not here: SSH, when a way is opened or given up, what is stored or shown.

mod bind;
mod carry;
mod free_port;
mod gate;
mod holder;
mod incoming;
mod limits;
mod meter;
mod peer;
mod pool;
mod problem;
mod pump;
mod reach;
mod samples;
mod serve;
#[cfg(target_os = "linux")]
mod sockets;
mod socks;
#[cfg(unix)]
mod unix;
mod watch;

pub use bind::{Exposure, bind};
pub use carry::{Route, carry};
pub use gate::{Gate, Refused};
pub use incoming::Listener;
pub use meter::Meter;
pub use problem::BindProblem;
pub use serve::{Mode, Options, serve};
