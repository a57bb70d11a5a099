//! Lines of a log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::TimestampMs;

/// Where a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogStream {
    Stdout,
    Stderr,
    /// Moorline's own words inside a log, for example how many lines were skipped.
    Note,
}

/// How much a line of Moorline's own log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
}

/// One line, without its line end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogLine {
    /// When it was written, where the server says so.
    pub at: Option<TimestampMs>,
    pub stream: LogStream,
    pub text: String,
}
