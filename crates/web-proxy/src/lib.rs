//! Guarded loopback origins for web IDEs: one listener per workspace port, reachable only with a
//! one-time link and exactly the right Host.
//!
//! Owns: the listener, the checks at its door, cookie and redirect rewriting, the pool of upstream
//! connections. Deliberately not here: what carries the bytes to the workspace (that is `Upstream`,
//! given by the caller), and when a page is opened (that is `app`).

mod body;
mod browser;
mod chunks;
mod cookies;
mod exchange;
mod guard;
mod head;
mod headers;
mod lane;
mod listen;
mod location;
mod origin;
mod pages;
mod pool;
mod proxy;
mod service;
mod thread;
mod token;
mod tunnel;
mod turn;
mod upstream;

pub use proxy::{Counters, Proxy};
pub use upstream::{BoxStream, ByteStream, Upstream};
