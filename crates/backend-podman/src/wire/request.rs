//! What is sent to libpod.

use std::collections::BTreeMap;

use serde::Serialize;

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mounts: Vec<BindMount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) work_dir: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restart_policy: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cap_add: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cap_drop: Vec<String>,
}

/// A folder of the server inside a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct BindMount {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) options: Vec<String>,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) options: Vec<String>,
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
