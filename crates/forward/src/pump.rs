//! One direction of a connection: read, count, write, and pass on the end.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::pool::{Lent, Pool};

/// Which side of a connection broke.
#[derive(Debug)]
pub(crate) enum Broke {
    Reading(io::Error),
    Writing(io::Error),
}

/// What is on its way in one direction.
#[derive(Debug)]
pub(crate) struct Pump<'a> {
    pool: &'a Pool,
    piece: Option<Piece<'a>>,
    has_ended: bool,
    needs_flush: bool,
    discards: bool,
}

#[derive(Debug)]
struct Piece<'a> {
    buffer: Lent<'a>,
    start: usize,
    end: usize,
}

impl<'a> Pump<'a> {
    pub(crate) fn new(pool: &'a Pool) -> Self {
        Self { pool, piece: None, has_ended: false, needs_flush: false, discards: false }
    }

    /// Nobody takes what comes any more: it is read and thrown away, so that whoever sends it can go on to
    /// read the answer.
    pub(crate) fn discard(&mut self) {
        (self.discards, self.needs_flush, self.piece) = (true, false, None);
    }

    /// Carries until the end was passed on. `see` gets every piece before it is written; what is thrown away
    /// it does not get.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut from: Pin<&mut impl AsyncRead>,
        mut to: Pin<&mut impl AsyncWrite>,
        see: &mut dyn FnMut(&[u8]),
    ) -> Poll<Result<(), Broke>> {
        loop {
            ready!(self.write(cx, to.as_mut())).map_err(Broke::Writing)?;
            if self.has_ended {
                return match self.discards {
                    true => Poll::Ready(Ok(())),
                    false => to.poll_shutdown(cx).map_err(Broke::Writing),
                };
            }
            if self.read(cx, from.as_mut(), see).map_err(Broke::Reading)?.is_pending() {
                if self.needs_flush {
                    let flushed = to.poll_flush(cx).map_err(Broke::Writing)?;
                    self.needs_flush = flushed.is_pending();
                }
                return Poll::Pending;
            }
        }
    }

    fn write(
        &mut self,
        cx: &mut Context<'_>,
        mut to: Pin<&mut impl AsyncWrite>,
    ) -> Poll<io::Result<()>> {
        while let Some(piece) = &mut self.piece {
            let rest = piece.buffer.get(piece.start..piece.end).unwrap_or_default();
            if rest.is_empty() {
                self.piece = None;
                break;
            }
            let written = ready!(to.as_mut().poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            piece.start += written;
            self.needs_flush = true;
        }
        Poll::Ready(Ok(()))
    }

    /// A buffer is only held while there is something in it.
    fn read(
        &mut self,
        cx: &mut Context<'_>,
        from: Pin<&mut impl AsyncRead>,
        see: &mut dyn FnMut(&[u8]),
    ) -> Poll<io::Result<()>> {
        let mut buffer = self.pool.take();
        let mut space = ReadBuf::new(&mut buffer);
        ready!(from.poll_read(cx, &mut space))?;
        let filled = space.filled();
        let end = filled.len();
        if end == 0 {
            self.has_ended = true;
        } else if !self.discards {
            see(filled);
            self.piece = Some(Piece { buffer, start: 0, end });
        }
        Poll::Ready(Ok(()))
    }
}
