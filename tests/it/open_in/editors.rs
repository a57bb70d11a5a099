//! Editors that write down how they are started, and a terminal that really runs its command.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};

use super::rig::{Rig, arguments_of};

#[tokio::test(flavor = "multi_thread")]
async fn editors_are_started_with_what_they_understand() -> Result<()> {
    let rig = Rig::start().await?;
    let workspace = rig.closed_workspace("atlas-api").await?;
    let open = async |editor: &str| {
        let args = json!({"workspace": workspace, "editor": editor});
        rig.moorline.call("workspace_open_in", args).await
    };

    let code = rig.program("code", 0)?;
    let refused = open("vs_code").await.unwrap_err().to_string();
    assert!(refused.contains("SSH config"), "without consent nothing is started: {refused}");
    assert!(!code.with_extension("argv").exists());
    rig.moorline.call("ssh_config_include", json!({})).await?;

    open("vs_code").await?;
    let folder = "/workspace";
    assert_eq!(arguments_of(&code).await, ["--remote", "ssh-remote+atlas-api", folder]);
    let zed = rig.program("zed", 0)?;
    open("zed").await?;
    assert_eq!(arguments_of(&zed).await, ["ssh://dev@atlas-api/workspace"]);
    let gateway = rig.program("gateway", 0)?;
    open("jetbrains_gateway").await?;
    assert_eq!(
        arguments_of(&gateway).await,
        ["jetbrains-gateway://connect#type=ssh&deploy=true&host=atlas-api&port=22&user=dev\
          &projectPath=/workspace"]
    );

    let missing = open("windsurf").await.unwrap_err().to_string();
    assert!(missing.contains("Windsurf is not on this computer"), "{missing}");
    assert!(missing.contains("Install Windsurf"), "{missing}");
    rig.program("cursor", 3)?;
    let failed = open("cursor").await.unwrap_err().to_string();
    assert!(failed.contains("Cursor did not start"), "{failed}");

    let list = rig.moorline.call("editors_list", json!({})).await?;
    let found: Vec<bool> =
        list["editors"].as_array().unwrap().iter().map(|one| one["program"].is_string()).collect();
    assert_eq!(found[..5], [true, true, false, true, true]);

    // Opening it let the person's key in. The terminal's command is run as it is, but for the config of this test's person.
    let terminal = rig.program("ghostty", 0)?;
    open("terminal").await?;
    let words = arguments_of(&terminal).await;
    assert_eq!(words[..3], ["-e", "ssh", "-t"]);
    assert_eq!(words[3], "atlas-api");
    let shown = rig.ssh(&[&words[3], &words[4].replace(" -l", " -lc pwd")])?;
    assert_eq!(shown, folder);

    let stopped = rig.moorline.call("workspace_stop", json!({"workspace": workspace})).await?;
    tests::headless::finished(&rig.moorline, &stopped, super::rig::SOON).await?;
    let refused = open("vs_code").await.unwrap_err().to_string();
    assert!(refused.contains("atlas-api does not run"), "{refused}");
    let _: Value = rig.moorline.call("ssh_config_exclude", json!({})).await?;
    assert!(fs::read_to_string(rig.config())?.starts_with("# mine"));
    rig.moorline.shutdown().await;
    Ok(())
}
