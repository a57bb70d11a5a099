//! Holders on systems other than Linux, through a library that knows their ways.

use std::net::SocketAddr;

use listeners::{Protocol, SocketState};
use model::PortHolder;

use super::shortened;

/// Who listens at this address, or at all addresses with the same port.
pub(crate) fn of_port(at: SocketAddr) -> Option<PortHolder> {
    let all = listeners::get_all().ok()?;
    let mut found: Vec<_> = all
        .into_iter()
        .filter(|found| found.protocol == Protocol::TCP && found.state == SocketState::Listen)
        .filter(|found| found.socket.port() == at.port())
        .filter(|found| found.socket.ip() == at.ip() || found.socket.ip().is_unspecified())
        .collect();
    found.sort_by_key(|found| found.socket.ip().is_unspecified());
    let process = &found.first()?.process;
    Some(PortHolder { pid: process.pid, command: shortened(&process.name) })
}
