//! Arguments of tests of connections and of server set-up.

use app::DoctorSubject;
use model::{ConnectionId, FormValues};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct DoctorOpenArgs {
    pub subject: DoctorSubject,
    /// Whether the person may be asked for host keys and credentials during the test.
    pub asks: bool,
    /// Carries one JSON `DiagnosisReport` a line, each the whole test as it stands; ends with the test.
    pub stream: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetupPlanArgs {
    pub connection_id: ConnectionId,
    /// Values of the offer's fields.
    pub values: FormValues,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetupRunArgs {
    pub connection_id: ConnectionId,
    pub values: FormValues,
    /// True when the person saw the script and what it means, and agrees.
    pub agreed: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct DoctorCopyKeyArgs {
    pub subject: DoctorSubject,
    /// The machine on the way, as the fix names it.
    pub hop: u32,
    /// The line for authorized_keys.
    pub line: String,
    /// True when the person saw what goes where, and agrees.
    pub agreed: bool,
}
