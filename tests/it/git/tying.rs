//! Workspaces that are tied later, dotfiles, submodules, and a push that is cancelled in the middle.

use std::fs;

use serde_json::json;

use super::rig::{LONG, Rig, commit, git, leave};

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_stands_is_tied_to_a_folder_and_a_push_can_be_cancelled() {
    let rig = Rig::start().await;
    let view = rig.practice.container(&rig.core, &rig.connection, "plain", true).await.unwrap();
    let workspace = view["workspace_ref"].clone();
    let folder = Rig::repository_in(&rig.practice.home().join("src"), "atlas");
    for (typed, words) in [("~bob/src", "~bob/src"), ("src/atlas", "no whole path")] {
        let args = json!({"workspace": workspace, "folder": typed});
        let refused = rig.core.call("git_tie", args).await.unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
    let run = rig.carry("git_tie", json!({"workspace": workspace, "folder": "~"})).await;
    assert!(run["error"]["message"].as_str().unwrap().contains("no git repository"), "{run}");

    let args = json!({"workspace": workspace, "folder": "~/src/atlas"});
    let run = rig.carry("git_tie", args).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(git(&folder, &["remote", "get-url", "plain"]), "plain:/workspace/project");
    let run = rig.run("git_push", &workspace, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.inside(&["cat", "README"]), "one");

    let hook =
        "#!/bin/sh\ntouch /tmp/in-hook\nwhile [ ! -e /tmp/go ]; do sleep 0.1; done\nexit 1\n";
    let script = "cat > .git/hooks/pre-receive <<'END'\n".to_owned()
        + hook
        + "END\nchmod +x .git/hooks/pre-receive";
    rig.inside(&["sh", "-c", &script]);
    fs::write(folder.join("more"), "more\n").unwrap();
    commit(&folder, "second");
    let args = json!({"workspace": workspace, "dirty": leave()});
    let started = rig.core.call("git_push", args).await.unwrap();
    let held =
        async || Ok((rig.inside(&["sh", "-c", "ls /tmp"]).contains("in-hook")).then_some(()));
    rig.core.until("the push to be held", LONG, held).await.unwrap();
    rig.core.call("run_cancel", json!({"run_id": started["run_id"]})).await.unwrap();
    let run = rig.until_over(&started).await;
    assert_eq!(run["status"], "cancelled", "{run}");
    rig.inside(&["sh", "-c", "touch /tmp/go; rm .git/hooks/pre-receive"]);
    assert_eq!(rig.inside(&["git", "log", "--format=%s"]), "first", "it was not pushed");
    let run = rig.run("git_push", &workspace, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.inside(&["cat", "more"]), "more");
    assert!(!rig.inside(&["sh", "-c", "ls -A ~"]).contains(".moorline-dots"));
    rig.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dotfiles_come_when_asked_and_submodules_are_said_to_stay() {
    let rig = Rig::start().await;
    let dots = rig.practice.home().join("dots");
    fs::create_dir_all(dots.join(".config/tool")).unwrap();
    fs::create_dir_all(dots.join(".git")).unwrap();
    fs::write(dots.join(".git/config"), "not to be copied").unwrap();
    fs::write(dots.join(".moorline-dots"), "alias ll='ls -l'\n").unwrap();
    fs::write(dots.join(".config/tool/a \"b\""), "x\n").unwrap();
    let library = rig.repository("library");
    let folder = rig.repository("atlas");
    let url = library.display().to_string();
    git(&folder, &["-c", "protocol.file.allow=always", "submodule", "add", "-q", &url, "lib"]);
    commit(&folder, "with a submodule");
    // What a person may have set for their own remotes.
    git(&folder, &["config", "push.recurseSubmodules", "on-demand"]);
    git(&folder, &["config", "submodule.recurse", "true"]);

    let input = json!({"git_source": "folder", "git_folder": folder, "git_dotfiles": "~bob/dots"});
    let plan = rig.plan(&input).await;
    assert_eq!(plan["problems"][0]["field"], "git_dotfiles", "{plan}");
    let input = json!({"git_source": "folder", "git_folder": folder, "git_dotfiles": "~/dots"});
    let warnings = rig.plan(&input).await["warnings"].to_string();
    assert!(warnings.contains("Submodules are not pushed"), "{warnings}");
    let workspace = rig.make(&input).await;
    let seen = rig.inside(&[
        "sh",
        "-c",
        "cd; stat -c '%U %n' .moorline-dots .config/tool/*; ls -d .git || true",
    ]);
    assert_eq!(seen, "dev .moorline-dots\ndev .config/tool/a \"b\"");
    let status = rig.inside(&["git", "submodule", "status"]);
    let commit_of = git(&library, &["rev-parse", "HEAD"]);
    assert_eq!(status, format!("-{commit_of} lib"), "it is known, and not there");

    fs::write(folder.join("lib/more"), "more\n").unwrap();
    let lib = folder.join("lib");
    git(&lib, &["config", "user.name", "Ada Lovelace"]);
    git(&lib, &["config", "user.email", "ada@example.org"]);
    commit(&lib, "inside the submodule");
    commit(&folder, "the submodule moves");
    let run = rig.run("git_push", &workspace, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    rig.log_with(&run, "submodules are not pushed").await;
    assert_eq!(rig.inside(&["git", "log", "-1", "--format=%s"]), "the submodule moves");
    assert_eq!(git(&library, &["log", "-1", "--format=%s"]), "first", "nothing is pushed there");
    rig.end().await;
}
