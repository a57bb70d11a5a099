//! The bare repository of one address: asking the remote, fetching what is needed, writing a commit's files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use backend_api::Cx;
use model::{ErrorCode, Failure};

use super::{
    GitRunner, Printed,
    reference::{self, Wanted},
    trouble,
};

const BARE: &str = "repository.git";
/// Half a checkout; renamed when it is whole.
const HALF: &str = "half";
/// The settings of a repository of ours. Nothing of the person's runs when files are written: no hooks, and
/// line ends stay what they are.
const SETTINGS: &[(&str, &str)] = &[
    ("core.autocrlf", "false"),
    ("core.longpaths", "true"),
    ("gc.autoDetach", "false"),
    ("fetch.recurseSubmodules", "false"),
];

pub(super) struct Repository<'a> {
    bare: PathBuf,
    url: &'a str,
    git: Arc<dyn GitRunner>,
    cx: &'a Cx,
}

impl<'a> Repository<'a> {
    /// Makes it where it is not there yet. Nobody is asked.
    pub(super) async fn open(
        home: &Path,
        url: &'a str,
        git: Arc<dyn GitRunner>,
        cx: &'a Cx,
    ) -> Result<Self, Failure> {
        let repository = Self { bare: home.join(BARE), url, git, cx };
        if !repository.bare.join("moorline-ready").is_file() {
            repository.make().await?;
        }
        Ok(repository)
    }

    async fn make(&self) -> Result<(), Failure> {
        remove(self.bare.clone()).await?;
        let bare = self.bare.clone();
        blocking(move || fs::create_dir_all(bare)).await?;
        self.tell(&["init", "--bare", "-q", "--template=", "."]).await?;
        self.tell(&["config", "remote.origin.url", self.url]).await?;
        // Whole, because git would look for another in the files it writes.
        let hooks = self.bare.join("no-hooks").display().to_string();
        self.tell(&["config", "core.hooksPath", &hooks]).await?;
        for (name, value) in SETTINGS {
            self.tell(&["config", name, value]).await?;
        }
        let ready = self.bare.join("moorline-ready");
        blocking(move || fs::write(ready, "")).await
    }

    /// Sees to it that the wanted commit is here, and says which it is. One whose files are in `place`
    /// already is not fetched.
    pub(super) async fn bring(&self, wanted: &Wanted, place: &Path) -> Result<String, Failure> {
        if let Some(commit) = wanted.whole_commit()
            && place.join(commit).is_dir()
        {
            return Ok(commit.to_owned());
        }
        let patterns = wanted.patterns();
        let mut args = vec!["ls-remote", "--", "origin"];
        args.extend(patterns.iter().map(String::as_str));
        let listed = self.git.ask(&self.bare, &args, self.cx).await?;
        if !listed.is_success {
            return Err(trouble::unreadable(self.url, &listed.words));
        }
        match wanted.offered(&String::from_utf8_lossy(&listed.stdout)) {
            Some(offered) if place.join(&offered.commit).is_dir() => Ok(offered.commit),
            Some(offered) => {
                let fetched = self.fetch_mended(&offered.name).await?;
                if !fetched.is_success {
                    return Err(trouble::unreadable(self.url, &fetched.words));
                }
                self.commit("FETCH_HEAD", wanted).await
            }
            None if wanted.may_be_commit() => self.bring_commit(wanted).await,
            None => Err(trouble::unknown_reference(self.url, wanted.as_str())),
        }
    }

    /// A commit that is no tip: servers give it by its whole name, or with everything.
    async fn bring_commit(&self, wanted: &Wanted) -> Result<String, Failure> {
        if let Some(commit) = wanted.whole_commit()
            && self.fetch_mended(commit).await?.is_success
        {
            return self.commit("FETCH_HEAD", wanted).await;
        }
        let shallow = self.tell(&["rev-parse", "--is-shallow-repository"]).await?;
        let mut args = vec!["fetch", "--progress", "--no-tags", "--force"];
        args.extend((shallow == "true").then_some("--unshallow"));
        args.extend(["origin", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]);
        let fetched = self.git.carry(&self.bare, &args, self.cx).await?;
        if !fetched.is_success {
            return Err(trouble::unreadable(self.url, &fetched.words));
        }
        self.commit(wanted.as_str(), wanted).await
    }

