//! The kernel's answers about one socket (`NETLINK_SOCK_DIAG`), which cost microseconds however many
//! sockets there are. Layouts are those of `linux/netlink.h` and `linux/inet_diag.h`.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    os::fd::OwnedFd,
};

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, connect,
    netlink::{SOCK_DIAG, SocketAddrNetlink},
    recv, send, socket_with,
};

const HEADER: usize = 16;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const ENOENT: i32 = 2;
const LISTENING: u8 = 10;

/// What the kernel said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Socket {
        uid: u32,
        /// 0 when no program has it open any more.
        inode: u64,
    },
    /// No connection with these addresses, but something that listens at the first.
    Listening,
    Nothing,
}

/// A socket to ask through.
#[derive(Debug)]
pub(super) struct Diag {
    socket: OwnedFd,
    sequence: u32,
}

impl Diag {
    pub(super) fn open() -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket =
            socket_with(AddressFamily::NETLINK, SocketType::DGRAM, flags, Some(SOCK_DIAG))?;
        connect(&socket, &SocketAddrNetlink::new(0, 0))?;
        Ok(Self { socket, sequence: 0 })
    }

    /// Asks for the TCP socket with these addresses. None when the kernel gave no answer that makes sense.
    pub(super) fn ask(&mut self, local: SocketAddr, remote: SocketAddr) -> Option<Answer> {
        self.sequence = self.sequence.wrapping_add(1);
        let question = question(self.sequence, local, remote);
        send(&self.socket, &question, SendFlags::empty()).ok()?;
        // The kernel answers before `send` returns.
        let mut space = [0; 1024];
        let (length, _) = recv(&self.socket, &mut space, RecvFlags::empty()).ok()?;
        read(self.sequence, space.get(..length)?)
    }
}

fn question(sequence: u32, local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    let mut body = vec![if local.is_ipv4() { 2 } else { 10 }, IPPROTO_TCP, 0, 0];
    body.extend(u32::MAX.to_ne_bytes()); // every state
    body.extend(local.port().to_be_bytes());
    body.extend(remote.port().to_be_bytes());
    body.extend(padded(local.ip()));
    body.extend(padded(remote.ip()));
    body.extend(0_u32.to_ne_bytes()); // any interface
    body.extend([0xFF; 8]); // no cookie
    let length = u32::try_from(HEADER + body.len()).unwrap_or_default();
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend(sequence.to_ne_bytes());
    message.extend(0_u32.to_ne_bytes());
    message.extend(body);
    message
}

fn padded(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(v4) => {
            let mut all = [0; 16];
            if let Some(first) = all.first_chunk_mut::<4>() {
                *first = v4.octets();
            }
            all
        }
        IpAddr::V6(v6) => v6.octets(),
    }
}

/// Reads the first message of an answer.
fn read(sequence: u32, message: &[u8]) -> Option<Answer> {
    let kind = u16::from_ne_bytes(bytes(message, 4)?);
    if u32::from_ne_bytes(bytes(message, 8)?) != sequence {
        return None;
    }
    let body = message.get(HEADER..)?;
    match kind {
        NLMSG_ERROR => {
            let error = i32::from_ne_bytes(bytes(body, 0)?);
            (error == -ENOENT).then_some(Answer::Nothing)
        }
        SOCK_DIAG_BY_FAMILY => {
            let [_, state, _, _] = bytes(body, 0)?;
            if state == LISTENING {
                return Some(Answer::Listening);
            }
            Some(Answer::Socket {
                uid: u32::from_ne_bytes(bytes(body, 64)?),
                inode: u32::from_ne_bytes(bytes(body, 68)?).into(),
            })
        }
        _ => None,
    }
}

fn bytes<const N: usize>(from: &[u8], at: usize) -> Option<[u8; N]> {
    from.get(at..at + N)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use proptest::prelude::*;

    use super::{Answer, Diag, read};

    #[test]
    fn the_kernel_knows_whose_a_connection_is() {
        let mut diag = Diag::open().unwrap();
        for at in ["127.0.0.1:0", "127.77.3.9:0", "[::1]:0"] {
            let listener = TcpListener::bind(at).unwrap();
            let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (ours, theirs) = (client.peer_addr().unwrap(), client.local_addr().unwrap());
            let uid = rustix::process::geteuid().as_raw();
            let answer = diag.ask(theirs, ours);
            let Some(Answer::Socket { uid: of, inode }) = answer else { panic!("{answer:?}") };
            assert_eq!(of, uid);
            assert_ne!(inode, 0);
            let nobody = std::net::SocketAddr::new(theirs.ip(), 1);
            assert_eq!(diag.ask(nobody, ours), Some(Answer::Nothing));
            assert_eq!(diag.ask(ours, nobody), Some(Answer::Listening));
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_left(message in prop::collection::vec(any::<u8>(), 0..200), kind in 0_u8..30) {
            let _ = read(1, &message);
            let mut message = message;
            if let Some(head) = message.get_mut(4..12) {
                head.copy_from_slice(&[kind, 0, 0, 0, 1, 0, 0, 0]);
            }
            let _ = read(1, &message);
        }
    }
}
