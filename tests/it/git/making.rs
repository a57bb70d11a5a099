//! Workspaces from a folder and from a URL, and what stands in the way.

use serde_json::json;

use super::rig::{PROJECT, Rig, commit, git, leave};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_becomes_a_workspace_that_both_sides_work_with() {
    let rig = Rig::start().await;
    let folder = rig.repository("atlas");
    std::fs::write(folder.join("not committed"), "x").unwrap();
    git(&folder, &["remote", "add", "origin", "https://ghp_0123@example.org/team/atlas.git"]);
    let source = rig.core.call("git_look_folder", json!({"folder": folder})).await.unwrap();
    assert_eq!(source["head"]["name"], "main");
    let name = source["suggested_name"].as_str().unwrap().to_owned();
    assert!(name.starts_with("dev-atlas-"), "{name}");

    let workspace = rig.make_from(&folder).await;
    assert_eq!(rig.inside(&["cat", "README"]), "one");
    let origin = rig.inside(&["git", "remote", "get-url", "origin"]);
    assert_eq!(origin, "https://example.org/team/atlas.git", "without the token");
    assert_eq!(rig.inside(&["git", "config", "--global", "user.name"]), "Ada Lovelace");
    let remote = name.strip_prefix("dev-").unwrap();
    assert_eq!(git(&folder, &["remote", "get-url", remote]), format!("{name}:{PROJECT}"));
    let labels =
        rig.practice.podman().podman(&["inspect", "-l", "-f", "{{json .Config.Labels}}"]).unwrap();
    assert!(
        labels.contains("\"l8s.repo\":\"atlas\"") && labels.contains("\"l8s.branch\":\"main\""),
        "{labels}"
    );
    assert!(labels.contains("\"moorline.ssh.ca\":\"SHA256:"), "{labels}");
    let state = rig.state(&workspace).await;
    assert_eq!((&state["ahead"], &state["behind"]), (&json!(0), &json!(0)), "{state}");
    assert_eq!(state["here"]["files"][0]["path"], "not committed", "{state}");
    assert_eq!(state["there"]["file_count"], 0, "{state}");

    commit(&folder, "second");
    assert_eq!(rig.state(&workspace).await["ahead"], 1);
    let run = rig.run("git_push", &workspace, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(rig.inside(&["cat", "not committed"]), "x");

    rig.inside(&["sh", "-c", "echo two > there; git add -A; git commit -qm third"]);
    assert_eq!(rig.state(&workspace).await["behind"], 1);
    let run = rig.run("git_pull", &workspace, leave()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(std::fs::read_to_string(folder.join("there")).unwrap(), "two\n");
    rig.end().await;
}
