//! One HTTP or HTTPS request over any `Dial`: answers whole, as a stream, or as a WebSocket.
//!
//! Owns: URLs of servers, TLS, who vouches for a certificate, deadlines, sizes. Deliberately not here: what
//! the answers mean, logins beyond a header, redirects, cookies, proxies.

mod base_url;
mod call;
mod certificate;
mod checks;
mod client;
mod facts;
mod problems;
mod secure;
mod verify;
mod web_socket;

pub use base_url::BaseUrl;
pub use call::{Authorization, Call};
pub use certificate::Fingerprint;
pub use checks::{WAY, check_way};
pub use client::{Client, Reply, Server, Streaming, Trust};
pub use web_socket::{Message, WebSocket};
