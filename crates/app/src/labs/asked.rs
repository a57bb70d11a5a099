//! What is asked of a lab, in the form in which a run is stored, retried and taken up again.

use std::{collections::BTreeMap, sync::Arc};

use backend_api::{LabMaterial, LabRequest};
use model::{
    Failure, FormValues, LabId, LabInput, LabOptions, LabRef, LabState, LabTemplatePick, LabVerb,
    Run, TemplateId,
};

use super::no_lab;
use crate::{shared::Shared, shared::no_connection, state::State};

/// How the verbs of runs about labs begin.
const PREFIX: &str = "lab_";

/// One operation on one lab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(super) verb: LabVerb,
    pub(super) name: String,
    /// None: a new one.
    pub(super) lab_id: Option<LabId>,
    pub(super) instance: Option<u16>,
    /// What it is made from; none: with what is on the server.
    pub(super) template: Option<LabTemplatePick>,
    pub(super) variables: BTreeMap<String, String>,
    /// For a new lab.
    pub(super) auto_stop_minutes: Option<u32>,
    pub(super) options: LabOptions,
}

impl Asked {
    /// What a form for a new lab asks.
    pub(super) fn new(input: LabInput, verb: LabVerb) -> Self {
        Self {
            verb,
            name: input.name,
            lab_id: None,
            instance: input.instance,
            template: Some(input.template),
            variables: input.variables,
            auto_stop_minutes: input.auto_stop_minutes,
            options: LabOptions::default(),
        }
    }

    /// What is given to the backend.
    pub(super) fn request(&self, material: Option<LabMaterial>) -> LabRequest {
        LabRequest {
            verb: self.verb,
            lab_id: self.lab_id.clone(),
            name: self.name.clone(),
            instance: self.instance,
            material,
            options: self.options.clone(),
        }
    }

    /// The verb of its run.
    pub(super) fn run_verb(&self) -> String {
        format!("{PREFIX}{}", word(self.verb))
    }

    /// How the lab is shown meanwhile, where not as it is listed.
    pub(super) fn shown(&self) -> Option<LabState> {
        match self.verb {
            LabVerb::Start | LabVerb::Restart | LabVerb::Redeploy | LabVerb::Apply => {
                Some(LabState::Starting)
            }
            LabVerb::Stop | LabVerb::Destroy => Some(LabState::Stopping),
            LabVerb::Validate | LabVerb::Create | LabVerb::Collect => None,
        }
    }

    /// What the run is stored with.
    pub(super) fn input(&self) -> FormValues {
        let mut input = FormValues::new();
        let mut put = |key: &str, value: String| input.insert(key.to_owned(), value);
        if let Some(pick) = &self.template {
            put("template", pick.template_id.to_string());
            put("topology", pick.topology.clone());
        }
        for (name, value) in &self.variables {
            put(&format!("variable:{name}"), value.clone());
        }
        if let Some(instance) = self.instance {
            put("instance", instance.to_string());
        }
        if let Some(minutes) = self.auto_stop_minutes {
            put("auto_stop_minutes", minutes.to_string());
        }
        if !self.options.nodes.is_empty() {
            put("nodes", self.options.nodes.join(","));
        }
        for (key, is_set) in [
            ("removes_files", self.options.removes_files),
            ("is_graceful", self.options.is_graceful),
        ] {
            if is_set {
                put(key, "true".into());
            }
        }
        input
    }

    /// What a stored run asked; none when it is not about a lab.
    pub(crate) fn from_stored(run: &Run) -> Option<Self> {
        let verb = verb(run.verb.strip_prefix(PREFIX)?)?;
        let input = &run.input;
        let get = |key: &str| input.get(key).cloned();
        let number = |key: &str| input.get(key)?.parse().ok();
        let is_set = |key: &str| input.get(key).is_some_and(|value| value == "true");
        let variables = input.iter().filter_map(|(key, value)| {
            Some((key.strip_prefix("variable:")?.to_owned(), value.clone()))
        });
        let nodes = get("nodes").unwrap_or_default();
        Some(Self {
            verb,
            name: run.subject.name.clone(),
            lab_id: run.subject.lab_id.clone(),
            instance: number("instance").and_then(|number: u32| u16::try_from(number).ok()),
            template: get("template").zip(get("topology")).map(|(id, topology)| LabTemplatePick {
                template_id: TemplateId::from_raw(id),
                topology,
            }),
            variables: variables.collect(),
            auto_stop_minutes: number("auto_stop_minutes"),
            options: LabOptions {
                nodes: nodes.split(',').filter(|node| !node.is_empty()).map(Into::into).collect(),
                removes_files: is_set("removes_files"),
                is_graceful: is_set("is_graceful"),
            },
        })
    }
}

