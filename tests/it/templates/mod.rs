//! Templates from a repository behind a real SSH server, with real git and the person's own `ssh`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use async_trait::async_trait;
use backend_api::{Cx, LabFiles as _};
use model::{ErrorCode, Failure};
use tempfile::TempDir;
use templates::{Checkouts, Digests, GitRunner, Place, Printed};
use tests::sshd::{Sshd, SshdOptions};
use tokio_util::sync::CancellationToken;

/// Git with an SSH configuration of its own.
struct OverSsh {
    config: PathBuf,
}

#[async_trait]
impl GitRunner for OverSsh {
    fn refuses(&self, _url: &str) -> Option<String> {
        None
    }

    async fn ask(&self, folder: &Path, args: &[&str], _cx: &Cx) -> Result<Printed, Failure> {
        let output = tokio::process::Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(args)
            .env("LC_ALL", "C")
            .env("GIT_SSH_COMMAND", format!("ssh -F {}", self.config.display()))
            .kill_on_drop(true)
            .output()
            .await
            .unwrap();
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

fn git(folder: &Path, args: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    let done = Command::new("git").arg("-C").arg(folder).args(who).args(args).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn repository(folder: &Path) -> PathBuf {
    let path = folder.join("labs");
    fs::create_dir_all(path.join("ospf/banner")).unwrap();
    git(&path, &["init", "-q", "-b", "main"]);
    git(&path, &["config", "uploadpack.allowFilter", "true"]);
    let topology = "defaults.device: frr\nnodes: [r1, r2]\nlinks: [r1-r2]\n";
    fs::write(path.join("ospf/topology.yml"), topology).unwrap();
    fs::write(path.join("ospf/banner/frr.j2"), "banner motd x\n").unwrap();
    git(&path, &["add", "-A"]);
    git(&path, &["commit", "-q", "-m", "first"]);
    path
}

fn ssh_config(folder: &Path, sshd: &Sshd, known_hosts: &str) -> PathBuf {
    let known = folder.join("known_hosts");
    fs::write(&known, known_hosts).unwrap();
    let config = folder.join("ssh_config");
    let text = format!(
        "Host labs-git\n  HostName {}\n  Port {}\nHost *\n  IdentityFile {}\n  IdentitiesOnly yes\n  \
         UserKnownHostsFile {}\n  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n  \
         BatchMode yes\n",
        sshd.address,
        sshd.port,
        sshd.client_key.display(),
        known.display(),
    );
    fs::write(&config, text).unwrap();
    config
}

#[tokio::test]
async fn a_template_comes_over_ssh() {
    let folder = TempDir::new().unwrap();
    let origin = repository(folder.path());
    let sshd = Sshd::start(&SshdOptions::default()).unwrap();
    let config = ssh_config(folder.path(), &sshd, &sshd.known_hosts);
    let checkouts = Checkouts::new(folder.path().join("ours"), Arc::new(OverSsh { config }));
    let cx = Cx::new(CancellationToken::new());
    for url in [
        format!("ssh://{}:{}{}", sshd.address, sshd.port, origin.display()),
        format!("labs-git:{}", origin.display()),
    ] {
        let found = checkouts.refresh(&url, Some("main"), "ospf", &cx).await.unwrap();
        let place = Place::of_commit(&found.folder, &found.commit);
        let preview = place.preview("topology.yml").unwrap();
        assert_eq!((preview.graph.nodes.len(), preview.problems.len()), (2, 0));
        let files = place.files("topology.yml", &mut Digests::default()).unwrap();
        assert_eq!(&files.read("banner/frr.j2").unwrap()[..], b"banner motd x\n");
        assert_eq!(checkouts.refresh(&url, Some("main"), "ospf", &cx).await.unwrap(), found);
    }
}

#[tokio::test]
async fn a_host_key_that_nobody_knows_is_what_it_says() {
    let folder = TempDir::new().unwrap();
    let origin = repository(folder.path());
    let sshd = Sshd::start(&SshdOptions::default()).unwrap();
    let config = ssh_config(folder.path(), &sshd, "");
    let checkouts = Checkouts::new(folder.path().join("ours"), Arc::new(OverSsh { config }));
    let cx = Cx::new(CancellationToken::new());
    let url = format!("ssh://{}:{}{}", sshd.address, sshd.port, origin.display());
    let error = checkouts.refresh(&url, None, "", &cx).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::HostKeyUnknown, "{error:?}");
    assert_eq!(checkouts.last(&url, None, ""), None);
    drop(sshd);
    let error = checkouts.refresh(&url, None, "", &cx).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable, "{error:?}");
}
