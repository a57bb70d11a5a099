//! The guarded proxy against real sockets, hostile requests and what services do in the wild.

mod attacks;
mod ide;
mod life;
mod quirks;
mod rig;
mod sockets;
