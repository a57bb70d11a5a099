//! Arguments and replies of settings, transfer, Moorline's own log and support.

use model::LogLevel;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An export as text.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TransferText {
    pub text: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TransferImportArgs {
    pub text: String,
    /// Keys of the items to take over.
    pub keys: Vec<String>,
}

/// Where everything but the secrets was kept.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Backup {
    pub path: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct JournalOpenArgs {
    /// Lines that matter less are left out.
    pub level: LogLevel,
    /// Carries one JSON `LogLine` a line.
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct JournalSaveArgs {
    pub level: LogLevel,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SupportSaveArgs {
    /// Names of files to leave out.
    pub without: Vec<String>,
}
