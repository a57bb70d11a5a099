//! What SOCKS clients send, read from bytes (RFC 1928; SOCKS4 and 4a as OpenSSH takes them).
//!
//! Pure: every function looks at all bytes so far and says how many it needs in all, so that nothing
//! behind a message is ever read with it.

use backend_api::DialTarget;

const VERSION_4: u8 = 4;
const VERSION_5: u8 = 5;
const CONNECT: u8 = 1;
const NO_AUTHENTICATION: u8 = 0;
/// Of a user name or a host name of SOCKS4, which end with a zero byte.
const LONGEST_TEXT: usize = 255;

/// What a message is so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step<T> {
    /// Not whole; this many bytes are needed in all, at least.
    Need(usize),
    Done(T),
    Wrong(Wrong),
}

/// Why a client is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Not SOCKS, or no sense in it.
    Nonsense,
    /// Only methods with authentication are offered.
    NoMethod,
    /// Neither an address nor a name.
    AddressKind,
    /// Anything but CONNECT.
    Command,
    /// No name that could be looked up, or port 0.
    Target,
}

/// The first message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hello {
    /// A request follows once it is answered.
    Five,
    Four(DialTarget),
}

/// Reads the first message.
pub(super) fn hello(bytes: &[u8]) -> Step<Hello> {
    match bytes {
        [] => Step::Need(1),
        [VERSION_5] => Step::Need(2),
        [VERSION_5, count, methods @ ..] => {
            let count = usize::from(*count);
            if methods.len() < count {
                return Step::Need(2 + count);
            }
            let offers_none = methods.iter().take(count).any(|method| *method == NO_AUTHENTICATION);
            if offers_none { Step::Done(Hello::Five) } else { Step::Wrong(Wrong::NoMethod) }
        }
        [VERSION_4, rest @ ..] => four(rest, bytes.len()),
        _ => Step::Wrong(Wrong::Nonsense),
    }
}

/// Reads the request of SOCKS5.
pub(super) fn request(bytes: &[u8]) -> Step<DialTarget> {
    let [version, command, _, kind, rest @ ..] = bytes else { return Step::Need(4) };
    if *version != VERSION_5 {
        return Step::Wrong(Wrong::Nonsense);
    }
    let (address, length) = match kind {
        1 => (0, 4),
        4 => (0, 16),
        3 => match rest.first() {
            Some(length) => (1, usize::from(*length)),
            None => return Step::Need(5),
        },
        _ => return Step::Wrong(Wrong::AddressKind),
    };
    let whole = 4 + address + length + 2;
    let (Some(host), Some([high, low])) =
        (rest.get(address..address + length), rest.get(address + length..address + length + 2))
    else {
        return Step::Need(whole);
    };
    // What follows an unknown command is read all the same, so that the answer is not lost to a reset.
    if *command != CONNECT {
        return Step::Wrong(Wrong::Command);
    }
    target(host_of(*kind, host), u16::from_be_bytes([*high, *low]))
}

fn host_of(kind: u8, host: &[u8]) -> Option<String> {
    match kind {
        1 => Some(std::net::Ipv4Addr::from(*host.first_chunk::<4>()?).to_string()),
        4 => Some(std::net::Ipv6Addr::from(*host.first_chunk::<16>()?).to_string()),
        _ => name(host),
    }
}

/// A SOCKS4 request behind its version. 0.0.0.x with x not 0 says that a name follows.
fn four(bytes: &[u8], so_far: usize) -> Step<Hello> {
    let [command, high, low, a, b, c, d, rest @ ..] = bytes else { return Step::Need(8) };
    let Some((_, rest)) = text(rest) else { return more(rest, so_far) };
    let is_named = [*a, *b, *c] == [0, 0, 0] && *d != 0;
    let host = if is_named {
        match text(rest) {
            Some((host, _)) => name(host),
            None => return more(rest, so_far),
        }
    } else {
        Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string())
    };
    if *command != CONNECT {
        return Step::Wrong(Wrong::Command);
    }
    match target(host, u16::from_be_bytes([*high, *low])) {
        Step::Done(target) => Step::Done(Hello::Four(target)),
        Step::Need(bytes) => Step::Need(bytes),
        Step::Wrong(wrong) => Step::Wrong(wrong),
    }
}

/// Text up to a zero byte, and what is behind it.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().take(LONGEST_TEXT + 1).position(|byte| *byte == 0)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

fn more<T>(text: &[u8], so_far: usize) -> Step<T> {
    if text.len() > LONGEST_TEXT { Step::Wrong(Wrong::Nonsense) } else { Step::Need(so_far + 1) }
}

/// A name goes on as it is, to be looked up at the far end.
fn name(bytes: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(bytes).ok()?;
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
    (!name.is_empty() && name.chars().all(is_plain)).then(|| name.to_owned())
}

