//! A port to offer when the wanted one cannot be had.

use crate::bind::Addresses;

/// The first port that an ordinary program may listen at.
const ORDINARY: u16 = 1024;
const NEIGHBOURS: u16 = 100;

/// A port that was free a moment ago: 8080 for 80, a neighbour for others.
pub(crate) fn free_port(addresses: &Addresses, wanted: u16) -> Option<u16> {
    let first = if wanted < ORDINARY { wanted.checked_add(8000)? } else { wanted };
    let above = (0..NEIGHBOURS).filter_map(|step| first.checked_add(step));
    let below = (1..NEIGHBOURS).filter_map(|step| first.checked_sub(step));
    let mut near = above.chain(below.filter(|port| *port >= ORDINARY));
    near.find(|port| *port != wanted && addresses.is_free(*port))
}
