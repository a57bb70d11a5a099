//! OpenSSH's own client through the managed config: every host key is checked, nothing is asked.

use std::fs;

use anyhow::Result;
use serde_json::json;

use super::rig::{Rig, SOON, THEIRS};

#[tokio::test(flavor = "multi_thread")]
async fn plain_ssh_scp_sftp_and_git_reach_a_workspace() -> Result<()> {
    let rig = Rig::start().await?;
    let workspace = rig.workspace("atlas-api").await?;
    let before = rig.moorline.call("ssh_config_get", json!({})).await?;
    assert_eq!(before["is_included"], false);
    assert_eq!(fs::read_to_string(rig.config())?, THEIRS, "looking changes nothing");

    let view = rig.moorline.call("ssh_config_include", json!({})).await?;
    assert_eq!(view["is_included"], true);
    let line = view["line"].as_str().unwrap_or_default();
    assert_eq!(fs::read_to_string(rig.config())?, format!("{line}\n{THEIRS}"));
    assert_eq!(fs::read_to_string(view["backup_file"].as_str().unwrap_or_default())?, THEIRS);

    let ssh = rig.moorline.call("workspace_ssh", json!({"workspace": workspace})).await?;
    assert_eq!(ssh["alias"], "atlas-api");
    assert_eq!(rig.ssh(&["atlas-api", "id -un; hostname"])?, "dev\natlas-api");
    let full = format!("{}.atlas-api", rig.prefix());
    assert_eq!(rig.ssh(&[&full, "pwd"])?, "/home/dev");
    rig.ssh(&[&rig.prefix(), "true"])?;
    rig.ssh(&[&format!("{}.jump.1", rig.prefix()), "true"])?;

    copies(&rig)?;
    pushes(&rig)?;

    let view = rig.moorline.call("ssh_config_exclude", json!({})).await?;
    assert_eq!(view["is_included"], false);
    assert_eq!(fs::read_to_string(rig.config())?, THEIRS, "theirs is as it was");
    rig.moorline.shutdown().await;
    Ok(())
}

fn copies(rig: &Rig) -> Result<()> {
    let file = rig.folder.path().join("a file");
    fs::write(&file, "copied\n")?;
    let path = file.display().to_string();
    for program in ["scp", "sftp"] {
        let output = match program {
            "scp" => rig.openssh("scp", &[&path, "atlas-api:/workspace/scp"])?,
            _ => {
                let batch = rig.folder.path().join("batch");
                fs::write(&batch, format!("put \"{path}\" /workspace/sftp\n"))?;
                rig.openssh("sftp", &["-b", &batch.display().to_string(), "atlas-api"])?
            }
        };
        assert!(output.status.success(), "{program}: {output:?}");
        assert_eq!(rig.ssh(&["atlas-api", "cat", &format!("/workspace/{program}")])?, "copied");
    }
    Ok(())
}

fn pushes(rig: &Rig) -> Result<()> {
    let repository = rig.folder.path().join("repository");
    fs::create_dir(&repository)?;
    rig.ssh(&["atlas-api", "git init -q --bare /workspace/project.git"])?;
    let command = format!("ssh -F '{}' -o BatchMode=yes", rig.config().display());
    for words in [
        &["init", "-q", "-b", "main"][..],
        &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
        &["push", "-q", "atlas-api:/workspace/project.git", "main"],
    ] {
        let output = std::process::Command::new("git")
            .current_dir(&repository)
            .env("GIT_SSH_COMMAND", &command)
            .args(words)
            .output()?;
        assert!(output.status.success(), "git {words:?}: {output:?}");
    }
    let log = "git -C /workspace/project.git log --format=%s main";
    assert_eq!(rig.ssh(&["atlas-api", log])?, "x");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_config_follows_workspaces_and_refuses_other_keys() -> Result<()> {
    let rig = Rig::start().await?;
    let workspace = rig.workspace("atlas-api").await?;
    rig.moorline.call("ssh_config_include", json!({})).await?;
    let managed = rig.moorline.call("ssh_config_get", json!({})).await?["managed_file"].clone();
    let managed = managed.as_str().unwrap_or_default().to_owned();
    let knows = async |name: &str, is_wanted: bool| {
        let what = format!("{name} in the config: {is_wanted}");
        rig.moorline
            .until(&what, SOON, async || {
                let text = fs::read_to_string(&managed)?;
                let is_there = text.lines().any(|line| {
                    line.starts_with("Host ") && line.split(' ').any(|one| one == name)
                });
                Ok((is_there == is_wanted).then_some(()))
            })
            .await
    };
    knows("atlas-api", true).await?;
    rig.ssh(&["atlas-api", "true"])?;

    // Somebody else answers at the same port: a host key that was never pinned.
    let podman = rig.practice.podman();
    let script = "rm /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; pkill -o -HUP sshd";
    podman.podman(&["exec", "atlas-api", "sh", "-c", script])?;
    rig.openssh("ssh", &["-O", "exit", "atlas-api"])?;
    // Until it has started again, the SSH server closes what comes.
    let refused = async || {
        let output = rig.openssh("ssh", &["atlas-api", "true"])?;
        anyhow::ensure!(!output.status.success(), "another key was let through");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(said.contains("Host key verification failed").then_some(()))
    };
    rig.moorline.until("the refusal of another key", SOON, refused).await?;
    // Asked for, it is read anew over the authenticated connection.
    rig.moorline.call("workspace_ssh", json!({"workspace": workspace})).await?;
    rig.ssh(&["atlas-api", "true"])?;

    let args = json!({"workspace": workspace, "name": "atlas-web"});
    rig.moorline.call("workspace_rename", args).await?;
    knows("atlas-web", true).await?;
    knows("atlas-api", false).await?;
    let args = json!({"workspace": workspace, "volumes": "delete"});
    rig.moorline.call("workspace_remove", args).await?;
    knows("atlas-web", false).await?;
    rig.moorline.shutdown().await;
    Ok(())
}
