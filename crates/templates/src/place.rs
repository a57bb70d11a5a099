//! Where a template's files are on this computer, and what can be asked of them there.

use std::path::{Path, PathBuf};

use model::{ErrorCode, Failure, TemplateIndex, TemplatePreview, TimestampMs};

use crate::{
    digests::Digests,
    files::FileSet,
    index,
    path::{inside, unreadable},
    preview,
    walk::{self, Found},
};

/// A folder of topologies, or one topology alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    /// The one file that counts.
    alone: Option<String>,
    commit: Option<String>,
}

impl Place {
    /// A folder of this computer.
    #[must_use]
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { folder: path.into(), alone: None, commit: None }
    }

    /// A folder as it is in a commit.
    #[must_use]
    pub fn of_commit(path: impl Into<PathBuf>, commit: impl Into<String>) -> Self {
        Self { commit: Some(commit.into()), ..Self::folder(path) }
    }

    /// One topology file, without anything beside it.
    ///
    /// # Errors
    /// `Invalid` for a path without a name.
    pub fn file(path: &Path) -> Result<Self, Failure> {
        let name = path.file_name().and_then(|name| name.to_str());
        let (Some(name), Some(folder)) = (name, path.parent()) else {
            let message = format!("{} is no path of a file", path.display());
            return Err(
                Failure::new(ErrorCode::Invalid, message).with_hint("Choose the topology file.")
            );
        };
        Ok(Self { folder: folder.to_owned(), alone: Some(name.to_owned()), commit: None })
    }

    /// What is in it. Files that cannot be used are remarks.
    ///
    /// # Errors
    /// When the folder or the file itself cannot be read.
    pub fn index(&self, now: TimestampMs) -> Result<TemplateIndex, Failure> {
        let found = match &self.alone {
            None => index::folder(&self.folder)?,
            Some(name) => {
                let place = self.folder.join(name);
                index::text(&place).map_err(|error| unreadable(name, &error))?;
                let topologies = vec![index::topology(&place, name)];
                index::Found { topologies, remarks: Vec::new() }
            }
        };
        Ok(TemplateIndex {
            topologies: found.topologies,
            commit: self.commit.clone(),
            looked_at: now,
            remarks: found.remarks,
        })
    }

    /// One topology before it is run: text, graph, open values, the files that travel, what is wrong.
    ///
    /// # Errors
    /// When there is no such file or its text cannot be read. A topology with mistakes is a preview.
    pub fn preview(&self, topology: &str) -> Result<TemplatePreview, Failure> {
        let place = self.topology(topology)?;
        let text = index::text(&place).map_err(|error| unreadable(topology, &error))?;
        Ok(preview::of(topology, text, self.found(topology, &place), self.commit.clone()))
    }

    /// The files that travel with a topology.
    ///
    /// # Errors
    /// Names the file that may not travel: too large, too many, no file, a link that leads out.
    pub fn files(&self, topology: &str, digests: &mut Digests) -> Result<FileSet, Failure> {
        let place = self.topology(topology)?;
        let found = self.found(topology, &place)?;
        FileSet::of(found, file_name(topology).to_owned(), digests)
    }

    /// Where a topology's file is. A file that was chosen alone may be a link; the person chose it.
    fn topology(&self, topology: &str) -> Result<PathBuf, Failure> {
        match &self.alone {
            Some(name) if name == topology => Ok(self.folder.join(name)),
            _ => inside(&self.folder, topology),
        }
    }

    fn found(&self, topology: &str, place: &Path) -> Result<Vec<Found>, Failure> {
        if self.alone.is_some() {
            return walk::alone(place, topology);
        }
        let folder = place.parent().unwrap_or(&self.folder);
        walk::folder(folder, file_name(topology), !topology.contains('/'))
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
