//! Forms as data: the fields of a connection and of a new workspace, with their choices and problems.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Kind;

/// Field values by field name. Lists (ports, environment) hold one entry a line.
pub type FormValues = BTreeMap<String, String>;

/// One choice of a choice field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A remark beside the label, for example an image's size.
    pub remark: Option<String>,
}

/// What a field holds and how it is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text; `mono` for names, paths and commands.
    Text { mono: bool },
    /// A TCP port, 1 to 65535.
    Port,
    /// A whole number with a unit, for example CPU cores or MiB; empty means no limit.
    Number { unit: String, min: u32, max: u32 },
    /// One of several values; `open` allows others to be typed.
    Choice { choices: Vec<Choice>, open: bool },
    /// A path on this computer.
    File,
    /// A value that goes to the keychain and never comes back.
    Secret,
    /// An SSH host with login and jumps.
    SshHost,
    /// Several TCP ports, one a line.
    Ports,
    /// `NAME=value` pairs, one a line.
    Environment,
    /// On or off: "true" or "false".
    Switch,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Field {
    pub name: String,
    pub label: String,
    /// One sentence under the field.
    pub help: Option<String>,
    pub placeholder: Option<String>,
    pub is_required: bool,
    pub default: Option<String>,
    /// Shown only after "More options".
    pub is_advanced: bool,
    pub kind: FieldKind,
}

/// What a backend says of itself: its name, its connection form, its limits in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Descriptor {
    pub kind: Kind,
    /// The product's name, for example "Podman".
    pub title: String,
    /// One sentence: what a connection of this kind gives.
    pub summary: String,
    pub fields: Vec<Field>,
    /// Facts for the generated page: what the server must have, what is not supported.
    pub notes: Vec<String>,
    /// Its servers run labs. Known also of a server that is away, which tells nothing of itself.
    pub runs_labs: bool,
}

/// What a live session can do, computed from its abilities.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Abilities {
    pub lifecycle: bool,
    pub watch: bool,
    pub endpoints: bool,
    pub logs: bool,
    pub exec: bool,
    pub files: bool,
    pub metrics: bool,
    pub apply: bool,
    pub rebuild: bool,
    pub volumes: bool,
    pub ssh_access: bool,
    pub images: bool,
    pub adopt: bool,
    pub labs: bool,
}

/// The form for a new workspace, as the server offers it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Form {
    pub fields: Vec<Field>,
}

/// A value that will not do, and what would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldProblem {
    pub field: String,
    /// A sentence that names the thing and the value that would work.
    pub message: String,
    /// A value that would work, when there is an obvious one.
    pub suggestion: Option<String>,
}
