//! Containers, as `containers/json` lists them and `containers/{id}/json` inspects them.

use std::collections::BTreeMap;

use serde::Deserialize;

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
        pod: String,
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
        source: String,
        destination: String,
        #[serde(rename = "RW")]
        rw: bool,
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
        cmd: Vec<String>,
        /// One string until Podman 4, a list since 5.
        entrypoint: serde_json::Value,
        working_dir: String,
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
        restart_policy: RestartPolicy,
        privileged: bool,
        readonly_rootfs: bool,
        cap_add: Vec<String>,
        cap_drop: Vec<String>,
        devices: Vec<serde_json::Value>,
        extra_hosts: Vec<String>,
        security_opt: Vec<String>,
        tmpfs: BTreeMap<String, String>,
    }
}

wire! {
    RestartPolicy {
        name: String,
    }
}
