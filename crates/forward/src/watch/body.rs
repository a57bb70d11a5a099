//! Bodies of HTTP messages, passed over without being kept.

/// A chunk's size with whatever stands behind it, or a line of a trailer.
const LONGEST_LINE: usize = 8 * 1024;

/// What is left of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Body(State);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Left(u64),
    UntilTheEnd,
    /// In the line with the size of a chunk.
    Size {
        size: u64,
        digits: u32,
        is_over: bool,
        length: usize,
    },
    Chunk(u64),
    /// The line end behind a chunk.
    ChunkEnd,
    Trailer {
        line: usize,
        length: usize,
    },
}

/// Where the body stands after some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rest {
    More,
    Done,
    Nonsense,
}

impl Body {
    pub(super) fn none() -> Self {
        Self(State::Left(0))
    }

    pub(super) fn of_length(bytes: u64) -> Self {
        Self(State::Left(bytes))
    }

    pub(super) fn until_the_end() -> Self {
        Self(State::UntilTheEnd)
    }

    pub(super) fn chunked() -> Self {
        Self(SIZE)
    }

    /// Takes what belongs to the body from the front of `bytes`.
    pub(super) fn pass(&mut self, bytes: &mut &[u8]) -> Rest {
        loop {
            match &mut self.0 {
                State::UntilTheEnd => {
                    *bytes = &[];
                    return Rest::More;
                }
                State::Left(0) => return Rest::Done,
                State::Left(left) => {
                    if !take(left, bytes) {
                        return Rest::More;
                    }
                }
                State::Chunk(left) => {
                    if !take(left, bytes) {
                        return Rest::More;
                    }
                    self.0 = State::ChunkEnd;
                }
                _ => match bytes.split_first() {
                    None => return Rest::More,
                    Some((first, rest)) => {
                        *bytes = rest;
                        match self.byte(*first) {
                            Rest::More => {}
                            other => return other,
                        }
                    }
                },
            }
        }
    }

    /// Takes a byte of what is around chunks.
    fn byte(&mut self, byte: u8) -> Rest {
        let next = match self.0 {
            State::Size { size, digits, is_over, length } => {
                size_byte(byte, size, digits, is_over, length)
            }
            State::ChunkEnd => match byte {
                b'\n' => Some(SIZE),
                b'\r' => Some(State::ChunkEnd),
                _ => None,
            },
            State::Trailer { line: 0, .. } if byte == b'\n' => return Rest::Done,
            State::Trailer { line, length } if length < LONGEST_LINE => Some(match byte {
                b'\n' => State::Trailer { line: 0, length: length + 1 },
                b'\r' => State::Trailer { line, length: length + 1 },
                _ => State::Trailer { line: line + 1, length: length + 1 },
            }),
            State::Trailer { .. } | State::Left(_) | State::UntilTheEnd | State::Chunk(_) => None,
        };
        match next {
            Some(state) => {
                self.0 = state;
                Rest::More
            }
            None => Rest::Nonsense,
        }
    }
}

const SIZE: State = State::Size { size: 0, digits: 0, is_over: false, length: 0 };

fn size_byte(byte: u8, size: u64, digits: u32, is_over: bool, length: usize) -> Option<State> {
    if length > LONGEST_LINE {
        return None;
    }
    let length = length + 1;
    match byte {
        b'\n' if digits == 0 => None,
        b'\n' if size == 0 => Some(State::Trailer { line: 0, length: 0 }),
        b'\n' => Some(State::Chunk(size)),
        _ if is_over => Some(State::Size { size, digits, is_over, length }),
        b';' | b' ' | b'\t' | b'\r' if digits > 0 => {
            Some(State::Size { size, digits, is_over: true, length })
        }
        _ => {
            let digit = char::from(byte).to_digit(16)?;
            let size = size.checked_mul(16)?.checked_add(digit.into())?;
            Some(State::Size { size, digits: digits + 1, is_over, length })
        }
    }
}

/// True once nothing is left.
fn take(left: &mut u64, bytes: &mut &[u8]) -> bool {
    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
    *bytes = bytes.get(taken..).unwrap_or_default();
    *left -= taken as u64;
    *left == 0
}
