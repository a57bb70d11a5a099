//! Bytes that look random, are the same for the same seed, and show where they belong.

/// An endless row of bytes.
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
    word: [u8; 8],
    used: usize,
}

impl Noise {
    /// The row of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed, word: [0; 8], used: 8 }
    }

    /// The next eight bytes as a number; what was left of the last eight is skipped.
    pub fn number(&mut self) -> u64 {
        self.used = 8;
        // splitmix64: every seed is a good one, and neighbours have nothing in common.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from these, all equally likely.
    pub fn among(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.number() % (range.end - range.start)
    }

    /// The next bytes.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while at < bytes.len() {
            if self.used == 8 {
                self.word = self.number().to_le_bytes();
                self.used = 0;
            }
            let count = (8 - self.used).min(bytes.len() - at);
            bytes[at..at + count].copy_from_slice(&self.word[self.used..self.used + count]);
            self.used += count;
            at += count;
        }
    }

    /// Where these bytes stop being the next ones; none when all are.
    pub(super) fn differs(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut expected = vec![0; bytes.len()];
        self.fill(&mut expected);
        (expected != bytes).then(|| {
            let pairs = expected.iter().zip(bytes);
            pairs.take_while(|(expected, found)| expected == found).count()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size_make_the_same_row() {
        let mut whole = [0; 1000];
        Noise::new(7).fill(&mut whole);
        let mut pieces = Noise::new(7);
        let mut row = Vec::new();
        for size in [1, 2, 3, 5, 8, 13, 100, 868] {
            let mut piece = vec![0; size];
            pieces.fill(&mut piece);
            row.extend(piece);
        }
        assert_eq!(row, whole);
        assert_eq!(Noise::new(7).differs(&whole), None);
        whole[517] ^= 1;
        assert_eq!(Noise::new(7).differs(&whole), Some(517));
        assert_eq!(Noise::new(8).differs(&whole[..100]), Some(0));
    }
}
