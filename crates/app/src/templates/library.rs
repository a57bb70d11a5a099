//! What is in the files of a template.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::{BackendError, LabFile, LabFiles};
use bytes::Bytes;
use model::{ErrorCode, Failure, TemplatePreview, TemplateTopology, TopologyGraph, TopologyKind};
use sha2::{Digest as _, Sha256};

use super::place::Place;

/// The topologies, and what was left out.
pub(super) fn index(place: &Place) -> Result<(Vec<TemplateTopology>, Vec<String>), Failure> {
    let names: Vec<String> = match place {
        Place::File(path) => {
            path.file_name().map(|n| n.to_string_lossy().into_owned()).into_iter().collect()
        }
        Place::Folder(folder) => std::fs::read_dir(folder)
            .map_err(|error| gone(folder, &error))?
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| name.ends_with(".yml") || name.ends_with(".yaml"))
            .collect(),
    };
    Ok((names.into_iter().map(topology).collect(), Vec::new()))
}

fn topology(path: String) -> TemplateTopology {
    TemplateTopology {
        name: path.clone(),
        path,
        kind: Some(TopologyKind::Netlab),
        nodes: 0,
        links: 0,
    }
}

fn gone(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(ErrorCode::NotFound, format!("cannot read {}", path.display()))
        .with_hint("Choose the template's folder again: it was moved or removed.")
        .with_detail(error.to_string())
}

pub(super) fn preview(place: &Place, path: &str) -> Result<TemplatePreview, Failure> {
    let file = match place {
        Place::File(file) => file.clone(),
        Place::Folder(folder) => folder.join(path),
    };
    let text = std::fs::read_to_string(&file).map_err(|error| gone(&file, &error))?;
    Ok(TemplatePreview {
        topology: topology(path.into()),
        text,
        graph: TopologyGraph::default(),
        variables: vec![],
        files: vec![],
        commit: None,
        problems: vec![],
    })
}

struct Files(PathBuf, Vec<LabFile>);
impl LabFiles for Files {
    fn entries(&self) -> &[LabFile] {
        &self.1
    }
    fn read(&self, path: &str) -> Result<Bytes, BackendError> {
        std::fs::read(self.0.join(path)).map(Bytes::from).map_err(|_| BackendError::not_found(path))
    }
}

pub(super) fn files(place: &Place, path: &str) -> Result<(Arc<dyn LabFiles>, String), Failure> {
    let folder = match place {
        Place::Folder(folder) => folder.clone(),
        Place::File(file) => file.parent().unwrap_or(file).to_owned(),
    };
    let bytes = std::fs::read(folder.join(path)).map_err(|error| gone(&folder, &error))?;
    let entry = LabFile {
        path: path.into(),
        size: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).into(),
        is_executable: false,
    };
    Ok((Arc::new(Files(folder, vec![entry])), path.into()))
}
