//! Measurements of a running workspace.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::TimestampMs;

/// One measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricSample {
    pub at: TimestampMs,
    /// Percent of one core; 250 is two and a half cores.
    pub cpu_percent: f64,
    pub memory_bytes: u64,
    /// None when there is no limit.
    pub memory_limit_bytes: Option<u64>,
    /// Totals since the workspace started.
    pub network_in_bytes: u64,
    pub network_out_bytes: u64,
    /// Totals since the workspace started, of all its disks.
    pub disk_read_bytes: u64,
    pub disk_written_bytes: u64,
}
