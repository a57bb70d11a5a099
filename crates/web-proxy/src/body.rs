//! Bodies in both directions, streamed frame by frame.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use crate::{lane::Lane, pool::Pool};

/// The body of a request to the service.
pub(crate) enum RequestBody {
    Empty,
    Stream(Incoming),
}

/// The body of a reply to the browser.
pub(crate) enum ReplyBody {
    /// All of it, until taken.
    Whole(Option<Bytes>),
    /// What the service sends.
    Service(ServiceBody),
}

/// A reply's body together with the lane it arrives on, which goes back to the pool after its last byte.
pub(crate) struct ServiceBody {
    incoming: Incoming,
    lane: Option<Box<Lane>>,
    pool: Arc<Pool>,
}

impl ReplyBody {
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes))
    }

    pub(crate) fn service(incoming: Incoming, lane: Box<Lane>, pool: Arc<Pool>) -> Self {
        Self::Service(ServiceBody { incoming, lane: Some(lane), pool })
    }
}

impl ServiceBody {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let mut quiet = Context::from_waker(Waker::noop());
        let mut frame = Pin::new(&mut self.incoming).poll_frame(&mut quiet);
        if let (Poll::Pending, Some(lane)) = (&frame, &mut self.lane) {
            lane.drive(cx);
            frame = Pin::new(&mut self.incoming).poll_frame(&mut quiet);
        }
        if frame.is_pending() && self.lane.as_ref().is_none_or(|lane| lane.has_ended()) {
            // What will never be finished ends when the connection is dropped.
            self.lane = None;
            frame = Pin::new(&mut self.incoming).poll_frame(&mut quiet);
        }
        match &frame {
            Poll::Ready(None) => self.release(),
            Poll::Ready(Some(Err(_))) => self.lane = None,
            Poll::Ready(Some(Ok(_))) | Poll::Pending => {}
        }
        frame
    }

    fn release(&mut self) {
        if let Some(lane) = self.lane.take() {
            self.pool.put(lane);
        }
    }
}

impl Drop for ServiceBody {
    fn drop(&mut self) {
        if self.incoming.is_end_stream() {
            self.release();
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Empty => Poll::Ready(None),
            Self::Stream(incoming) => Pin::new(incoming).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Stream(incoming) => incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Stream(incoming) => incoming.size_hint(),
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|all| Ok(Frame::data(all)))),
            Self::Service(body) => body.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Service(body) => body.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |all| all.len() as u64))
            }
            Self::Service(body) => body.incoming.size_hint(),
        }
    }
}