    /// Fetches; what a crash left broken is made anew, once.
    async fn fetch_mended(&self, what: &str) -> Result<Printed, Failure> {
        let fetched = self.fetch(what).await?;
        if fetched.is_success || !trouble::is_broken(&fetched.words) {
            return Ok(fetched);
        }
        self.make().await?;
        self.fetch(what).await
    }

    /// Only the one commit, but all of it: a server may give parts of commits and then refuse the rest.
    async fn fetch(&self, what: &str) -> Result<Printed, Failure> {
        let args = ["fetch", "--progress", "--no-tags", "--force", "--depth=1", "origin", what];
        self.git.carry(&self.bare, &args, self.cx).await
    }

    async fn commit(&self, name: &str, wanted: &Wanted) -> Result<String, Failure> {
        let name = format!("{name}^{{commit}}");
        let args = ["rev-parse", "--verify", "-q", &name];
        let printed = self.git.ask(&self.bare, &args, self.cx).await?;
        let found = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
        match reference::commit(&found) {
            Some(commit) => Ok(commit.to_owned()),
            None => Err(trouble::unknown_reference(self.url, wanted.as_str())),
        }
    }

    /// Writes a commit's files, or those of a folder in it, to a folder of its name: whole or not at all.
    pub(super) async fn check_out(
        &self,
        commit: &str,
        path: &str,
        place: &Path,
    ) -> Result<(), Failure> {
        let half = place.join(HALF);
        remove(half.clone()).await?;
        // What git remembers of other folders would be taken for this one.
        let (made, index) = (half.clone(), self.bare.join("index"));
        blocking(move || {
            fs::create_dir_all(made)?;
            fs::remove_file(index).or_else(absent_is_fine)
        })
        .await?;
        let files = if path.is_empty() { "." } else { path };
        let tree = format!("{commit}:{path}");
        let args = ["rev-parse", "-q", "--verify", &tree];
        if self.git.ask(&self.bare, &args, self.cx).await?.is_success {
            let bare = format!("--git-dir={}", self.bare.display());
            let work = format!("--work-tree={}", half.display());
            let args =
                [&bare, &work, "--literal-pathspecs", "checkout", "-q", "-f", commit, "--", files];
            let written = self.git.carry(&half, &args, self.cx).await?;
            if !written.is_success {
                return Err(trouble::unreadable(self.url, &written.words));
            }
        }
        let whole = place.join(commit);
        blocking(move || fs::rename(half, whole)).await
    }

    async fn tell(&self, args: &[&str]) -> Result<String, Failure> {
        let printed = self.git.ask(&self.bare, args, self.cx).await?;
        if printed.is_success {
            return Ok(String::from_utf8_lossy(&printed.stdout).trim().to_owned());
        }
        let verb = args.first().copied().unwrap_or_default();
        Err(Failure::new(
            ErrorCode::Storage,
            format!("git {verb} failed in {}", self.bare.display()),
        )
        .with_hint("Check that there is room on the disk, then refresh again.")
        .with_detail(printed.words))
    }
}

/// Removes a folder, or nothing.
pub(super) async fn remove(folder: PathBuf) -> Result<(), Failure> {
    blocking(move || fs::remove_dir_all(folder).or_else(absent_is_fine)).await
}

fn absent_is_fine(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Work on the disk, away from what must not wait.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other).and_then(|done| done).map_err(|error| {
        Failure::new(ErrorCode::Storage, "the files of a template cannot be written")
            .with_hint("Check that there is room on the disk and that Moorline may write there.")
            .with_detail(error.to_string())
    })
}
