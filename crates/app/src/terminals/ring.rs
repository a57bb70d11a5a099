//! The newest bytes of a terminal, addressed by how many were ever printed. Never grows beyond its size.

use std::collections::VecDeque;

use bytes::Bytes;

/// What a follower gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) bytes: Bytes,
    /// Where to go on.
    pub(crate) next: u64,
}

/// A ring of bytes.
pub(crate) struct Ring {
    bytes: VecDeque<u8>,
    capacity: usize,
    /// Bytes ever written.
    end: u64,
}

impl Ring {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { bytes: VecDeque::new(), capacity, end: 0 }
    }

    /// Appends; the oldest bytes go. Gives the number of bytes ever written.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> u64 {
        self.end += bytes.len() as u64;
        let kept = bytes.get(bytes.len().saturating_sub(self.capacity)..).unwrap_or(bytes);
        let too_many = (self.bytes.len() + kept.len()).saturating_sub(self.capacity);
        self.bytes.drain(..too_many);
        self.bytes.extend(kept);
        self.end
    }

    /// At most `limit` bytes from position `from`, or from the oldest that is still there.
    pub(crate) fn read(&self, from: u64, limit: usize) -> Chunk {
        let oldest = self.end - self.bytes.len() as u64;
        let from = from.clamp(oldest, self.end);
        let skip = usize::try_from(from - oldest).unwrap_or(usize::MAX);
        let bytes: Bytes = self.bytes.iter().skip(skip).take(limit).copied().collect();
        let next = from + bytes.len() as u64;
        Chunk { bytes, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_bytes_go_first() {
        let mut ring = Ring::new(4);
        ring.write(b"abc");
        assert_eq!(ring.read(0, 10).bytes, "abc");
        assert_eq!(ring.write(b"def"), 6);
        assert_eq!(ring.read(0, 10), Chunk { bytes: "cdef".into(), next: 6 });
        assert_eq!(ring.read(4, 1), Chunk { bytes: "e".into(), next: 5 });
        assert_eq!(ring.read(6, 10), Chunk { bytes: Bytes::new(), next: 6 });
    }

    #[test]
    fn one_write_may_be_larger_than_the_ring() {
        let mut ring = Ring::new(3);
        ring.write(b"0123456789");
        assert_eq!(ring.read(0, 10), Chunk { bytes: "789".into(), next: 10 });
    }
}
