//! Bodies on their way: read from one side, framed for the other, never held whole.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    task::Poll,
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::tcp,
};
use tokio_util::io::poll_read_buf;

use crate::{
    chunks::{self, Chunks, Progress},
    head::Framing,
    lane::fill,
};

/// What a browser sends ahead is taken up to here; more waits in its socket.
const MOST_AHEAD_BYTES: usize = 64 * 1024;

/// Why a body did not arrive whole.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The side it comes from broke, or ended it early.
    Source,
    /// The side it goes to takes no more.
    Sink,
    /// The browser left while it was waited for.
    Gone,
}

/// One side to read from: its stream, and what was read of it and not taken.
pub(crate) struct Source<'a, R> {
    pub(crate) reader: &'a mut R,
    pub(crate) read: &'a mut BytesMut,
}

/// The browser's side, watched for its leaving while the service is waited for.
pub(crate) type Watch<'a, 's> = Source<'a, tcp::ReadHalf<'s>>;

/// Does `work` unless the browser leaves meanwhile: then none.
pub(crate) async fn unless_gone<T>(
    watch: &mut Watch<'_, '_>,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|cx| {
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(done));
        }
        while watch.read.len() < MOST_AHEAD_BYTES {
            match poll_read_buf(Pin::new(&mut *watch.reader), cx, watch.read) {
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(None),
                Poll::Ready(Ok(_)) => {}
                Poll::Pending => break,
            }
        }
        Poll::Pending
    })
    .await
}

/// Where a body goes: bytes that go first (the head), the stream, and whether chunks frame it there.
pub(crate) struct Sink<'a, W> {
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) writer: &'a mut W,
    pub(crate) is_chunked: bool,
}

impl<W: AsyncWrite + Unpin> Sink<'_, W> {
    fn piece(&mut self, piece: &[u8]) {
        if self.is_chunked {
            chunks::write_chunk(piece, self.out);
        } else {
            self.out.extend_from_slice(piece);
        }
    }

    async fn flush(&mut self) -> Result<(), Broken> {
        if !self.out.is_empty() {
            send(self.writer, self.out).await.map_err(|_| Broken::Sink)?;
            self.out.clear();
        }
        Ok(())
    }
}

/// Writes all of it and sees it off.
pub(crate) async fn send<W: AsyncWrite + Unpin>(writer: &mut W, bytes: &[u8]) -> io::Result<()> {
    writer.write_all(bytes).await?;
    writer.flush().await
}

/// Carries one body. Each piece goes on as soon as it is there, the head with the first.
///
/// Errors: which side broke. Dropping the future leaves both sides in the middle of a message.
pub(crate) async fn carry<R, W>(
    framing: Framing,
    source: Source<'_, R>,
    mut sink: Sink<'_, W>,
    mut watch: Option<Watch<'_, '_>>,
) -> Result<(), Broken>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut rest = Rest::of(framing);
    loop {
        let progress = rest.take(source.read, &mut sink)?;
        if progress == Progress::Ended && sink.is_chunked {
            chunks::write_end(sink.out);
        }
        sink.flush().await?;
        if progress == Progress::Ended {
            return Ok(());
        }
        let more = fill(source.reader, source.read);
        let more = match &mut watch {
            Some(watch) => unless_gone(watch, more).await.ok_or(Broken::Gone)?,
            None => more.await,
        };
        let has_ended = more.map_err(|_| Broken::Source)? == 0;
        if has_ended {
            rest.end()?;
        }
    }
}

/// What of a body has not arrived yet.
enum Rest {
    Bytes(u64),
    Chunks(Chunks),
    UntilClose,
}

impl Rest {
    fn of(framing: Framing) -> Self {
        match framing {
            Framing::None => Self::Bytes(0),
            Framing::Length(length) => Self::Bytes(length),
            Framing::Chunked => Self::Chunks(Chunks::new()),
            Framing::UntilClose => Self::UntilClose,
        }
    }

    /// Takes what is there.
    fn take<W: AsyncWrite + Unpin>(
        &mut self,
        read: &mut BytesMut,
        sink: &mut Sink<'_, W>,
    ) -> Result<Progress, Broken> {
        match self {
            Self::Bytes(left) => {
                let here = usize::try_from(*left).unwrap_or(usize::MAX).min(read.len());
                if let Some(piece) = read.get(..here) {
                    sink.piece(piece);
                }
                read.advance(here);
                *left -= here as u64;
                Ok(if *left == 0 { Progress::Ended } else { Progress::More })
            }
            Self::Chunks(chunks) => {
                chunks.read(read, |piece| sink.piece(piece)).map_err(|_| Broken::Source)
            }
            Self::UntilClose => {
                sink.piece(read);
                read.clear();
                Ok(Progress::More)
            }
        }
    }

    /// The source has closed.
    fn end(&mut self) -> Result<(), Broken> {
        match self {
            Self::UntilClose => {
                *self = Self::Bytes(0);
                Ok(())
            }
            Self::Bytes(_) | Self::Chunks(_) => Err(Broken::Source),
        }
    }
}
