//! What an operation is about: the lab's folder, its number, the files that should be there.

use std::sync::Arc;

use backend_api::{BackendError, Cx, LabFile, LabMaterial, LabRequest};
use model::{FieldProblem, LabId, LabVerb};

use super::last_part;
use super::number::choose;
use crate::folder::{DEFAULTS, Difference, Manifest, Sync, Wanted, is_inside, with_defaults};
use crate::session::NetlabSession;

/// How folders begin that are only there to look at a topology. Lists leave them out.
const ON_TRIAL: &str = ".trial-";

/// A lab as an operation finds it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Absolute.
    pub(super) folder: String,
    pub(super) name: String,
    pub(super) manifest: Option<Manifest>,
    /// The number it has or would get.
    pub(super) instance: Option<u16>,
    /// Its topology, relative to the folder.
    pub(super) topology: String,
    /// Whether nothing of it is to stay: it is only there to be looked at.
    pub(super) is_on_trial: bool,
}

impl Target {
    pub(super) fn id(&self) -> LabId {
        LabId::from_raw(&self.folder)
    }
}

/// The files that should be in a lab's folder.
pub(super) struct Load {
    pub(super) wanted: Vec<Wanted>,
    pub(super) material: LabMaterial,
}

impl NetlabSession {
    /// The folder of the lab that a request is about.
    pub(super) async fn folder_of(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<String, BackendError> {
        if let Some(id) = &request.lab_id {
            let path = id.as_str();
            if !path.strip_prefix('/').is_some_and(is_inside) {
                return Err(no_lab(path));
            }
            if is_trial(request) {
                let root = self.work_root(cx).await?;
                return Ok(format!("{root}/{ON_TRIAL}{}", last_part(path)));
            }
            return Ok(path.to_owned());
        }
        if !is_name(&request.name) {
            return Err(BackendError::invalid(
                "a lab's name has 2 to 40 letters, digits and hyphens and begins with a letter",
            )
            .with_field("name"));
        }
        let trial = if is_trial(request) { ON_TRIAL } else { "" };
        Ok(format!("{}/{trial}{}", self.work_root(cx).await?, request.name))
    }

    /// Finds the lab, and the number that it has or would get. Problems of the input become problems.
    pub(super) async fn target(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<(Target, Vec<FieldProblem>), BackendError> {
        let folder = self.folder_of(request, cx).await?;
        let (manifest, taken) = tokio::join!(self.manifest_in(&folder, cx), self.taken(cx));
        let (manifest, taken) = (manifest?, taken?);
        let mut problems = Vec::new();
        if request.lab_id.is_none() && manifest.is_some() && request.verb != LabVerb::Validate {
            problems.push(FieldProblem {
                field: "name".into(),
                message: format!("a lab named \"{}\" is on {} already", request.name, self.name),
                suggestion: None,
            });
        }
        let had = manifest.as_ref().and_then(|manifest| manifest.instance);
        // Without files the number is what the folder says: nothing would write down another one.
        let instance = if request.material.is_some() {
            match choose(&folder, request.instance, had, &taken) {
                Ok(number) => Some(number),
                Err(message) => {
                    problems.push(FieldProblem {
                        field: "instance".into(),
                        message,
                        suggestion: None,
                    });
                    None
                }
            }
        } else {
            had
        };
        let given = request.material.as_ref().map(|material| material.topology.clone());
        let known = manifest.as_ref().map(|manifest| manifest.topology.clone());
        let topology = given.or(known).unwrap_or_else(|| "topology.yml".to_owned());
        let name = match (&manifest, request.name.as_str()) {
            (Some(manifest), "") => manifest.name.clone(),
            (None, "") => last_part(&folder).to_owned(),
            (_, name) => name.to_owned(),
        };
        let is_on_trial = is_trial(request);
        Ok((Target { folder, name, manifest, instance, topology, is_on_trial }, problems))
    }

    /// The same, with the number kept for this lab when files with it are to be sent. Of two labs that choose at
    /// once, the one that is late chooses again.
    pub(super) async fn numbered(
        &self,
        request: &LabRequest,
        cx: &Cx,
    ) -> Result<(Target, Vec<FieldProblem>), BackendError> {
        loop {
            let (target, problems) = self.target(request, cx).await?;
            let (true, Some(number)) = (request.material.is_some(), target.instance) else {
                return Ok((target, problems));
            };
            if !problems.is_empty() || self.turns.reserve(number, &target.folder) {
                return Ok((target, problems));
            }
            if request.instance.is_some() {
                return Err(BackendError::conflict(format!(
                    "another lab was faster to take the number {number}"
                ))
                .with_hint("Choose another number, or none: then it gets the next that is free."));
            }
        }
    }

    /// The files of a lab with this number. A sentence where they will not do.
    pub(super) async fn load(
        &self,
        material: &LabMaterial,
        instance: u16,
    ) -> Result<Load, BackendError> {
        if !is_inside(&material.topology) {
            return Err(BackendError::invalid(format!(
                "the topology {} is not inside of its template",
                material.topology
            ))
            .with_field("template"));
        }
        let mut wanted = Wanted::of(material.files.as_ref());
        let own = match material.files.entries().iter().find(|file| file.path == DEFAULTS) {
            Some(file) => Some(text_of(material, file).await?),
            None => None,
        };
        let defaults = with_defaults(own.as_deref(), instance, &material.variables)
            .map_err(|message| BackendError::invalid(message).with_field("template"))?;
        wanted.retain(|file| file.path != DEFAULTS);
        wanted.push(Wanted::made(DEFAULTS, defaults.into_bytes()));
        Ok(Load { wanted, material: material.clone() })
    }

    /// What a sync would do. Reads only.
    pub(super) async fn difference(
        &self,
        target: &Target,
        load: &Load,
        cx: &Cx,
    ) -> Result<Difference, BackendError> {
        let folder: Arc<str> = target.folder.as_str().into();
        let wanted: Arc<[Wanted]> = load.wanted.clone().into();
        let manifest = Arc::new(target.manifest.clone());
        let compare = |files: Arc<dyn backend_api::FileSession>| {
            let (folder, wanted) = (Arc::clone(&folder), Arc::clone(&wanted));
            let manifest = Arc::clone(&manifest);
            async move {
                let sync = Sync { files: files.as_ref(), folder: &folder };
                sync.difference(&wanted, manifest.as_ref().as_ref()).await
            }
        };
        self.files.with(cx, compare).await
    }
}

async fn text_of(material: &LabMaterial, file: &LabFile) -> Result<String, BackendError> {
    let (files, path) = (Arc::clone(&material.files), file.path.clone());
    let content = tokio::task::spawn_blocking(move || files.read(&path)).await;
    let failed = |_| BackendError::rejected(format!("{} could not be read", file.path));
    Ok(String::from_utf8_lossy(&content.map_err(failed)??).into_owned())
}

/// Files that are only looked at have a folder of their own: those of a lab that is there stay as they are.
fn is_trial(request: &LabRequest) -> bool {
    request.verb == LabVerb::Validate && request.material.is_some()
}

fn is_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (2..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(is_word)
}

pub(super) fn no_lab(path: &str) -> BackendError {
    BackendError::not_found(format!("there is no lab {path}"))
        .with_hint("It may have been removed meanwhile.")
}
