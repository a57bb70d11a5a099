//! Bytes of a stream cut into lines, wherever the network cut them.

/// A line longer than this is cut: no line of the server's is meant to be.
const LONGEST: usize = 1024 * 1024;

/// Takes bytes in any cut, gives lines without their ends.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    held: Vec<u8>,
}

impl Lines {
    /// Adds bytes and gives the lines that they complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut parts = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            let room = LONGEST.saturating_sub(self.held.len()).min(part.len());
            self.held.extend(part.iter().take(room));
            if parts.peek().is_some() {
                lines.push(self.take());
            }
        }
        lines
    }

    /// What is left when the stream ends without a line end.
    pub(crate) fn finish(&mut self) -> Option<String> {
        (!self.held.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> String {
        let bytes = std::mem::take(&mut self.held);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(&bytes);
        String::from_utf8_lossy(bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lines;

    proptest! {
        #[test]
        fn any_cut_gives_the_same_lines(text in "[aé\n]{0,200}", cut in 1usize..20) {
            let mut lines = Lines::default();
            let mut got: Vec<String> = Vec::new();
            for chunk in text.as_bytes().chunks(cut) {
                got.extend(lines.push(chunk));
            }
            got.extend(lines.finish());
            let expected: Vec<String> = text.lines().map(str::to_owned).collect();
            prop_assert_eq!(got, expected);
        }
    }
}
