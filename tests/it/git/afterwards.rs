//! What follows for ssh and git when a workspace is rebuilt, restarted, renamed and removed.

use serde_json::{Value, json};

use super::rig::{Rig, commit, git, leave};

async fn rebuild(rig: &Rig, workspace: &Value) -> Value {
    let args = json!({"workspace": workspace, "input": {}});
    let plan = rig.core.call("rebuild_plan", args).await.unwrap()["plan"].clone();
    assert_eq!(plan["problems"], json!([]), "{plan}");
    let run = rig.carry("workspace_rebuild", json!({"workspace": workspace, "plan": plan})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    json!({
        "connection_id": workspace["connection_id"],
        "workspace_id": run["subject"]["workspace_id"],
    })
}

fn last_step(run: &Value) -> (&str, &str) {
    let step = run["steps"].as_array().unwrap().last().unwrap();
    (step["name"].as_str().unwrap(), step["status"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_and_a_restarted_workspace_prove_themselves_before_they_are_ready() {
    let rig = Rig::start().await;
    rig.core.call("ssh_config_include", json!({})).await.unwrap();
    let folder = rig.repository("atlas");
    let old = rig.make_from(&folder).await;
    let ssh = rig.core.call("workspace_ssh", json!({"workspace": old})).await.unwrap();
    let alias = ssh["alias"].as_str().unwrap().to_owned();
    assert_eq!(rig.ssh(&[&alias, "id", "-un"]).as_deref(), Ok("dev"));
    rig.inside(&["touch", "/tmp/of the old one"]);

    let new = rebuild(&rig, &old).await;
    assert_ne!(new, old);
    // Nothing is waited for: it was said to be ready.
    assert_eq!(rig.ssh(&[&alias, "ls /tmp | grep -c old; id -un"]).as_deref(), Ok("0\ndev"));
    commit_and_push_by_hand(&rig, &folder, &alias);
    let run = rig.run("git_fetch", &new, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");

    let certificate = "/etc/ssh/moorline_host_key-cert.pub";
    let before = rig.inside(&["cat", certificate]);
    let run = rig.carry("workspace_restart", json!({"workspace": new})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(last_step(&run), ("Access", "succeeded"));
    assert_eq!(rig.inside(&["cat", certificate]), before, "what holds is not made anew");

    let swap = "rm /etc/ssh/moorline_host_key*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/moorline_host_key";
    let name = rig.practice.podman().podman(&["ps", "-q", "-l"]).unwrap();
    rig.practice.podman().podman(&["exec", &name, "sh", "-c", swap]).unwrap();
    let run = rig.carry("workspace_restart", json!({"workspace": new})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_ne!(rig.inside(&["cat", certificate]), before);
    let run = rig.run("git_fetch", &new, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.ssh(&[&alias, "id", "-un"]).as_deref(), Ok("dev"));
    rig.end().await;
}

/// A person in their own terminal.
fn commit_and_push_by_hand(rig: &Rig, folder: &std::path::Path, alias: &str) {
    std::fs::write(folder.join("second"), "two\n").unwrap();
    commit(folder, "second");
    let config = rig.practice.home().join(".ssh/config");
    let ssh = format!("core.sshCommand=ssh -F '{}' -o BatchMode=yes", config.display());
    git(folder, &["-c", &ssh, "push", "-q", &format!("{alias}:/workspace/project"), "main"]);
    assert_eq!(rig.inside(&["cat", "second"]), "two");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_workspace_leaves_no_remote_no_entry_and_every_commit() {
    let rig = Rig::start().await;
    let managed = rig.core.call("ssh_config_include", json!({})).await.unwrap()["managed_file"]
        .as_str()
        .map(std::path::PathBuf::from)
        .unwrap();
    let folder = rig.repository("atlas");
    let workspace = rig.make_from(&folder).await;
    let remote = git(&folder, &["remote"]);
    rig.inside(&["sh", "-c", "echo there > there; git add -A; git commit -qm only-there"]);
    assert_eq!(rig.run("git_fetch", &workspace, leave()).await["status"], "succeeded");
    let refs = git(&folder, &["for-each-ref", "--format=%(objectname) %(refname)"]);

    let args = json!({"workspace": workspace, "name": "atlas-two"});
    assert_eq!(rig.carry("workspace_rename", args).await["status"], "succeeded");
    let url = ["remote", "get-url", remote.as_str()];
    assert_eq!(git(&folder, &url), "atlas-two:/workspace/project", "the remote follows");
    let link = rig.core.call("git_link", json!({"workspace": workspace})).await.unwrap();
    assert_eq!(link["remote"], json!(remote), "{link}");
    rig.core.call("workspace_ssh", json!({"workspace": workspace})).await.unwrap();
    let key_alias = ["config", "known_hosts"].map(|file| managed.with_file_name(file));
    let mentions = || {
        key_alias.iter().any(|file| {
            let text = std::fs::read_to_string(file).unwrap();
            text.contains("atlas-two") || text.lines().any(|line| line.starts_with("moorline-"))
        })
    };
    assert!(mentions());

    let run =
        rig.carry("workspace_remove", json!({"workspace": workspace, "volumes": "delete"})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(last_step(&run), ("Remote", "succeeded"));
    assert_eq!(git(&folder, &["remote"]), "");
    assert_eq!(git(&folder, &["for-each-ref", "--format=%(objectname) %(refname)"]), refs);
    rig.log_with(&run, "commits that no branch of yours has (1) stay").await;
    assert!(!mentions(), "plain ssh still knows it");

    let again = rig.make_from(&folder).await;
    let remote = git(&folder, &["remote"]);
    git(&folder, &["remote", "set-url", &remote, "git@example.org:mine.git"]);
    let run = rig.carry("workspace_remove", json!({"workspace": again, "volumes": "delete"})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(git(&folder, &["remote", "get-url", &remote]), "git@example.org:mine.git");
    rig.log_with(&run, "points elsewhere").await;

    git(&folder, &["remote", "remove", &remote]);
    let third = rig.make_from(&folder).await;
    let remote = git(&folder, &["remote"]);
    let args = json!({"workspace": third, "volumes": "keep", "keeps_remote": true});
    assert_eq!(rig.carry("workspace_remove", args).await["status"], "succeeded");
    assert_eq!(git(&folder, &["remote"]), remote);
    rig.end().await;
}
