//! What a form or a typed line sends to make a tunnel.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{TunnelOptions, TunnelRoute};
use crate::{FieldProblem, SshHostId};

/// A tunnel as a form sends it, for a new one or a changed one.
///
/// `Failure::field` names what is wrong in it: "name", "listen", "listen.host", "listen.port",
/// "listen.path", "target", "target.host", "target.port", "target.path", "through", "when_down", "check".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelInput {
    /// Empty: one is made from the target.
    pub name: String,
    pub route: TunnelRoute,
    pub through: TunnelThrough,
    pub options: TunnelOptions,
}

/// The SSH host that carries a tunnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum TunnelThrough {
    /// One that Moorline knows.
    Host { ssh_host_id: SshHostId },
    /// A host of the person's SSH config; it is taken over, with its jumps, when the tunnel is made.
    Alias { alias: String },
}

/// A host that a tunnel can go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelWay {
    /// What is typed after `via`: a connection's name, an alias, or user and host.
    pub name: String,
    /// User and address.
    pub address: String,
    pub through: TunnelThrough,
}

/// What a typed line means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelReading {
    /// What would be made; none while the line is not complete or wrong.
    pub input: Option<TunnelInput>,
    /// The name of the way in `input`.
    pub through_name: Option<String>,
    /// What is wrong or missing, and a line that would work. None for an empty line.
    pub problem: Option<FieldProblem>,
}

/// A forward that the person's SSH config asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelFound {
    /// The host of the configuration.
    pub alias: String,
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
    /// What would be made of it; none when it cannot be.
    pub input: Option<TunnelInput>,
    /// Why it cannot be, as a sentence.
    pub problem: Option<String>,
    /// There is a tunnel with the same route and way already.
    pub is_known: bool,
}
