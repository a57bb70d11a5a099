//! What changes while one looks: events, measurements, exec sessions.

use std::collections::BTreeMap;

use serde::Deserialize;

wire! {
    /// `exec/{id}/json`.
    ExecInspected {
        running: bool,
        exit_code: i32,
    }
}

wire! {
    /// One line of `events`.
    Event {
        #[serde(rename = "id")]
        id: String,
        #[serde(rename = "status")]
        status: String,
        action: String,
        actor: Actor,
    }
}

wire! {
    Actor {
        #[serde(rename = "ID")]
        id: String,
    }
}

wire! {
    /// One line of `containers/stats`.
    StatsReport {
        error: serde_json::Value,
        stats: Vec<Stats>,
    }
}

wire! {
    /// Stopped containers are reported too, as zeroes. `CPUNano` and `SystemNano` only grow.
    Stats {
        #[serde(rename = "ContainerID")]
        container_id: String,
        #[serde(rename = "CPUNano")]
        cpu_nano: u64,
        system_nano: u64,
        mem_usage: u64,
        mem_limit: u64,
        net_input: u64,
        net_output: u64,
        block_input: u64,
        block_output: u64,
        #[serde(rename = "PIDs")]
        pids: u64,
        #[serde(rename = "Network")]
        network: BTreeMap<String, NetworkStats>,
    }
}

wire! {
    /// Podman 5 counts by interface.
    NetworkStats {
        rx_bytes: u64,
        tx_bytes: u64,
    }
}
