//! A WebSocket: bytes both ways without a limit of time, until both sides have closed.

use std::io;

use bytes::BytesMut;
use tokio::{
    io::{AsyncWriteExt, copy_bidirectional_with_sizes},
    net::TcpStream,
};

use crate::{body, lane::Lane};

const BUFFER_BYTES: usize = 32 * 1024;

/// Both sides of a WebSocket that was agreed on.
pub(crate) struct Tunnel {
    pub(crate) browser: TcpStream,
    /// What the browser has said already.
    pub(crate) said: BytesMut,
    pub(crate) lane: Lane,
}

impl Tunnel {
    /// Carries bytes until both sides have closed; one side closing is passed on as just that.
    ///
    /// Errors: when either side breaks. Dropping the future closes both.
    pub(crate) async fn run(self) -> io::Result<()> {
        let Self { mut browser, said, lane } = self;
        let (mut service, answered) = lane.into_stream();
        browser.write_all(&answered).await?;
        body::send(&mut service, &said).await?;
        copy_bidirectional_with_sizes(&mut browser, &mut service, BUFFER_BYTES, BUFFER_BYTES)
            .await?;
        Ok(())
    }
}
