//! libpod's framing of log output: 8 bytes `[fd, 0, 0, 0, length BE32]`, then `length` bytes.
//!
//! A pure parser: bytes in any cut in, pieces of frames out. It never holds more than a header.

/// Part of a frame's payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// 1 standard output, 2 standard error, 3 the service's own words.
    pub(crate) fd: u8,
    /// True for the first piece of its frame; an empty frame is one empty first piece.
    pub(crate) is_first: bool,
    pub(crate) bytes: Vec<u8>,
}

/// These bytes are no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotFrames;

/// Takes bytes, gives pieces.
#[derive(Debug, Default)]
pub(crate) struct FrameParser {
    header: Vec<u8>,
    fd: u8,
    left: usize,
    is_first: bool,
}

impl FrameParser {
    /// Parses the next bytes of the stream.
    ///
    /// # Errors
    /// `NotFrames` when a header makes no sense; the stream cannot be read further.
    pub(crate) fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<Piece>, NotFrames> {
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            if self.left > 0 {
                let (taken, rest) = bytes.split_at(self.left.min(bytes.len()));
                self.left -= taken.len();
                pieces.push(Piece { fd: self.fd, is_first: self.is_first, bytes: taken.to_vec() });
                self.is_first = false;
                bytes = rest;
                continue;
            }
            let (taken, rest) = bytes.split_at((8 - self.header.len()).min(bytes.len()));
            self.header.extend_from_slice(taken);
            bytes = rest;
            if let Ok(header) = <[u8; 8]>::try_from(self.header.as_slice()) {
                self.begin(header, &mut pieces)?;
            }
        }
        Ok(pieces)
    }

    fn begin(&mut self, header: [u8; 8], pieces: &mut Vec<Piece>) -> Result<(), NotFrames> {
        let [fd, a, b, c, l0, l1, l2, l3] = header;
        if fd > 3 || (a, b, c) != (0, 0, 0) {
            return Err(NotFrames);
        }
        self.header.clear();
        self.fd = fd;
        self.left = usize::try_from(u32::from_be_bytes([l0, l1, l2, l3])).map_err(|_| NotFrames)?;
        self.is_first = true;
        if self.left == 0 {
            pieces.push(Piece { fd, is_first: true, bytes: Vec::new() });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FrameParser, NotFrames};

    fn frame(fd: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![fd, 0, 0, 0];
        bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(payload);
        bytes
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_payloads(
            frames in proptest::collection::vec((1u8..=3, proptest::collection::vec(any::<u8>(), 0..40)), 0..12),
            cut in 1usize..50,
        ) {
            let wire: Vec<u8> = frames.iter().flat_map(|(fd, payload)| frame(*fd, payload)).collect();
            let mut parser = FrameParser::default();
            let mut joined: Vec<(u8, Vec<u8>)> = Vec::new();
            for chunk in wire.chunks(cut) {
                for piece in parser.push(chunk).unwrap() {
                    if piece.is_first {
                        joined.push((piece.fd, piece.bytes));
                    } else {
                        joined.last_mut().unwrap().1.extend(piece.bytes);
                    }
                }
            }
            prop_assert_eq!(joined, frames);
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = FrameParser::default().push(&bytes);
        }
    }

    #[test]
    fn text_is_no_frame() {
        assert_eq!(FrameParser::default().push(b"plain text of a terminal"), Err(NotFrames));
    }
}
