//! Finds the control sequence in which a terminal tells its process id, in any cut of the output.

use bytes::Bytes;

const MARK: &[u8] = b"\x1b]7788;";
/// Longest mark: the digits of a process id and the byte that ends it.
const MARK_LENGTH: usize = MARK.len() + 12;
/// The mark comes before this much output, or not at all.
const MARK_WITHIN: usize = 64 * 1024;

/// Takes the process id out of the output. What was typed early is echoed before it.
#[derive(Default)]
pub(super) struct MarkFinder {
    held: Vec<u8>,
    passed: usize,
    pub(super) is_done: bool,
    pub(super) process: Option<u32>,
}

impl MarkFinder {
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Bytes {
        if self.is_done {
            return Bytes::copy_from_slice(bytes);
        }
        self.held.extend_from_slice(bytes);
        let mut shown = match find(&self.held, MARK) {
            Some(begin) => self.take_mark(begin),
            None => {
                let end = self.held.len() - partial_mark(&self.held);
                self.held.drain(..end).collect()
            }
        };
        self.passed += shown.len();
        if self.is_done || self.passed > MARK_WITHIN {
            self.is_done = true;
            shown.append(&mut self.held);
        }
        Bytes::from(shown)
    }

    /// The mark begins at `begin`; what is before it is shown, and the rest stays held until it is whole.
    fn take_mark(&mut self, begin: usize) -> Vec<u8> {
        let shown: Vec<u8> = self.held.drain(..begin).collect();
        let Some(end) = self.held.iter().take(MARK_LENGTH).position(|byte| *byte == 7) else {
            self.is_done = self.held.len() >= MARK_LENGTH;
            return shown;
        };
        let mark: Vec<u8> = self.held.drain(..=end).collect();
        let digits = mark.get(MARK.len()..end).and_then(|digits| std::str::from_utf8(digits).ok());
        self.process = digits.and_then(|digits| digits.parse().ok());
        self.is_done = true;
        shown
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// How many bytes at the end may be the beginning of a mark.
fn partial_mark(bytes: &[u8]) -> usize {
    let longest = MARK.len().min(bytes.len());
    let fits =
        |length: &usize| bytes.iter().rev().take(*length).rev().eq(MARK.iter().take(*length));
    (1..=longest).rev().find(fits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::MarkFinder;

    proptest! {
        #[test]
        fn the_mark_is_taken_out_at_any_cut(
            process in any::<u32>(),
            echo in "[ -~]{0,40}",
            text in "[ -~\\x1b]{0,40}",
            cut in 1usize..30,
        ) {
            let wire = format!("{echo}\x1b]7788;{process}\x07{text}");
            let mut finder = MarkFinder::default();
            let mut shown = Vec::new();
            for chunk in wire.as_bytes().chunks(cut) {
                shown.extend_from_slice(&finder.pass(chunk));
            }
            prop_assert_eq!(finder.process, Some(process));
            prop_assert_eq!(shown, format!("{echo}{text}").into_bytes());
        }
    }

    #[test]
    fn output_without_a_mark_is_kept() {
        let mut finder = MarkFinder::default();
        assert_eq!(&finder.pass(b"\x1b]7788;not a number at all\x07")[..9], b"\x1b]7788;no");
        let mut finder = MarkFinder::default();
        let shown = finder.pass(b"Error: no such file or directory\r\n");
        assert_eq!(&shown[..], b"Error: no such file or directory\r\n");
        assert_eq!(finder.process, None);
    }
}
