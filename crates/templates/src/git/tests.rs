//! Templates in repositories that real git makes, over a path of this computer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use backend_api::Cx;
use model::{ErrorCode, Failure};
use tokio_util::sync::CancellationToken;

use super::{Checkouts, GitRunner, Printed};
use crate::tests::write;

/// Runs git plainly and remembers what it was told.
#[derive(Default)]
struct Plain {
    told: Mutex<Vec<String>>,
}

impl Plain {
    fn verbs(&self) -> Vec<String> {
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        told.iter()
            .filter_map(|args| args.split(' ').find(|word| !word.starts_with('-')))
            .map(str::to_owned)
            .filter(|verb| ["ls-remote", "fetch", "checkout", "init"].contains(&verb.as_str()))
            .collect()
    }
}

#[async_trait]
impl GitRunner for Plain {
    fn refuses(&self, url: &str) -> Option<String> {
        url.contains("::").then(|| "a URL that names a program cannot be used".into())
    }

    async fn ask(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        if cx.cancel.is_cancelled() {
            return Err(Failure::new(ErrorCode::Cancelled, "cancelled"));
        }
        self.told.lock().unwrap().push(args.join(" "));
        let output = git(folder).args(args).output().unwrap();
        Ok(Printed {
            stdout: output.stdout,
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
            is_success: output.status.success(),
        })
    }

    async fn carry(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        self.ask(folder, args, cx).await
    }
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).env("LC_ALL", "C").env("GIT_CONFIG_NOSYSTEM", "1");
    for (name, value) in [("NAME", "Ada"), ("EMAIL", "ada@example.org")] {
        command
            .env(format!("GIT_AUTHOR_{name}"), value)
            .env(format!("GIT_COMMITTER_{name}"), value);
    }
    command
}

struct Bench {
    root: tempfile::TempDir,
    plain: Arc<Plain>,
    checkouts: Checkouts,
    cx: Cx,
}

impl Bench {
    /// A repository with a branch, a tag, and two labs.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let plain = Arc::new(Plain::default());
        let runner: Arc<dyn GitRunner> = plain.clone();
        let checkouts = Checkouts::new(root.path().join("ours"), runner);
        let cx = Cx::new(CancellationToken::new());
        let bench = Self { root, plain, checkouts, cx };
        fs::create_dir(bench.origin()).unwrap();
        bench.git(&["init", "-q", "-b", "main"]);
        write(&bench.origin(), &[("ospf/topology.yml", "nodes: [a]\n"), ("bgp/topology.yml", "x")]);
        bench.commit("first");
        bench.git(&["tag", "-a", "v1", "-m", "one"]);
        bench.git(&["branch", "feature/x"]);
        bench
    }

    fn origin(&self) -> PathBuf {
        self.root.path().join("origin")
    }

    fn url(&self) -> String {
        format!("file://{}", self.origin().display())
    }

    fn git(&self, args: &[&str]) -> String {
        let output = git(&self.origin()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    async fn refresh(
        &self,
        reference: Option<&str>,
        path: &str,
    ) -> Result<super::Checkout, Failure> {
        self.checkouts.refresh(&self.url(), reference, path, &self.cx).await
    }
}

#[tokio::test]
async fn a_branch_that_moved_is_seen_and_one_that_did_not_is_not_fetched() {
    let bench = Bench::new();
    let first = bench.refresh(None, "").await.unwrap();
    assert_eq!(first.commit, bench.git(&["rev-parse", "HEAD"]));
    assert_eq!(fs::read_to_string(first.folder.join("ospf/topology.yml")).unwrap(), "nodes: [a]\n");
    assert!(!first.folder.join(".git").exists());
    assert_eq!(bench.plain.verbs(), ["init", "ls-remote", "fetch", "checkout"]);
    assert_eq!(bench.refresh(None, "").await.unwrap(), first);
    assert_eq!(bench.plain.verbs(), ["ls-remote"]);

    write(&bench.origin(), &[("ospf/topology.yml", "nodes: [a, b]\n"), ("ospf/new.j2", "n")]);
    let moved = bench.commit("second");
    let second = bench.refresh(None, "").await.unwrap();
    assert_eq!(second.commit, moved);
    assert!(second.folder.join("ospf/new.j2").exists());
    assert!(first.folder.exists(), "a lab may still read the one before");
    fs::remove_file(bench.origin().join("ospf/new.j2")).unwrap();
    bench.commit("third");
    let third = bench.refresh(None, "").await.unwrap();
    assert!(!third.folder.join("ospf/new.j2").exists());
    assert!(!first.folder.exists() && second.folder.exists());
    assert_eq!(bench.checkouts.last(&bench.url(), None, ""), Some(third));
}

#[tokio::test]
async fn branches_tags_and_commits_are_told_apart() {
    let bench = Bench::new();
    let first = bench.git(&["rev-parse", "HEAD"]);
    write(&bench.origin(), &[("ospf/topology.yml", "changed")]);
    let second = bench.commit("second");
    for (reference, commit) in [
        ("main", &second),
        ("v1", &first),
        ("feature/x", &first),
        ("refs/tags/v1", &first),
        (first.as_str(), &first),
        (&first[..10], &first),
    ] {
        let found = bench.refresh(Some(reference), "").await.unwrap();
        assert_eq!(&found.commit, commit, "{reference}");
    }
    bench.plain.verbs();
    bench.refresh(Some(&first), "").await.unwrap();
    assert_eq!(bench.plain.verbs(), [""; 0], "a commit is what it is");
    for (reference, code) in [
        ("nowhere", ErrorCode::NotFound),
        ("deadbeef99", ErrorCode::NotFound),
        ("--x", ErrorCode::Invalid),
    ] {
        let error = bench.refresh(Some(reference), "").await.unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (code, Some("reference")), "{error:?}");
    }
}

