//! One direction of a connection: read, count, write, and pass on the end.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::pool::Pool;

/// Which side of a connection broke.
#[derive(Debug)]
pub(crate) enum Broke {
    Reading(io::Error),
    Writing(io::Error),
}

/// What is on its way in one direction.
#[derive(Debug, Default)]
pub(crate) struct Pump {
    /// None while nothing is on its way.
    buffer: Option<Box<[u8]>>,
    start: usize,
    end: usize,
    has_ended: bool,
    needs_flush: bool,
}

impl Pump {
    /// Carries until the end was passed on. `see` gets every piece before it is written.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        pool: &Pool,
        mut from: Pin<&mut (impl AsyncRead + ?Sized)>,
        mut to: Pin<&mut (impl AsyncWrite + ?Sized)>,
        see: &mut dyn FnMut(&[u8]),
    ) -> Poll<Result<(), Broke>> {
        loop {
            ready!(self.write(cx, pool, to.as_mut()))?;
            if self.has_ended {
                return to.poll_shutdown(cx).map_err(Broke::Writing);
            }
            match self.read(cx, pool, from.as_mut(), see) {
                Poll::Ready(result) => result?,
                Poll::Pending => {
                    if self.needs_flush {
                        self.needs_flush =
                            to.as_mut().poll_flush(cx).map_err(Broke::Writing)?.is_pending();
                    }
                    return Poll::Pending;
                }
            }
        }
    }

    fn write(
        &mut self,
        cx: &mut Context<'_>,
        pool: &Pool,
        mut to: Pin<&mut (impl AsyncWrite + ?Sized)>,
    ) -> Poll<Result<(), Broke>> {
        while let Some(rest) = self.buffer.as_deref().and_then(|b| b.get(self.start..self.end)) {
            if rest.is_empty() {
                break;
            }
            let written = ready!(to.as_mut().poll_write(cx, rest)).map_err(Broke::Writing)?;
            if written == 0 {
                return Poll::Ready(Err(Broke::Writing(io::ErrorKind::WriteZero.into())));
            }
            self.start += written;
            self.needs_flush = true;
        }
        if let Some(buffer) = self.buffer.take() {
            pool.put(buffer);
        }
        Poll::Ready(Ok(()))
    }

    fn read(
        &mut self,
        cx: &mut Context<'_>,
        pool: &Pool,
        from: Pin<&mut (impl AsyncRead + ?Sized)>,
        see: &mut dyn FnMut(&[u8]),
    ) -> Poll<Result<(), Broke>> {
        let mut buffer = pool.take();
        let mut space = ReadBuf::new(&mut buffer);
        let polled = from.poll_read(cx, &mut space);
        let filled = space.filled();
        let end = filled.len();
        match polled {
            Poll::Ready(Ok(())) if end > 0 => {
                see(filled);
                (self.start, self.end) = (0, end);
                self.buffer = Some(buffer);
                Poll::Ready(Ok(()))
            }
            other => {
                pool.put(buffer);
                self.has_ended = matches!(other, Poll::Ready(Ok(())));
                other.map_err(Broke::Reading)
            }
        }
    }
}
