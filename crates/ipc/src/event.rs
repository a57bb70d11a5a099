//! Every message to a client that is not a reply.

use app::CoreEvent;
use model::Failure;
use serde::Serialize;
use ts_rs::TS;

/// The end of a stream, told only to the client that opened it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StreamEnd {
    pub stream: u32,
    /// None when it ended as it should.
    pub error: Option<Failure>,
}

/// Every message to one client that is not a reply.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientEvent {
    Core(CoreEvent),
    StreamEnd(StreamEnd),
}
