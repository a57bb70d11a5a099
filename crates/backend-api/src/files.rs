//! Files inside a workspace, as tar streams. What the files mean is the caller's business.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream as BoxItems;
use model::WorkspaceId;

use crate::{BackendError, Cx};

/// A tar archive on its way.
pub type TarStream<E> = BoxItems<'static, Result<Bytes, E>>;

/// Files go in and out as tar archives. Works on a workspace in any state.
///
/// Dropping a future or a stream, and cancelling `cx`, stops the transfer; what arrived by then stays.
#[async_trait]
pub trait Files: Send + Sync {
    /// Unpacks a tar archive below `folder`, which is made for root when it is not there. Owner, group and mode of every file are
    /// those of its tar header, so that nothing has to be changed afterwards.
    ///
    /// Errors: `NotFound` when the workspace is not there; `Unreachable` when nothing moves for two
    /// minutes; `Invalid` with the words of `tar` when that stream fails.
    async fn put(
        &self,
        id: &WorkspaceId,
        folder: &str,
        tar: TarStream<io::Error>,
        cx: &Cx,
    ) -> Result<(), BackendError>;

    /// A file or a folder as a tar archive; names begin with the last part of `path`. Modes are right;
    /// owners need not be, because servers tell them in ways of their own.
    ///
    /// Errors: `NotFound` when the workspace or the path is not there.
    async fn get(
        &self,
        id: &WorkspaceId,
        path: &str,
        cx: &Cx,
    ) -> Result<TarStream<BackendError>, BackendError>;
}
