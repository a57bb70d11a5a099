//! Holders on Linux: from a socket's number to the process that has it open.

use std::{fs, net::SocketAddr, path::Path};

use model::PortHolder;

use super::shown;
use crate::sockets::{Table, is_listening};

/// Who listens at this address, or at all addresses with the same port.
pub(crate) fn of_port(at: SocketAddr) -> Option<PortHolder> {
    let rows = [Table::V4, Table::V6].into_iter().flat_map(Table::read);
    let mut found: Vec<_> = rows
        .filter(|row| is_listening(row) && row.local.port() == at.port())
        .filter(|row| row.local.ip().to_canonical() == at.ip() || row.local.ip().is_unspecified())
        .collect();
    found.sort_by_key(|row| row.local.ip().is_unspecified());
    found.iter().find_map(|row| of_inode(row.inode))
}

/// Who listens at this unix socket.
pub(crate) fn of_path(path: &str) -> Option<PortHolder> {
    let table = fs::read_to_string("/proc/net/unix").ok()?;
    of_inode(table.lines().find_map(|line| listening_inode(line, path))?)
}

/// Reads a line such as `0000: 00000002 00000000 00010000 0001 01 1234 /run/x`. Connections that nobody
/// accepted yet stand there with the same path.
fn listening_inode(line: &str, path: &str) -> Option<u64> {
    let mut words = line.split_ascii_whitespace().skip(3);
    let is_listening = words.next()? == "00010000";
    let inode = words.nth(2)?.parse().ok()?;
    (is_listening && words.next()? == path).then_some(inode)
}

/// A process by its number, as `curl (pid 12)`.
pub(crate) fn name_of(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(format!("{} (pid {pid})", super::shortened(name.trim())))
}

/// The processes of other users keep theirs to themselves, unless we are root.
fn of_inode(inode: u64) -> Option<PortHolder> {
    let wanted = format!("socket:[{inode}]");
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut pids: Vec<u32> =
        processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    // A socket that a server's children share is the server's.
    pids.sort_unstable();
    let pid = pids.into_iter().find(|pid| holds(*pid, &wanted))?;
    Some(PortHolder { pid, command: command(pid) })
}

fn holds(pid: u32, socket: &str) -> bool {
    let Ok(open) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    open.flatten()
        .any(|file| fs::read_link(file.path()).is_ok_and(|leads_to| leads_to == Path::new(socket)))
}

fn command(pid: u32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    let said = shown(line.split('\0').filter(|argument| !argument.is_empty()));
    if !said.is_empty() {
        return said;
    }
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    shown([name.trim()])
}
