//! Who reaches a port that the server listens at. A server may listen for fewer machines than it was
//! asked to, or for more, and says yes all the same; its own table of sockets tells.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use backend_api::{BackendError, RemoteExec};

use super::{RemoteListen, RemoteListener};
use crate::Link;

/// Who reaches a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Only programs on the server.
    Itself,
    Everybody,
}

impl Link {
    /// Compares what was asked for with what the server did, where it lets us look.
    pub(super) async fn check_reach(
        &self,
        mut listener: RemoteListener,
    ) -> Result<RemoteListener, BackendError> {
        let RemoteListen::Tcp { host, port } = listener.at.clone() else { return Ok(listener) };
        let tables = self.run(&["cat", "/proc/net/tcp", "/proc/net/tcp6"]).await;
        listener.reach = tables
            .ok()
            .and_then(|output| reach(&String::from_utf8_lossy(&output.stdout), &host, port));
        let server = self.control().host_name();
        match (is_loopback(&host), listener.reach) {
            (true, Some(Reach::Everybody)) => Err(BackendError::forbidden(format!(
                "{server} would let other machines reach {host}:{port}"
            ))
            .with_hint(
                "Its GatewayPorts is \"yes\". Ask for \"clientspecified\", or listen on all addresses if \
                 that is what you want.",
            )),
            (false, Some(Reach::Itself)) => Err(BackendError::forbidden(format!(
                "{server} does not let other machines reach a port of this login"
            ))
            .with_hint(
                "Ask for GatewayPorts \"clientspecified\" on the server, or listen on localhost there.",
            )),
            _ => Ok(listener),
        }
    }
}

/// Whether an address that somebody asked to listen at is one that only the machine itself reaches.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads from the kernel's tables of TCP sockets who reaches a port that was asked for at `host`; none when
/// nothing listens at the port in them. Other programs may have the same port at other addresses.
fn reach(tables: &str, host: &str, port: u16) -> Option<Reach> {
    let listening: Vec<IpAddr> =
        tables.lines().filter_map(|line| listening_at(line, port)).collect();
    if listening.is_empty() {
        return None;
    }
    let has = |fits: &dyn Fn(&IpAddr) -> bool| listening.iter().any(fits);
    let is_exposed = match host.parse::<IpAddr>() {
        _ if is_loopback(host) => !has(&IpAddr::is_loopback),
        _ if matches!(host, "" | "*") => has(&IpAddr::is_unspecified),
        Ok(asked) => has(&|found| *found == asked || found.is_unspecified()),
        Err(_) => has(&|found| !found.is_loopback()),
    };
    Some(if is_exposed { Reach::Everybody } else { Reach::Itself })
}

/// The address of a line about a socket that listens at this port.
fn listening_at(line: &str, port: u16) -> Option<IpAddr> {
    let mut fields = line.split_whitespace().skip(1);
    let (address, at) = fields.next()?.split_once(':')?;
    let is_listening = fields.nth(1)? == "0A";
    if !is_listening || u16::from_str_radix(at, 16).ok()? != port {
        return None;
    }
    // Each group of eight digits is a 32-bit number in the machine's byte order; every machine that
    // Moorline meets is little-endian.
    let group = |at: usize| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok();
    match address.len() {
        8 => Some(Ipv4Addr::from(group(0)?.to_le_bytes()).into()),
        32 => {
            let mut bytes = Vec::with_capacity(16);
            for at in 0..4 {
                bytes.extend(group(at)?.to_le_bytes());
            }
            let bytes: [u8; 16] = bytes.try_into().ok()?;
            let address = Ipv6Addr::from(bytes);
            Some(address.to_ipv4_mapped().map_or(address.into(), Into::into))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Reach, reach};

    const HEAD: &str = "  sl  local_address rem_address   st tx_queue rx_queue\n";
    const REST: &str = "00000000:00000000 00:00000000 00000000     0        0 1 1\n";

    fn table(lines: &[(&str, &str)]) -> String {
        let line =
            |(local, state): &(&str, &str)| format!("   0: {local} 00000000:0000 {state} {REST}");
        HEAD.to_owned() + &lines.iter().map(line).collect::<String>()
    }

    #[test]
    fn the_table_of_sockets_tells_who_reaches_a_port() {
        let four = "0100007F:1F90";
        let six = "00000000000000000000000001000000:1F90";
        let mapped = "0000000000000000FFFF00000100007F:1F90";
        let (any, other) = ("00000000:1F90", "0100000A:1F90");
        let asked = |host: &str, lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (*line, "0A")).collect();
            reach(&table(&lines), host, 8080)
        };
        let (itself, everybody) = (Some(Reach::Itself), Some(Reach::Everybody));
        assert_eq!(asked("localhost", &[four, six]), itself);
        assert_eq!(asked("127.0.0.1", &[mapped]), itself);
        assert_eq!(asked("127.0.0.1", &[any]), everybody);
        assert_eq!(asked("127.0.0.1", &[four, other]), itself, "the other one is not ours");
        assert_eq!(asked("0.0.0.0", &[four]), itself);
        assert_eq!(asked("*", &[four, other]), itself);
        assert_eq!(asked("*", &[any]), everybody);
        assert_eq!(asked("10.0.0.1", &[other]), everybody);
        assert_eq!(asked("forge", &[other]), everybody);
        assert_eq!(reach(&table(&[(four, "01")]), "", 8080), None, "connected is not listening");
        assert_eq!(reach(&table(&[(four, "0A")]), "", 8081), None);
    }

    proptest! {
        #[test]
        fn noise_is_no_answer(text in ".{0,200}", port: u16) {
            let _ = reach(&text, "", port);
        }
    }
}
