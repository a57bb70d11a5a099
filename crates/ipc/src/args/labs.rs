//! Arguments about labs and templates.

use std::collections::BTreeMap;

use model::{
    ConnectionId, Impairment, LabInput, LabOptions, LabRef, LabVerb, NodeVerb, Position, RunId,
    TemplateId, TemplateInput,
};
use serde::Deserialize;
use ts_rs::TS;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TemplateArgs {
    pub template_id: TemplateId,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TemplateUpdateArgs {
    pub template_id: TemplateId,
    pub input: TemplateInput,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TemplatePreviewArgs {
    pub template_id: TemplateId,
    /// The topology's path in the template.
    pub topology: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabArgs {
    pub lab: LabRef,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabsRefreshArgs {
    pub connection_id: ConnectionId,
}

/// A lab that does not exist yet, and what would be done first: `Validate`, `Create` or `Start`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabCreateArgs {
    pub input: LabInput,
    pub verb: LabVerb,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabChangeArgs {
    pub lab: LabRef,
    pub verb: LabVerb,
    pub options: LabOptions,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabFavouriteArgs {
    pub lab: LabRef,
    pub is_favourite: bool,
}

/// When a lab is to be stopped by itself; with neither it is not.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabAutoStopArgs {
    pub lab: LabRef,
    /// Milliseconds since 1970.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// This long after now, and after each start.
    pub after_minutes: Option<u32>,
}

/// Where nodes were put; names left out are laid out again.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabPositionsArgs {
    pub lab: LabRef,
    pub positions: BTreeMap<String, Position>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabNodeArgs {
    pub lab: LabRef,
    pub node: String,
    pub verb: NodeVerb,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabExecArgs {
    pub lab: LabRef,
    /// Empty means all.
    pub nodes: Vec<String>,
    pub command: String,
}

/// Rates come as JSON lines, each an array of `InterfaceRate`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabRatesOpenArgs {
    pub stream: u32,
    pub lab: LabRef,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabImpairArgs {
    pub lab: LabRef,
    pub impairment: Impairment,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabCaptureArgs {
    pub lab: LabRef,
    pub node: String,
    pub interface: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabCollectedArgs {
    pub lab: LabRef,
    /// The run that collected it.
    pub run_id: RunId,
    pub path: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabSaveArgs {
    /// The name that is offered for the file.
    pub name: String,
    /// The drawing, as SVG.
    pub svg: String,
}
