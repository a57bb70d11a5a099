//! Templates in git: a bare repository for each address in a folder of ours, and beside it the files of
//! one commit for each branch, tag or commit that a template means. Deliberately not here: running git.

mod reference;
mod repository;
#[cfg(test)]
mod tests;
mod trouble;

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use backend_api::Cx;
use model::{ErrorCode, Failure};
use sha2::{Digest as _, Sha256};

use crate::path::{inside, is_safe};
use reference::Wanted;
use repository::Repository;

/// What git printed and whether it was content.
#[derive(Debug, Clone)]
pub struct Printed {
    pub stdout: Vec<u8>,
    /// Its last words on the standard error, without secrets.
    pub words: String,
    pub is_success: bool,
}

/// Runs the person's own git, by arguments: never a shell, never a question, always in English.
#[async_trait]
pub trait GitRunner: Send + Sync {
    /// Why an address must not be used, as a sentence: it holds a secret, or names a program.
    fn refuses(&self, url: &str) -> Option<String>;

    /// Runs a git that is done within a minute. Cancelling `cx` ends it.
    ///
    /// # Errors
    /// When it cannot be run to its end; what git itself says is `Printed`.
    async fn ask(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure>;

    /// Runs a git that brings data from a server: its words go to `cx.log` as they come.
    ///
    /// # Errors
    /// As `ask`.
    async fn carry(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure>;
}

/// The files of a template as they are in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The template's folder.
    pub folder: PathBuf,
    /// Forty or sixty-four hexadecimal digits.
    pub commit: String,
}

/// Everything that was fetched. Keep one: what it fetches for one address is one at a time.
pub struct Checkouts {
    folder: PathBuf,
    git: Arc<dyn GitRunner>,
    busy: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Checkouts {
    /// Keeps its files in a folder that belongs to nobody else.
    pub fn new(folder: impl Into<PathBuf>, git: Arc<dyn GitRunner>) -> Self {
        Self { folder: folder.into(), git, busy: Mutex::default() }
    }

    /// What was fetched last, without asking anybody.
    #[must_use]
    pub fn last(&self, url: &str, reference: Option<&str>, path: &str) -> Option<Checkout> {
        let place = self.place(url, reference, path);
        let commit = fs::read_to_string(place.join(CURRENT)).ok()?;
        let commit = commit.trim().to_owned();
        checkout(&place.join(reference::commit(&commit)?), path, commit).ok()
    }

    /// Asks the remote what the branch, tag or commit is now, and fetches it where it is not here yet.
    /// Nobody else's checkout changes; the one before stays until the next new one.
    ///
    /// # Errors
    /// `Invalid` for an address or reference that will not do; `Unreachable`, `Unauthorized`, `NotFound`
    /// as the remote says. After an error `last` is what it was.
    pub async fn refresh(
        &self,
        url: &str,
        reference: Option<&str>,
        path: &str,
        cx: &Cx,
    ) -> Result<Checkout, Failure> {
        let wanted = self.wanted(url, reference, path)?;
        let place = self.place(url, reference, path);
        let lock = self.lock(url);
        let _alone = tokio::select! {
            biased;
            () = cx.cancel.cancelled() => return Err(Failure::new(ErrorCode::Cancelled, "cancelled")),
            guard = lock.lock() => guard,
        };
        let repository = Repository::open(&self.home(url), url, Arc::clone(&self.git), cx).await?;
        let commit = repository.bring(&wanted, &place).await?;
        let folder = place.join(&commit);
        let is_here = folder.is_dir();
        if !is_here {
            repository.check_out(&commit, path, &place).await?;
        }
        let found = checkout(&folder, path, commit);
        let found =
            found.map_err(|failure| trouble::without_path(failure, url, path, reference))?;
        keep(place, found.commit.clone()).await?;
        Ok(found)
    }

    /// Removes what was fetched from an address. Call it when no template means it any more.
    ///
    /// # Errors
    /// `Storage` when something cannot be removed.
    pub async fn forget(&self, url: &str) -> Result<(), Failure> {
        let lock = self.lock(url);
        let _alone = lock.lock().await;
        repository::remove(self.home(url)).await
    }

    fn wanted(&self, url: &str, reference: Option<&str>, path: &str) -> Result<Wanted, Failure> {
        let invalid = |field: &str, message: String| {
            Failure::new(ErrorCode::Invalid, message).with_field(field.to_owned())
        };
        if let Some(message) = self.git.refuses(url) {
            return Err(invalid("url", message).with_hint("Correct the address of the repository."));
        }
        if !path.is_empty() && !is_safe(path) {
            return Err(invalid("path", format!("\"{path}\" may lead out of the repository"))
                .with_hint("Use the path of a folder in the repository, such as labs/ospf."));
        }
        Wanted::parse(reference).ok_or_else(|| {
            let reference = reference.unwrap_or_default();
            invalid("reference", format!("\"{reference}\" is no branch, tag or commit"))
                .with_hint("Enter its name as git branch or git tag shows it, or leave it empty.")
        })
    }

    /// The folder of an address.
    fn home(&self, url: &str) -> PathBuf {
        self.folder.join(key(&[url]))
    }

    /// The folder of what a template means.
    fn place(&self, url: &str, reference: Option<&str>, path: &str) -> PathBuf {
        self.home(url).join(key(&[reference.unwrap_or_default(), path]))
    }

    fn lock(&self, url: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(busy.entry(url.to_owned()).or_default())
    }
}

/// Names the commit that counts.
const CURRENT: &str = "current";
/// The commit that counted before it: labs may still read its files.
const BEFORE: &str = "before";

fn checkout(folder: &Path, path: &str, commit: String) -> Result<Checkout, Failure> {
    let folder = if path.is_empty() { folder.to_owned() } else { inside(folder, path)? };
    if folder.is_dir() {
        return Ok(Checkout { folder, commit });
    }
    Err(Failure::new(ErrorCode::NotFound, format!("{} is no folder", folder.display())))
}

/// Writes down which commit counts, and removes those that are older than the one before.
async fn keep(place: PathBuf, commit: String) -> Result<(), Failure> {
    let work = move || -> std::io::Result<()> {
        let read = |name: &str| fs::read_to_string(place.join(name)).unwrap_or_default();
        let current = read(CURRENT).trim().to_owned();
        if current != commit {
            fs::write(place.join(BEFORE), &current)?;
            let written = place.join("current.new");
            fs::write(&written, &commit)?;
            fs::rename(written, place.join(CURRENT))?;
        }
        let before = read(BEFORE).trim().to_owned();
        for entry in fs::read_dir(&place)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() && name != commit && name != before {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    };
    repository::blocking(work).await
}

/// A name for a folder, made from words of any kind.
fn key(words: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for word in words {
        hasher.update(word.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