impl Asked {
    /// The operation on a lab that is listed, or that we made.
    pub(super) async fn of(
        shared: &Arc<Shared>,
        lab: &LabRef,
        verb: LabVerb,
        options: LabOptions,
    ) -> Result<Self, Failure> {
        let wanted = lab.clone();
        let job = move |state: &mut State| {
            let entry = state.connections.get(&wanted.connection_id).ok_or_else(no_connection)?;
            let row = state.labs.row(&wanted);
            let row = row.ok_or_else(|| no_lab(&wanted, &entry.connection.name))?;
            let kept = state.labs.kept(&wanted);
            let origin = kept.and_then(|kept| kept.origin.clone());
            let instance = kept.and_then(|kept| kept.instance);
            Ok(Self {
                verb,
                name: row.name,
                lab_id: Some(wanted.lab_id),
                instance: instance.or_else(|| row.instance?.parse().ok()),
                variables: origin.as_ref().map(|one| one.variables.clone()).unwrap_or_default(),
                template: origin.map(|origin| origin.template),
                auto_stop_minutes: None,
                options,
            })
        };
        shared.owner.with(job).await?
    }
}

const VERBS: [LabVerb; 9] = [
    LabVerb::Validate,
    LabVerb::Create,
    LabVerb::Start,
    LabVerb::Stop,
    LabVerb::Restart,
    LabVerb::Apply,
    LabVerb::Redeploy,
    LabVerb::Destroy,
    LabVerb::Collect,
];

/// The verb as a person says it.
pub(super) fn word(verb: LabVerb) -> &'static str {
    match verb {
        LabVerb::Validate => "validate",
        LabVerb::Create => "create",
        LabVerb::Start => "start",
        LabVerb::Stop => "stop",
        LabVerb::Restart => "restart",
        LabVerb::Apply => "apply",
        LabVerb::Redeploy => "redeploy",
        LabVerb::Destroy => "destroy",
        LabVerb::Collect => "collect",
    }
}

fn verb(text: &str) -> Option<LabVerb> {
    VERBS.into_iter().find(|verb| word(*verb) == text)
}

/// Whether files of the template go to the server with it.
pub(super) fn takes_files(verb: LabVerb) -> bool {
    matches!(
        verb,
        LabVerb::Validate | LabVerb::Create | LabVerb::Start | LabVerb::Apply | LabVerb::Redeploy
    )
}

#[cfg(test)]
mod tests {
    use model::{ConnectionId, RunId, RunStatus, RunSubject};

    use super::*;

    fn stored(asked: &Asked) -> Run {
        Run {
            id: RunId::from_raw("r"),
            verb: asked.run_verb(),
            subject: RunSubject {
                connection_id: ConnectionId::from_raw("c"),
                connection_name: "lab-1".into(),
                name: asked.name.clone(),
                workspace_id: None,
                lab_id: asked.lab_id.clone(),
            },
            status: RunStatus::Running,
            started_at: 0,
            ended_at: None,
            steps: Vec::new(),
            error: None,
            input: asked.input(),
            cancel_means: None,
            leftover: None,
            log_lines: 0,
        }
    }

    #[test]
    fn what_was_asked_is_found_again_in_the_stored_run() {
        for verb in VERBS {
            let asked = Asked {
                verb,
                name: "ospf".into(),
                lab_id: Some(LabId::from_raw("/home/x/ospf")),
                instance: Some(7),
                template: Some(LabTemplatePick {
                    template_id: TemplateId::from_raw("t"),
                    topology: "ospf/topology.yml".into(),
                }),
                variables: [("a".to_owned(), "b=c".to_owned())].into(),
                auto_stop_minutes: Some(240),
                options: LabOptions {
                    nodes: vec!["r1".into(), "r2".into()],
                    removes_files: true,
                    is_graceful: false,
                },
            };
            assert_eq!(Asked::from_stored(&stored(&asked)), Some(asked));
        }
    }

    #[test]
    fn other_runs_ask_nothing_of_labs() {
        let asked = Asked::from_stored(&Run { verb: "start".into(), ..stored(&empty()) });
        assert_eq!(asked, None);
        let unknown = Run { verb: "lab_fly".into(), ..stored(&empty()) };
        assert_eq!(Asked::from_stored(&unknown), None);
        assert_eq!(Asked::from_stored(&stored(&empty())), Some(empty()));
    }

    fn empty() -> Asked {
        Asked {
            verb: LabVerb::Stop,
            name: "ospf".into(),
            lab_id: None,
            instance: None,
            template: None,
            variables: BTreeMap::new(),
            auto_stop_minutes: None,
            options: LabOptions::default(),
        }
    }
}
