//! The kernel's table of TCP sockets, as `/proc/net/tcp` and `/proc/net/tcp6` print it.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

const LISTENING: u8 = 0x0A;

/// One socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    state: u8,
    pub(crate) uid: u32,
    /// 0 when no program has it open any more.
    pub(crate) inode: u64,
}

/// Which of the two tables.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Table {
    V4,
    V6,
}

impl Table {
    /// Every socket there is now; nothing when the system does not tell.
    pub(crate) fn read(self) -> Vec<Row> {
        let path = match self {
            Self::V4 => "/proc/net/tcp",
            Self::V6 => "/proc/net/tcp6",
        };
        let text = fs::read_to_string(path).unwrap_or_default();
        text.lines().skip(1).filter_map(row).collect()
    }
}

/// True for a socket that waits for connections.
pub(crate) fn is_listening(row: &Row) -> bool {
    row.state == LISTENING
}

/// Reads a line such as `0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 1234 …`.
fn row(line: &str) -> Option<Row> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let local = address(words.next()?)?;
    let remote = address(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let mut words = words.skip(3);
    let uid = words.next()?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    Some(Row { local, remote, state, uid, inode })
}

/// The address is printed as 32-bit numbers in this machine's order of bytes, the port as a number.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |index: usize| {
        let digits = address.get(index * 8..index * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    let ip: IpAddr = match address.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let mut bytes = [0; 16];
            for (index, part) in bytes.chunks_exact_mut(4).enumerate() {
                part.copy_from_slice(&word(index)?);
            }
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use proptest::prelude::*;

    use super::{Table, address, is_listening, row};

    #[test]
    fn a_socket_of_ours_is_in_the_table() {
        for (at, table) in [("127.0.0.1:0", Table::V4), ("[::1]:0", Table::V6)] {
            let listener = TcpListener::bind(at).unwrap();
            let address = listener.local_addr().unwrap();
            let found: Vec<_> =
                table.read().into_iter().filter(|row| row.local == address).collect();
            assert_eq!(found.len(), 1, "{address}");
            assert!(is_listening(&found[0]) && found[0].inode != 0);
            assert_eq!(found[0].uid, rustix::process::geteuid().as_raw());
        }
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn addresses_are_read_as_the_kernel_prints_them() {
        assert_eq!(address("0100007F:1F90").unwrap().to_string(), "127.0.0.1:8080");
        let six = "B80D01200000000000000000010000FF:0050";
        assert_eq!(address(six).unwrap().to_string(), "[2001:db8::ff00:1]:80");
    }

    proptest! {
        #[test]
        fn anything_is_read_or_left_out(line in "\\PC{0,120}", words in "([0-9A-F:é ]{0,40} ){0,14}") {
            let _ = row(&line);
            let _ = row(&words);
        }
    }
}
