//! The guarded proxy and the web host against real sockets, browsers, hostile requests and odd services.

mod attacks;
mod ide;
mod life;
mod quirks;
mod rig;
mod sockets;
mod web_host;
