//! Conformance suite for backends, in-memory and direct carriers, fault injection, snapshot normalisers.
//!
//! Owns: what every backend must do, written once. Deliberately not here: real servers (`tests/testbed`)
//! and anything the product runs: these carriers reach this machine, which the product refuses to do.

#[macro_use]
mod through;

pub mod clab;
pub mod conformance;
mod cut;
mod direct;
pub mod fake;
mod fault;
pub mod labs;
pub mod libpod;
mod memory;
mod normalise;
mod open;
mod servers;

pub use cut::{CutDial, Lost};
pub use direct::{DirectDial, LocalExec};
pub use fault::{Fault, FaultDial};
pub use memory::{MemoryDial, NoExec, Served};
pub use normalise::normalise;
pub use open::{Counted, OpenStreams};
pub use servers::{SERVERS_VARIABLE, Servers};
