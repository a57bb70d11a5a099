//! Chunked bodies, taken apart and framed anew, so that what one side makes of odd framing never
//! reaches the other. Extensions and trailers are dropped.

use bytes::{Buf, BytesMut};
use httparse::Status;

/// A size line or a trailer line beyond this many bytes is refused.
const MOST_LINE_BYTES: usize = 4 * 1024;
const MOST_TRAILER_BYTES: usize = 64 * 1024;

/// Not a chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Whether a body has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    More,
    Ended,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Size,
    Data { left: u64 },
    DataEnd,
    Trailers { seen: usize },
}

/// Where in a chunked body the reading is.
#[derive(Debug)]
pub(crate) struct Chunks(Place);

/// Writes one piece of a body as a chunk. An empty piece writes nothing: that would end the body.
pub(crate) fn write_chunk(piece: &[u8], out: &mut Vec<u8>) {
    if piece.is_empty() {
        return;
    }
    let digits = format!("{:x}\r\n", piece.len());
    out.extend_from_slice(digits.as_bytes());
    out.extend_from_slice(piece);
    out.extend_from_slice(b"\r\n");
}

/// Writes the end of a body.
pub(crate) fn write_end(out: &mut Vec<u8>) {
    out.extend_from_slice(b"0\r\n\r\n");
}

impl Chunks {
    pub(crate) fn new() -> Self {
        Self(Place::Size)
    }

    /// Takes what `input` holds of the body. Each piece of data is given to `take`.
    pub(crate) fn read(
        &mut self,
        input: &mut BytesMut,
        mut take: impl FnMut(&[u8]),
    ) -> Result<Progress, Malformed> {
        loop {
            match &mut self.0 {
                Place::Size => {
                    let Some((used, size)) = size_line(input)? else { return Ok(Progress::More) };
                    input.advance(used);
                    self.0 = match size {
                        0 => Place::Trailers { seen: 0 },
                        left => Place::Data { left },
                    };
                }
                Place::Data { left } => {
                    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    let Some(piece) = input.get(..here).filter(|piece| !piece.is_empty()) else {
                        return Ok(Progress::More);
                    };
                    take(piece);
                    input.advance(here);
                    *left -= here as u64;
                    if *left == 0 {
                        self.0 = Place::DataEnd;
                    }
                }
                Place::DataEnd => {
                    match input.get(..2) {
                        None => return Ok(Progress::More),
                        Some(b"\r\n") => input.advance(2),
                        Some(_) => return Err(Malformed),
                    }
                    self.0 = Place::Size;
                }
                Place::Trailers { seen } => {
                    let Some(line) = line_length(input)? else { return Ok(Progress::More) };
                    *seen += line;
                    let is_last = line <= 2;
                    input.advance(line);
                    if is_last {
                        return Ok(Progress::Ended);
                    }
                    if *seen > MOST_TRAILER_BYTES {
                        return Err(Malformed);
                    }
                }
            }
        }
    }
}

fn size_line(input: &[u8]) -> Result<Option<(usize, u64)>, Malformed> {
    // The parser takes a line without digits for the end of the body.
    if input.first().is_some_and(|first| !first.is_ascii_hexdigit()) {
        return Err(Malformed);
    }
    match httparse::parse_chunk_size(input) {
        Ok(Status::Complete(found)) => Ok(Some(found)),
        Ok(Status::Partial) if input.len() <= MOST_LINE_BYTES => Ok(None),
        Ok(Status::Partial) | Err(_) => Err(Malformed),
    }
}

/// The length of the first line with its end.
fn line_length(input: &[u8]) -> Result<Option<usize>, Malformed> {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => Ok(Some(at + 1)),
        None if input.len() <= MOST_LINE_BYTES => Ok(None),
        None => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out when `bytes` arrive in pieces of `step`.
    fn read(bytes: &[u8], step: usize) -> Result<(Vec<u8>, Progress, usize), Malformed> {
        let (mut chunks, mut input, mut out) = (Chunks::new(), BytesMut::new(), Vec::new());
        let mut progress = Progress::More;
        for piece in bytes.chunks(step) {
            input.extend_from_slice(piece);
            if progress == Progress::More {
                progress = chunks.read(&mut input, |data| out.extend_from_slice(data))?;
            }
        }
        Ok((out, progress, input.len()))
    }

    #[test]
    fn extensions_and_trailers_are_dropped() {
        let body = b"3;a=b\r\none\r\n3\r\ntwo\r\n0\r\nX-Sum: 1\r\n\r\nGET";
        for step in [1, 2, 7, 100] {
            assert_eq!(read(body, step), Ok((b"onetwo".to_vec(), Progress::Ended, 3)), "{step}");
        }
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for body in ["x\r\n", "3\r\noneX\r\n", "-1\r\n", "1ffffffffffffffff\r\n", "\r\n"] {
            assert_eq!(read(body.as_bytes(), 1), Err(Malformed), "{body:?}");
        }
        assert_eq!(read(&[b'1'; MOST_LINE_BYTES * 2], 100), Err(Malformed));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..8),
            step in 1..50usize,
        ) {
            let mut wire = Vec::new();
            for piece in &pieces {
                write_chunk(piece, &mut wire);
            }
            write_end(&mut wire);
            prop_assert_eq!(read(&wire, step), Ok((pieces.concat(), Progress::Ended, 0)));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), step in 1..9usize) {
            let _ = read(&bytes, step);
        }
    }
}
