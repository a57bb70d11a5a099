//! Removing a lab's folder: only one that Moorline made in its own folder for labs, and a person is told before
//! what goes with it.

use std::sync::Arc;

use backend_api::{BackendError, Cx, FileSession};
use model::LabPlan;

use super::operate::Work;
use super::prepare::Target;
use crate::folder::{MANIFEST, Manifest};
use crate::session::NetlabSession;

/// Folders in folders that are removed.
const MAX_DEPTH: usize = 40;
/// How many names a warning has.
const NAMED: usize = 5;
/// What netlab itself makes in a lab's folder.
const OF_NETLAB: [&str; 10] = [
    "ansible.cfg",
    "clab.yml",
    "clab_files",
    "group_vars",
    "host_vars",
    "hosts.yml",
    "netlab.lock",
    "netlab.snapshot.pickle",
    "netlab.topology.json",
    "node_files",
];

impl NetlabSession {
    /// Fine when the lab's folder is one that Moorline made in its folder for labs.
    pub(super) async fn may_remove(&self, target: &Target, cx: &Cx) -> Result<(), BackendError> {
        let root = self.work_root(cx).await?;
        let is_below = target.folder.starts_with(&format!("{}/", root.trim_end_matches('/')));
        let is_ours = target.manifest.is_some() || target.is_on_trial;
        // What is gone already may be destroyed again.
        if is_below && (is_ours || !self.is_folder_there(&target.folder, cx).await?) {
            return Ok(());
        }
        let folder = &target.folder;
        let message = if is_below {
            format!("{folder} was not made by Moorline, so Moorline does not remove it")
        } else {
            format!("{folder} is not in Moorline's folder for labs, {root}, and stays")
        };
        Err(BackendError::conflict(message).with_hint(
            "Destroy the lab without its files, then remove its folder on the server yourself.",
        ))
    }

    async fn is_folder_there(&self, folder: &str, cx: &Cx) -> Result<bool, BackendError> {
        let folder: Arc<str> = folder.into();
        let look = |files: Arc<dyn FileSession>| {
            let folder = Arc::clone(&folder);
            async move { files.list(&folder).await }
        };
        match self.files.with(cx, look).await {
            Ok(_) => Ok(true),
            Err(BackendError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Says what goes with the folder.
    pub(super) async fn look_at_removal(
        &self,
        target: &Target,
        plan: &mut LabPlan,
        cx: &Cx,
    ) -> Result<(), BackendError> {
        match self.may_remove(target, cx).await {
            Ok(()) => {}
            Err(BackendError::Conflict(failure)) => {
                let message = match failure.hint {
                    Some(hint) => format!("{}. {hint}", failure.message),
                    None => failure.message,
                };
                let field = String::new();
                plan.problems.push(model::FieldProblem { field, message, suggestion: None });
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        let folder: Arc<str> = target.folder.as_str().into();
        let listed = self.files.with(cx, |files| {
            let folder = Arc::clone(&folder);
            async move { files.list(&folder).await }
        });
        let entries = match listed.await {
            Err(BackendError::NotFound(_)) => return Ok(()),
            entries => entries?,
        };
        let names = entries.into_iter().map(|entry| entry.name);
        let others = others(names, target.manifest.as_ref());
        plan.warnings.push(words(&folder, &others));
        Ok(())
    }
}

impl Work<'_> {
    /// Removes the lab's folder with everything in it.
    pub(super) async fn remove_folder(&self) -> Result<(), BackendError> {
        self.session.may_remove(self.target, self.cx).await?;
        let folder: Arc<str> = self.target.folder.as_str().into();
        let removed = self.session.files.with(self.cx, |files| {
            let folder = Arc::clone(&folder);
            async move { remove_tree(files.as_ref(), &folder).await }
        });
        removed.await?;
        self.session.known().manifests.remove(folder.as_ref());
        Ok(())
    }
}

/// What is in the folder and came neither from the template nor from netlab.
fn others(names: impl Iterator<Item = String>, manifest: Option<&Manifest>) -> Vec<String> {
    let is_ours = |name: &str| {
        let of = |path: &String| path.split('/').next() == Some(name);
        name == MANIFEST
            || OF_NETLAB.contains(&name)
            || name == super::collect::FOLDER
            || manifest.is_some_and(|manifest| manifest.files.keys().any(of))
    };
    let mut others: Vec<String> = names.filter(|name| !is_ours(name)).collect();
    others.sort();
    others
}

fn words(folder: &str, others: &[String]) -> String {
    if others.is_empty() {
        return format!("{folder} is removed with everything in it.");
    }
    let named: Vec<&str> = others.iter().take(NAMED).map(String::as_str).collect();
    let more = match others.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{folder} is removed with everything in it, also what did not come from the template: {}{more}.",
        named.join(", ")
    )
}

/// Removes a folder with everything in it; links are removed, never followed.
async fn remove_tree(files: &dyn FileSession, folder: &str) -> Result<(), BackendError> {
    let mut emptied = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if depth > MAX_DEPTH {
            return Err(BackendError::rejected(format!("{folder} is too deep to be removed"))
                .with_hint("Remove it on the server."));
        }
        let entries = match files.list(&folder).await {
            Err(BackendError::NotFound(_)) => continue,
            entries => entries?,
        };
        for entry in entries {
            let path = format!("{folder}/{}", entry.name);
            if entry.is_folder && !entry.is_link {
                folders.push((path, depth + 1));
            } else {
                files.remove(&path).await?;
            }
        }
        emptied.push(folder);
    }
    for folder in emptied.iter().rev() {
        files.remove_folder(folder).await?;
    }
    Ok(())
}
