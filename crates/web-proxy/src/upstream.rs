//! What the caller supplies: a way to the service behind the proxy.

use std::io;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

/// A two-way byte stream.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for T {}

/// A two-way byte stream of whatever kind.
pub type BoxStream = Box<dyn ByteStream>;

/// The way to one service that speaks HTTP/1.1.
#[async_trait]
pub trait Upstream: Send + Sync {
    /// Opens a stream to the service. Called for each connection the proxy needs; streams are reused
    /// for further requests. Dropping the future cancels the attempt, dropping the stream closes it.
    /// It runs on the proxy's thread, which ends with the proxy: tasks that live longer are spawned on
    /// a runtime of the caller's.
    ///
    /// Errors: any `io::Error`; its words are shown to the person on the page that says the service
    /// cannot be reached.
    async fn dial(&self) -> io::Result<BoxStream>;

    /// The ports by which the service may call itself in redirects, inside and outside its container.
    fn ports(&self) -> Vec<u16> {
        Vec::new()
    }
}
