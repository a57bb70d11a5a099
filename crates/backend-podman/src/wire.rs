//! libpod's JSON as far as it is read here. Tolerant: unknown keys pass, missing keys and nulls are defaults.
//!
//! Recorded from Podman 4.3.1; keys that moved between 4 and 5 are read in both spellings.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// Go writes `null` for an empty list or map.
fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

macro_rules! wire {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub(crate) struct $name {
            $($(#[$attribute])* #[serde(deserialize_with = "or_default")] pub(crate) $field: $kind,)*
        }
    };
}

wire! {
    /// One container of `containers/json`.
    Listed {
        id: String,
        names: Vec<String>,
        state: String,
        image: String,
        #[serde(rename = "ImageID")]
        image_id: String,
        labels: BTreeMap<String, String>,
        ports: Vec<ListedPort>,
        created: serde_json::Value,
        started_at: i64,
        exit_code: i64,
        is_infra: bool,
    }
}

wire! {
    /// A published port in a list; `range` ports from the first on.
    ListedPort {
        #[serde(rename = "host_ip")]
        host_ip: String,
        #[serde(rename = "container_port")]
        container_port: u16,
        #[serde(rename = "host_port")]
        host_port: u16,
        #[serde(rename = "range")]
        range: u16,
        #[serde(rename = "protocol")]
        protocol: String,
    }
}

wire! {
    /// `containers/{id}/json`.
    Inspected {
        id: String,
        name: String,
        created: String,
        path: String,
        args: Vec<String>,
        image_name: String,
        image: String,
        state: InspectedState,
        mounts: Vec<Mount>,
        network_settings: NetworkSettings,
        config: ContainerConfig,
        host_config: HostConfig,
    }
}

wire! {
    InspectedState {
        status: String,
        running: bool,
        exit_code: i32,
        started_at: String,
        error: String,
        #[serde(rename = "OOMKilled")]
        oom_killed: bool,
    }
}

wire! {
    Mount {
        #[serde(rename = "Type")]
        kind: String,
        name: String,
        destination: String,
    }
}

wire! {
    NetworkSettings {
        #[serde(rename = "IPAddress")]
        ip_address: String,
        ports: BTreeMap<String, Option<Vec<Binding>>>,
        networks: BTreeMap<String, Network>,
    }
}

wire! {
    Binding {
        host_ip: String,
        host_port: String,
    }
}

wire! {
    Network {
        #[serde(rename = "IPAddress")]
        ip_address: String,
    }
}

wire! {
    ContainerConfig {
        user: String,
        env: Vec<String>,
        labels: BTreeMap<String, String>,
    }
}

wire! {
    HostConfig {
        memory: i64,
        nano_cpus: i64,
        cpu_quota: i64,
        cpu_period: i64,
        port_bindings: BTreeMap<String, Option<Vec<Binding>>>,
        network_mode: String,
    }
}

wire! {
    /// One image of `images/json`.
    Image {
        id: String,
        repo_tags: Vec<String>,
        names: Vec<String>,
        size: i64,
        labels: BTreeMap<String, String>,
    }
}

wire! {
    /// `images/{name}/json`.
    ImageInspected {
        id: String,
        labels: BTreeMap<String, String>,
        config: ImageConfig,
    }
}

wire! {
    ImageConfig {
        user: String,
        env: Vec<String>,
        cmd: Vec<String>,
        entrypoint: Vec<String>,
        labels: BTreeMap<String, String>,
    }
}

wire! {
    /// `info`.
    Info {
        #[serde(rename = "host")]
        host: InfoHost,
        #[serde(rename = "store")]
        store: InfoStore,
        #[serde(rename = "version")]
        version: InfoVersion,
    }
}

wire! {
    InfoHost {
        #[serde(rename = "cpus")]
        cpus: u32,
        #[serde(rename = "memTotal")]
        mem_total: u64,
        #[serde(rename = "memFree")]
        mem_free: u64,
        #[serde(rename = "security")]
        security: InfoSecurity,
    }
}

wire! {
    InfoSecurity {
        #[serde(rename = "rootless")]
        rootless: bool,
    }
}

wire! {
    InfoStore {
        #[serde(rename = "graphRootAllocated")]
        allocated: u64,
        #[serde(rename = "graphRootUsed")]
        used: u64,
    }
}

wire! {
    InfoVersion {
        version: String,
    }
}

wire! {
    /// What `create` of a container, volume or exec session answers.
    Made {
        id: String,
        warnings: Vec<String>,
    }
}

wire! {
    Volume {
        name: String,
    }
}

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

/// The body of `containers/create`. The case of the keys matters.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct CreateSpec {
    pub(crate) name: String,
    pub(crate) hostname: String,
    pub(crate) image: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) env: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) command: Vec<String>,
    pub(crate) portmappings: Vec<PortMapping>,
    pub(crate) volumes: Vec<NamedVolume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resource_limits: Option<ResourceLimits>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) r_limits: Vec<ProcessLimit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PortMapping {
    pub(crate) host_ip: String,
    pub(crate) host_port: u16,
    pub(crate) container_port: u16,
    pub(crate) protocol: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NamedVolume {
    pub(crate) name: String,
    pub(crate) dest: String,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ResourceLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<MemoryLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cpu: Option<CpuLimit>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct MemoryLimit {
    pub(crate) limit: i64,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct CpuLimit {
    pub(crate) quota: i64,
    pub(crate) period: u64,
}

/// Lower-case names; `RLIMIT_NOFILE` is taken at create and refused at start.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ProcessLimit {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) soft: u64,
    pub(crate) hard: u64,
}

/// The body of `containers/{id}/exec`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecSpec {
    pub(crate) cmd: Vec<String>,
    pub(crate) attach_stdin: bool,
    pub(crate) attach_stdout: bool,
    pub(crate) attach_stderr: bool,
    pub(crate) tty: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) working_dir: Option<String>,
    pub(crate) env: Vec<String>,
}

/// The body of `exec/{id}/start`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExecStart {
    pub(crate) detach: bool,
    pub(crate) tty: bool,
    #[serde(rename = "h")]
    pub(crate) rows: u16,
    #[serde(rename = "w")]
    pub(crate) columns: u16,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Event, Inspected, Listed, StatsReport};

    #[test]
    fn nulls_and_missing_keys_are_defaults() {
        let listed: Listed = serde_json::from_str(
            r#"{"Id":"3ac6","Names":null,"Labels":null,"Ports":null,"Extra":[1]}"#,
        )
        .unwrap();
        assert_eq!(listed.id, "3ac6");
        assert!(listed.names.is_empty() && listed.labels.is_empty() && listed.ports.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".{0,200}") {
            let _ = serde_json::from_str::<Event>(&text);
            let _ = serde_json::from_str::<Listed>(&text);
            let _ = serde_json::from_str::<StatsReport>(&text);
            let _ = serde_json::from_str::<Inspected>(&text);
        }

        #[test]
        fn an_event_keeps_its_id(id in "[0-9a-f]{1,64}", status in "[a-z_]{1,12}", extra in ".{0,20}") {
            let text = serde_json::json!({"id": id, "status": status, "Extra": extra}).to_string();
            let event: Event = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(event.id, id);
            prop_assert_eq!(event.status, status);
        }
    }
}
