//! A link as clients of a tunnel use it: one that cannot be served calls for a check.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{BackendError, BoxStream, Dial, DialTarget};
use ssh::Link;
use tokio::sync::Notify;

/// A link whose failures are heard.
pub(super) struct Watched {
    link: Arc<Link>,
    trouble: Arc<Notify>,
}

impl Watched {
    pub(super) fn new(link: Arc<Link>, trouble: Arc<Notify>) -> Self {
        Self { link, trouble }
    }

    fn heard(&self, dialled: Result<BoxStream, BackendError>) -> Result<BoxStream, BackendError> {
        dialled.inspect_err(|_| self.trouble.notify_one())
    }
}

#[async_trait]
impl Dial for Watched {
    async fn dial(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.heard(self.link.dial(target).await)
    }

    async fn dial_bulk(&self, target: &DialTarget) -> Result<BoxStream, BackendError> {
        self.heard(self.link.dial_bulk(target).await)
    }
}