#[tokio::test]
async fn only_the_wanted_folder_comes() {
    let bench = Bench::new();
    let found = bench.refresh(Some("main"), "ospf").await.unwrap();
    assert!(found.folder.ends_with("ospf") && found.folder.join("topology.yml").exists());
    assert!(!found.folder.join("../bgp").exists());
    let other = bench.refresh(Some("main"), "bgp").await.unwrap();
    assert!(other.folder.join("topology.yml").exists() && found.folder.exists());
    let error = bench.refresh(None, "nowhere").await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::NotFound, Some("path")));
    assert!(error.message.ends_with("has no folder nowhere at its default branch"));
    for path in ["../..", "/etc", "ospf/../.."] {
        assert_eq!(bench.refresh(None, path).await.unwrap_err().code, ErrorCode::Invalid);
    }
}

#[tokio::test]
async fn a_remote_that_is_gone_leaves_what_was_fetched() {
    let bench = Bench::new();
    let first = bench.refresh(None, "ospf").await.unwrap();
    let away = bench.root.path().join("away");
    fs::rename(bench.origin(), &away).unwrap();
    let error = bench.refresh(None, "ospf").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound, "{error:?}");
    assert!(error.hint.is_some());
    assert_eq!(bench.checkouts.last(&bench.url(), None, "ospf"), Some(first.clone()));
    fs::rename(away, bench.origin()).unwrap();
    assert_eq!(bench.refresh(None, "ospf").await.unwrap(), first);
    bench.checkouts.forget(&bench.url()).await.unwrap();
    assert_eq!(bench.checkouts.last(&bench.url(), None, "ospf"), None);
}

#[tokio::test]
async fn what_a_crash_left_is_mended() {
    let bench = Bench::new();
    bench.refresh(None, "").await.unwrap();
    write(&bench.origin(), &[("more", "x")]);
    let second = bench.commit("second");
    let home = bench.checkouts.home(&bench.url());
    fs::write(home.join("repository.git/shallow.lock"), "").unwrap();
    let half = bench.checkouts.place(&bench.url(), None, "").join("half");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("rest"), "x").unwrap();
    let found = bench.refresh(None, "").await.unwrap();
    assert_eq!(found.commit, second);
    assert!(!found.folder.join("rest").exists() && !half.exists());
}

#[tokio::test]
async fn nothing_of_a_repository_runs_and_its_links_lead_nowhere() {
    let bench = Bench::new();
    let hook = "#!/bin/sh\ntouch \"$(dirname \"$0\")/../ran\"\n";
    write(
        &bench.origin(),
        &[
            ("no-hooks/post-checkout", hook),
            ("hooks/post-checkout", hook),
            (".gitattributes", "* filter=x\n"),
        ],
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        for folder in ["no-hooks", "hooks"] {
            let hook = bench.origin().join(folder).join("post-checkout");
            fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
        }
        symlink(bench.root.path(), bench.origin().join("out")).unwrap();
    }
    bench.commit("hooks");
    let found = bench.refresh(None, "").await.unwrap();
    assert!(found.folder.join("hooks/post-checkout").exists());
    let home = bench.checkouts.home(&bench.url());
    for folder in [found.folder.clone(), home.join("repository.git"), home] {
        assert!(!folder.join("ran").exists());
    }
    #[cfg(unix)]
    assert_eq!(bench.refresh(None, "out").await.unwrap_err().code, ErrorCode::Invalid);
}

#[tokio::test]
async fn an_address_that_will_not_do_and_a_cancel_change_nothing() {
    let bench = Bench::new();
    let error = bench.checkouts.refresh("ext::sh -c id", None, "", &bench.cx).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some("url")));
    bench.cx.cancel.cancel();
    assert_eq!(bench.refresh(None, "").await.unwrap_err().code, ErrorCode::Cancelled);
    assert_eq!(bench.checkouts.last(&bench.url(), None, ""), None);
}

#[tokio::test]
async fn an_empty_repository_says_so() {
    let bench = Bench::new();
    let empty = bench.root.path().join("empty");
    fs::create_dir(&empty).unwrap();
    assert!(git(&empty).args(["init", "-q"]).status().unwrap().success());
    let url = format!("file://{}", empty.display());
    let error = bench.checkouts.refresh(&url, None, "", &bench.cx).await.unwrap_err();
    assert!(error.message.ends_with("has no commit yet"), "{error:?}");
}
