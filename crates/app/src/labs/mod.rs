//! Labs over all connections.

use std::{collections::BTreeMap, path::PathBuf};

use model::{
    Capture, CollectedText, Collection, ConnectionId, ErrorCode, Failure, Impairment, LabExecuted,
    LabInput, LabOptions, LabPage, LabPlan, LabRef, LabVerb, LabView, NodeInterface, NodeVerb,
    Position, RunId, TemplateId, TemplateInput, TemplatePreview, TemplateView,
};

use crate::Core;

fn later() -> Failure {
    Failure::new(ErrorCode::Unsupported, "labs cannot be used yet")
}

impl Core {
    pub async fn templates(&self) -> Result<Vec<TemplateView>, Failure> {
        Ok(Vec::new())
    }

    pub async fn template_create(&self, _input: TemplateInput) -> Result<TemplateView, Failure> {
        Err(later())
    }

    pub async fn template_update(
        &self,
        _id: &TemplateId,
        _input: TemplateInput,
    ) -> Result<TemplateView, Failure> {
        Err(later())
    }

    pub async fn template_remove(&self, _id: &TemplateId) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn template_refresh(&self, _id: &TemplateId) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn template_preview(
        &self,
        _id: &TemplateId,
        _topology: &str,
    ) -> Result<TemplatePreview, Failure> {
        Err(later())
    }

    pub async fn labs(&self) -> Result<Vec<LabView>, Failure> {
        Ok(Vec::new())
    }

    pub async fn labs_refresh(&self, _id: &ConnectionId) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_create_plan(
        &self,
        _input: LabInput,
        _verb: LabVerb,
    ) -> Result<LabPlan, Failure> {
        Err(later())
    }

    pub async fn lab_create(&self, _input: LabInput, _verb: LabVerb) -> Result<RunId, Failure> {
        Err(later())
    }

    pub async fn lab_inspect(&self, _lab: &LabRef) -> Result<LabPage, Failure> {
        Err(later())
    }

    pub async fn lab_change_plan(
        &self,
        _lab: &LabRef,
        _verb: LabVerb,
        _options: LabOptions,
    ) -> Result<LabPlan, Failure> {
        Err(later())
    }

    pub async fn lab_change(
        &self,
        _lab: &LabRef,
        _verb: LabVerb,
        _options: LabOptions,
    ) -> Result<RunId, Failure> {
        Err(later())
    }

    pub async fn lab_forget(&self, _lab: &LabRef) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_favourite(&self, _lab: &LabRef, _is_favourite: bool) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_auto_stop(
        &self,
        _lab: &LabRef,
        _at: Option<i64>,
        _after_minutes: Option<u32>,
    ) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_positions(
        &self,
        _lab: &LabRef,
        _positions: BTreeMap<String, Position>,
    ) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_node_change(
        &self,
        _lab: &LabRef,
        _node: &str,
        _verb: NodeVerb,
    ) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_exec(
        &self,
        _lab: &LabRef,
        _nodes: &[String],
        _command: &str,
    ) -> Result<Vec<LabExecuted>, Failure> {
        Err(later())
    }

    pub async fn lab_interfaces(&self, _lab: &LabRef) -> Result<Vec<NodeInterface>, Failure> {
        Err(later())
    }

    pub async fn lab_impairments(&self, _lab: &LabRef) -> Result<Vec<Impairment>, Failure> {
        Err(later())
    }

    pub async fn lab_impair(&self, _lab: &LabRef, _impairment: Impairment) -> Result<(), Failure> {
        Err(later())
    }

    pub async fn lab_capture(
        &self,
        _lab: &LabRef,
        _node: &str,
        _interface: &str,
    ) -> Result<Capture, Failure> {
        Err(later())
    }

    pub async fn lab_collections(&self, _lab: &LabRef) -> Result<Vec<Collection>, Failure> {
        Err(later())
    }

    pub async fn lab_collected(
        &self,
        _lab: &LabRef,
        _run_id: &RunId,
        _path: &str,
    ) -> Result<CollectedText, Failure> {
        Err(later())
    }

    pub async fn lab_drawing_save(
        &self,
        _name: &str,
        _svg: &str,
    ) -> Result<Option<PathBuf>, Failure> {
        Err(later())
    }
}
