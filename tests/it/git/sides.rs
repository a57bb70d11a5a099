//! Changes that are not committed, odd names, heads without a branch, and a workspace that is not itself.

use serde_json::json;

use super::rig::{PROJECT, Rig, commit, git, leave};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_not_committed_is_ever_lost() {
    let rig = Rig::start().await;
    let folder = rig.repository("atlas");
    let workspace = rig.make_from(&folder).await;

    rig.inside(&["sh", "-c", "echo there > README; echo new > 'a \"quoted\" näme'"]);
    std::fs::write(folder.join("here"), "here\n").unwrap();
    commit(&folder, "second");
    let state = rig.state(&workspace).await;
    let files: Vec<&str> = state["there"]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["README", "a \"quoted\" näme"], "{state}");

    let refused = rig.run("git_push", &workspace, leave()).await;
    assert_eq!(refused["status"], "failed", "{refused}");
    assert_eq!(refused["error"]["code"], "conflict", "{refused}");
    assert!(refused["error"]["message"].as_str().unwrap().contains("README"), "{refused}");
    assert_eq!(rig.inside(&["cat", "README"]), "there");

    let branch = json!({"type": "branch", "name": "wip/there"});
    let hook = "mkdir -p .git/hooks; printf '#!/bin/sh\nexit 1\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit";
    rig.inside(&["sh", "-c", hook]);
    let refused = rig.run("git_push", &workspace, branch.clone()).await;
    assert!(refused["error"]["hint"].as_str().unwrap().contains("on its branch as before"));
    assert_eq!(rig.inside(&["git", "branch", "--format=%(refname:short)"]), "main");
    assert_eq!(rig.inside(&["cat", "README"]), "there");
    rig.inside(&["rm", ".git/hooks/pre-commit"]);

    let run = rig.run("git_push", &workspace, branch).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.inside(&["cat", "README", "here"]), "one\nhere");
    assert_eq!(rig.inside(&["git", "show", "wip/there:README"]), "there");

    rig.inside(&["sh", "-c", "echo again > README"]);
    std::fs::write(folder.join("here"), "more\n").unwrap();
    commit(&folder, "third");
    let run = rig.run("git_push", &workspace, json!({"type": "stash"})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.inside(&["cat", "README"]), "one");
    assert_eq!(rig.inside(&["git", "show", "stash@{0}:README"]), "again");
    assert_eq!(rig.state(&workspace).await["there"]["stash_count"], 1);

    rig.inside(&["sh", "-c", "echo kept > README"]);
    let run = rig.run("git_pull", &workspace, json!({"type": "commit", "message": "kept"})).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(std::fs::read_to_string(folder.join("README")).unwrap(), "kept\n");

    rig.inside(&["sh", "-c", "echo x > x; git add -A; git commit -qm theirs"]);
    std::fs::write(folder.join("y"), "y\n").unwrap();
    commit(&folder, "ours");
    let run = rig.run("git_push", &workspace, leave()).await;
    assert!(run["error"]["hint"].as_str().unwrap().starts_with("Pull first"), "{run}");
    let run = rig.run("git_pull", &workspace, leave()).await;
    assert!(run["error"]["message"].as_str().unwrap().contains("both sides"), "{run}");
    git(&folder, &["checkout", "-q", "--detach"]);
    let run = rig.run("git_push", &workspace, leave()).await;
    assert!(run["error"]["message"].as_str().unwrap().contains("detached"), "{run}");
    rig.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_has_to_prove_itself_before_anyone_connects() {
    let rig = Rig::start().await;
    let folder = rig.repository("atlas");
    let workspace = rig.make_from(&folder).await;
    // A key of its own makes without our authority's signature: somebody else in its place.
    let name = rig.practice.podman().podman(&["ps", "-q", "-l"]).unwrap();
    let swap = "rm /etc/ssh/moorline_host_key*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/moorline_host_key; kill -HUP $(cat /run/sshd.pid)";
    rig.practice.podman().podman(&["exec", &name, "sh", "-c", swap]).unwrap();
    let run = rig.run("git_fetch", &workspace, leave()).await;
    assert_eq!(run["status"], "failed", "{run}");
    assert_eq!(run["error"]["code"], "host_key_changed", "{run}");
    rig.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_a_branch_without_commits_and_a_detached_head() {
    let rig = Rig::start().await;
    let folder = rig.repository("atlas");
    git(&folder, &["branch", "feat/x"]);
    let url = format!("file://{}", folder.display());
    let source = rig.core.call("git_look_url", json!({"url": url})).await.unwrap();
    assert_eq!(source["branches"], json!(["feat/x", "main"]), "{source}");
    rig.make(&json!({"git_source": "url", "git_url": url, "git_branch": "feat/x"})).await;
    assert_eq!(rig.inside(&["git", "symbolic-ref", "--short", "HEAD"]), "feat/x");
    assert_eq!(rig.inside(&["cat", "README"]), "one");

    git(&folder, &["checkout", "-q", "--detach"]);
    let plan = rig.plan(&json!({"git_source": "folder", "git_folder": folder})).await;
    assert_eq!(plan["problems"][0]["field"], "git_branch", "{plan}");
    assert!(plan["problems"][0]["message"].as_str().unwrap().contains("detached"), "{plan}");
    let plan = rig.plan(&json!({"git_source": "folder", "git_folder": rig.folder.path()})).await;
    assert_eq!(plan["problems"][0]["field"], "git_folder", "{plan}");

    let empty = rig.folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    git(&empty, &["init", "-q", "-b", "trunk"]);
    let workspace = rig.make_from(&empty).await;
    assert_eq!(
        rig.state(&workspace).await["there"]["head"],
        json!({"type": "unborn", "name": "trunk"})
    );
    assert_eq!(rig.inside(&["pwd"]), PROJECT);
    rig.end().await;
}