fn target(host: Option<String>, port: u16) -> Step<DialTarget> {
    match host {
        Some(host) if port != 0 => Step::Done(DialTarget::Tcp { host, port }),
        _ => Step::Wrong(Wrong::Target),
    }
}

#[cfg(test)]
mod tests {
    use backend_api::DialTarget;
    use proptest::prelude::*;

    use super::{Hello, Step, Wrong, hello, request};

    fn tcp(host: &str, port: u16) -> DialTarget {
        DialTarget::Tcp { host: host.into(), port }
    }

    #[test]
    fn what_clients_send_is_understood() {
        assert_eq!(hello(&[5, 2, 2, 0]), Step::Done(Hello::Five));
        assert_eq!(hello(&[5, 1, 2]), Step::Wrong(Wrong::NoMethod));
        assert_eq!(hello(b"GET / HTTP/1.1\r\n"), Step::Wrong(Wrong::Nonsense));
        let named = [&[5, 1, 0, 3, 7][..], b"db.home", &[0x15, 0x38]].concat();
        assert_eq!(request(&named), Step::Done(tcp("db.home", 5432)));
        assert_eq!(request(&[5, 1, 0, 1, 10, 0, 0, 2, 0, 80]), Step::Done(tcp("10.0.0.2", 80)));
        let six = [&[5, 1, 0, 4][..], &[0; 15], &[1, 0, 80]].concat();
        assert_eq!(request(&six), Step::Done(tcp("::1", 80)));
        let old = [&[4, 1, 0, 80, 10, 0, 0, 2][..], b"me\0"].concat();
        assert_eq!(hello(&old), Step::Done(Hello::Four(tcp("10.0.0.2", 80))));
        let named = [&[4, 1, 0, 80, 0, 0, 0, 1][..], b"me\0db\0"].concat();
        assert_eq!(hello(&named), Step::Done(Hello::Four(tcp("db", 80))));
    }

    #[test]
    fn what_cannot_be_done_is_told_apart() {
        for command in [2, 3] {
            let asked = request(&[5, command, 0, 1, 10, 0, 0, 2, 0, 80]);
            assert_eq!(asked, Step::Wrong(Wrong::Command));
        }
        assert_eq!(request(&[5, 1, 0, 9]), Step::Wrong(Wrong::AddressKind));
        assert_eq!(request(&[5, 1, 0, 1, 10, 0, 0, 2, 0, 0]), Step::Wrong(Wrong::Target));
        assert_eq!(request(&[5, 1, 0, 3, 0, 0, 80]), Step::Wrong(Wrong::Target));
        assert_eq!(request(&[5, 1, 0, 3, 2, b'a', b' ', 0, 80]), Step::Wrong(Wrong::Target));
        let endless = [&[4, 1, 0, 80, 10, 0, 0, 2][..], &[b'x'; 300]].concat();
        assert_eq!(hello(&endless), Step::Wrong(Wrong::Nonsense));
    }

    /// Reads as the server does: only as many bytes as are asked for, some at a time.
    fn bit_by_bit<T>(
        all: &[u8],
        pieces: &[usize],
        read: fn(&[u8]) -> Step<T>,
    ) -> Option<(Step<T>, usize)> {
        let mut pieces = pieces.iter().copied().cycle();
        let mut have = 0;
        loop {
            match read(&all[..have]) {
                Step::Need(wanted) => {
                    assert!(wanted > have && wanted < 600, "{have} of {wanted}");
                    let piece = pieces.next().unwrap_or(1).clamp(1, wanted - have);
                    if have + piece > all.len() {
                        return None;
                    }
                    have += piece;
                }
                other => return Some((other, have)),
            }
        }
    }

    fn likely() -> impl Strategy<Value = Vec<u8>> {
        let five = (any::<u8>(), prop_oneof![Just(1_u8), Just(3), Just(4), any::<u8>()])
            .prop_map(|(command, kind)| vec![5, command % 3, 0, kind]);
        let four = Just(vec![4, 1]);
        let greeting = Just(vec![5]);
        let head = prop_oneof![five, four, greeting, Just(Vec::new())];
        let tail = prop::collection::vec(prop_oneof![any::<u8>(), Just(0), Just(b'a')], 0..320);
        (head, tail).prop_map(|(head, tail)| [head, tail].concat())
    }

    proptest! {
        #[test]
        fn any_split_of_any_bytes_reads_the_same(
            bytes in likely(),
            pieces in prop::collection::vec(1_usize..40, 1..8),
        ) {
            prop_assert_eq!(bit_by_bit(&bytes, &pieces, hello), bit_by_bit(&bytes, &[1], hello));
            prop_assert_eq!(bit_by_bit(&bytes, &pieces, request), bit_by_bit(&bytes, &[1], request));
        }
    }
}
