//! Bytes cut into lines, each held to a limit.

/// One line without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CutLine {
    pub(crate) bytes: Vec<u8>,
    /// Bytes beyond the limit that were dropped.
    pub(crate) dropped: usize,
}

impl CutLine {
    /// As text; bytes that are no UTF-8 become replacement characters. A cut line says so.
    pub(crate) fn text(&self) -> String {
        let bytes = self.bytes.strip_suffix(b"\r").unwrap_or(&self.bytes);
        let text = String::from_utf8_lossy(bytes);
        match self.dropped {
            0 => text.into_owned(),
            dropped => format!("{text} [{dropped} more bytes of this line left out]"),
        }
    }
}

/// Takes bytes in any cut, gives lines; never holds more than `limit` bytes.
#[derive(Debug)]
pub(crate) struct LineCutter {
    limit: usize,
    held: Vec<u8>,
    dropped: usize,
}

impl LineCutter {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, held: Vec::new(), dropped: 0 }
    }

    /// Adds bytes and gives the lines that they complete.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<CutLine> {
        let mut lines = Vec::new();
        let mut parts = bytes.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            let room = self.limit.saturating_sub(self.held.len()).min(part.len());
            let (kept, rest) = part.split_at(room);
            self.held.extend_from_slice(kept);
            self.dropped += rest.len();
            if parts.peek().is_some() {
                lines.push(self.take());
            }
        }
        lines
    }

    /// The last line, when the stream ended without a line end.
    pub(crate) fn finish(&mut self) -> Option<CutLine> {
        (!self.held.is_empty() || self.dropped > 0).then(|| self.take())
    }

    fn take(&mut self) -> CutLine {
        CutLine {
            bytes: std::mem::take(&mut self.held),
            dropped: std::mem::take(&mut self.dropped),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::LineCutter;

    proptest! {
        #[test]
        fn any_cut_gives_the_same_lines(text in "[ab\n]{0,200}", cut in 1usize..20) {
            let mut cutter = LineCutter::new(1000);
            let mut lines: Vec<String> = Vec::new();
            for chunk in text.as_bytes().chunks(cut) {
                lines.extend(cutter.push(chunk).iter().map(super::CutLine::text));
            }
            lines.extend(cutter.finish().iter().map(super::CutLine::text));
            let expected: Vec<String> = text.lines().map(str::to_owned).collect();
            prop_assert_eq!(lines, expected);
        }

        #[test]
        fn a_line_never_grows_beyond_the_limit(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            let mut cutter = LineCutter::new(10);
            let mut lines = cutter.push(&bytes);
            lines.extend(cutter.finish());
            prop_assert!(lines.iter().all(|line| line.bytes.len() <= 10));
            let total: usize = lines.iter().map(|line| line.bytes.len() + line.dropped).sum();
            let ends = bytes.iter().filter(|byte| **byte == b'\n').count();
            prop_assert_eq!(total, bytes.len() - ends);
        }
    }

    #[test]
    fn a_cut_line_says_so() {
        let mut cutter = LineCutter::new(4);
        let lines = cutter.push(b"abcdefg\r\n");
        assert_eq!(lines[0].text(), "abcd [4 more bytes of this line left out]");
    }
}
