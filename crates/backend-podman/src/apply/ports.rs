//! Which ports of the server a new container is published on.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::convert::{SSH_PORT, WEB_PORT};

/// How many ports above the web ports are offered to everything else.
const OTHER_PORTS: u16 = 2000;

/// A port inside and the port of the server that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) inside: u16,
    pub(crate) server: u16,
}

/// No port is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoPort {
    pub(crate) range: RangeInclusive<u16>,
}

/// Chooses free ports: a pair for SSH and web at the same offset, as l8s does, and one for each of `others`.
pub(crate) fn choose(
    ssh_ports: &RangeInclusive<u16>,
    first_web: u16,
    others: &[u16],
    used: &BTreeSet<u16>,
) -> Result<Vec<Published>, NoPort> {
    let first = *ssh_ports.start();
    let pair = ssh_ports.clone().find_map(|ssh| {
        let web = first_web.checked_add(ssh - first)?;
        let is_free = !used.contains(&ssh) && !used.contains(&web) && ssh != web;
        is_free.then_some((ssh, web))
    });
    let (ssh, web) = pair.ok_or_else(|| NoPort { range: ssh_ports.clone() })?;
    let mut chosen = vec![
        Published { inside: SSH_PORT, server: ssh },
        Published { inside: WEB_PORT, server: web },
    ];
    let others: Vec<u16> =
        others.iter().copied().filter(|port| *port != SSH_PORT && *port != WEB_PORT).collect();
    chosen.extend(choose_others(ssh_ports, first_web, &others, used)?);
    Ok(chosen)
}

/// Chooses a free port above the web ports for each of `others`.
pub(crate) fn choose_others(
    ssh_ports: &RangeInclusive<u16>,
    first_web: u16,
    others: &[u16],
    used: &BTreeSet<u16>,
) -> Result<Vec<Published>, NoPort> {
    let above = first_web.saturating_add(ssh_ports.end() - ssh_ports.start()).saturating_add(1);
    let range = above..=above.saturating_add(OTHER_PORTS);
    let mut free = range.clone().filter(|port| !used.contains(port) && !ssh_ports.contains(port));
    let chosen = others.iter().map(|inside| {
        let server = free.next().ok_or_else(|| NoPort { range: range.clone() })?;
        Ok(Published { inside: *inside, server })
    });
    chosen.collect()
}

/// How many pairs of ports for SSH and web are free, and of how many.
pub(crate) fn free_pairs(
    ssh_ports: &RangeInclusive<u16>,
    first_web: u16,
    used: &BTreeSet<u16>,
) -> (usize, usize) {
    let first = *ssh_ports.start();
    let pairs =
        ssh_ports.clone().filter_map(|ssh| Some((ssh, first_web.checked_add(ssh - first)?)));
    let is_free =
        |(ssh, web): &(u16, u16)| !used.contains(ssh) && !used.contains(web) && ssh != web;
    (pairs.clone().filter(is_free).count(), pairs.count())
}

/// Writes chosen ports as `inside:server`, one a line.
pub(crate) fn write(ports: &[Published]) -> String {
    let lines: Vec<String> =
        ports.iter().map(|port| format!("{}:{}", port.inside, port.server)).collect();
    lines.join("\n")
}

/// Reads what `write` wrote.
pub(crate) fn read(text: &str) -> Option<Vec<Published>> {
    text.lines()
        .map(|line| {
            let (inside, server) = line.split_once(':')?;
            Some(Published { inside: inside.parse().ok()?, server: server.parse().ok()? })
        })
        .collect()
}

/// Ports that programs of the server listen on, from `ss -Htln`.
pub(crate) fn listening_from_ss(text: &str) -> BTreeSet<u16> {
    let local = text.lines().filter_map(|line| line.split_whitespace().nth(3));
    local.filter_map(|address| address.rsplit_once(':')?.1.parse().ok()).collect()
}

/// The same from `/proc/net/tcp` and `/proc/net/tcp6`; state 0A is listening.
pub(crate) fn listening_from_proc(text: &str) -> BTreeSet<u16> {
    text.lines()
        .filter_map(|line| {
            let mut columns = line.split_whitespace();
            let local = columns.nth(1)?;
            let state = columns.nth(1)?;
            let port = u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok()?;
            (state == "0A").then_some(port)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{
        Published, choose, free_pairs, listening_from_proc, listening_from_ss, read, write,
    };

    #[test]
    fn the_first_container_gets_l8ss_first_pair() {
        let chosen = choose(&(2200..=2299), 3000, &[8080], &BTreeSet::new()).unwrap();
        let pairs: Vec<(u16, u16)> = chosen.iter().map(|p| (p.inside, p.server)).collect();
        assert_eq!(pairs, [(22, 2200), (3000, 3000), (8080, 3100)]);
    }

    #[test]
    fn a_taken_web_port_moves_the_pair() {
        let chosen = choose(&(2200..=2299), 3000, &[], &BTreeSet::from([2200, 3001])).unwrap();
        assert_eq!((chosen[0].server, chosen[1].server), (2202, 3002));
    }

    #[test]
    fn a_full_range_is_named() {
        let used: BTreeSet<u16> = (2200..=2299).collect();
        assert_eq!(choose(&(2200..=2299), 3000, &[], &used).unwrap_err().range, 2200..=2299);
    }

    #[test]
    fn listening_sockets_are_read() {
        let ss = "LISTEN 0 4096 127.0.0.1:3101 0.0.0.0:*\nLISTEN 0 128 [::]:22 [::]:*\n";
        assert_eq!(listening_from_ss(ss), BTreeSet::from([22, 3101]));
        let proc = "  sl  local_address rem_address   st\n   0: 0100007F:0C1D 00000000:0000 0A 0\n   1: 0100007F:1F90 0100007F:0C1D 01 0\n";
        assert_eq!(listening_from_proc(proc), BTreeSet::from([3101]));
    }

    proptest! {
        #[test]
        fn a_used_port_is_never_handed_out(
            used in proptest::collection::btree_set(2100u16..3400, 0..400),
            others in proptest::collection::btree_set(1u16.., 0..12),
            start in 1024u16..3200,
            length in 0u16..150,
        ) {
            let others: Vec<u16> = others.into_iter().collect();
            if let Ok(chosen) = choose(&(start..=start + length), 3000, &others, &used) {
                let servers: BTreeSet<u16> = chosen.iter().map(|p| p.server).collect();
                let (free, all) = free_pairs(&(start..=start + length), 3000, &used);
                prop_assert!(free >= 1 && free <= all);
                prop_assert_eq!(servers.len(), chosen.len(), "a port is handed out twice");
                prop_assert!(servers.is_disjoint(&used));
                prop_assert_eq!(chosen[1].server - 3000, chosen[0].server - start);
                for port in &others {
                    prop_assert!(chosen.iter().any(|p| p.inside == *port));
                }
            }
        }

        #[test]
        fn chosen_ports_survive_writing(ports in proptest::collection::vec((1u16.., 1u16..), 0..8)) {
            let ports: Vec<Published> =
                ports.into_iter().map(|(inside, server)| Published { inside, server }).collect();
            prop_assert_eq!(read(&write(&ports)), Some(ports));
        }

        #[test]
        fn no_listing_panics(text in ".{0,300}") {
            let _ = (listening_from_ss(&text), listening_from_proc(&text), read(&text));
        }
    }
}
