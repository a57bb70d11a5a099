//! What l8s made on a server appears as it is, and is adopted without being touched.

use serde_json::{Value, json};
use tests::podman::BOX_IMAGE;

use super::setup::{DEADLINE, Newcomer};

/// The third form of l8s's file, with a token that must stay where it is.
const L8S: &str = "active_host: forge
hosts:
  forge:
    remote_host: 127.0.0.1:{port}
    remote_user: {user}
    remote_socket: {socket}
    ssh_key_path: {key}
github_token: github_pat_SECRET
";
const NAME: &str = "dev-atlas-1a2b3c";
const FOREIGN: &str = "postgres";

/// As l8s makes one: its three labels, user and home in the environment, two volumes.
fn make(newcomer: &Newcomer, name: &str, labels: &[&str]) {
    let volume = format!("{name}-home:/home/dev");
    let mut words = vec!["run", "-d", "--name", name, "-v", &volume, "-e", "USER=dev"];
    for label in labels {
        words.extend(["--label", label]);
    }
    words.push(BOX_IMAGE);
    newcomer.practice.podman().podman(&words).unwrap();
}

fn remove(newcomer: &Newcomer, name: &str) {
    newcomer.practice.podman().podman(&["rm", "-f", "-t", "0", name]).unwrap();
}

async fn row(newcomer: &Newcomer, name: &str, check: impl Fn(&Value) -> bool) -> Value {
    newcomer
        .core
        .until(name, DEADLINE, async || {
            let all = newcomer.core.call("workspaces_list", json!({})).await?;
            let found = all.as_array().unwrap().iter().find(|v| v["workspace"]["name"] == name);
            Ok(found.filter(|view| check(view)).cloned())
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_l8s_container_appears_as_it_is_and_is_adopted() {
    let newcomer = Newcomer::with(&[(".config/l8s/config.yaml", L8S)]).await.unwrap();
    make(&newcomer, NAME, &["l8s.managed=true", "l8s.ssh.port=2200", "l8s.web.port=3000"]);
    make(&newcomer, FOREIGN, &[]);
    let inspect = |name: &str| {
        newcomer
            .practice
            .podman()
            .podman(&["inspect", "--format", "{{.Id}} {{.Config.Labels}}", name])
            .unwrap()
    };
    let before = inspect(NAME);
    assert!(!newcomer.look().await.to_string().contains("SECRET"));
    let taken = newcomer.take(&[("l8s:~/.config/l8s/config.yaml:forge", "forge")]).await;
    assert_eq!(taken[0]["failure"], json!(null), "{taken:#}");
    newcomer.connected("forge").await.unwrap();

    let view = row(&newcomer, NAME, |_| true).await;
    assert_eq!((&view["workspace"]["origin"], &view["adoption"]), (&json!("l8s"), &json!(null)));
    let workspace = json!({"workspace": view["workspace_ref"]});
    let offer = newcomer.core.call("workspace_adoption", workspace.clone()).await.unwrap();
    assert_eq!(offer["user"], "dev", "{offer:#}");
    let facts = offer["facts"].to_string();
    assert!(facts.contains(&format!("{NAME}-home")) && facts.contains("l8s goes on"), "{facts}");

    let adopt = json!({"workspace": view["workspace_ref"], "user": "dev"});
    newcomer.core.call("workspace_adopt", adopt).await.unwrap();
    let adopted = row(&newcomer, NAME, |view| !view["adoption"].is_null()).await;
    assert_eq!(adopted["adoption"]["user"], "dev", "{adopted:#}");
    assert_eq!(inspect(NAME), before, "the container is as it was");

    // l8s makes it anew: another id, the same name.
    remove(&newcomer, NAME);
    make(&newcomer, NAME, &["l8s.managed=true", "l8s.ssh.port=2200", "l8s.web.port=3000"]);
    let old = view["workspace_ref"]["workspace_id"].clone();
    let anew = row(&newcomer, NAME, |view| {
        view["workspace_ref"]["workspace_id"] != old && !view["adoption"].is_null()
    })
    .await;
    let workspace = json!({"workspace": anew["workspace_ref"]});
    newcomer.core.call("workspace_release", workspace).await.unwrap();
    row(&newcomer, NAME, |view| view["adoption"].is_null()).await;

    let all = newcomer.core.call("workspaces_list", json!({})).await.unwrap();
    assert_eq!(all.as_array().unwrap().len(), 1, "what is not theirs stays hidden: {all:#}");
    remove(&newcomer, NAME);
    remove(&newcomer, FOREIGN);
    newcomer.core.shutdown().await;
}
