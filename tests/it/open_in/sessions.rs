//! Shared sessions in a real container: nothing to keep them, then dtach, then tmux.

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::rig::{Rig, SOON};

const SIZE: (u16, u16) = (80, 24);

struct Shared<'a> {
    rig: &'a Rig,
    workspace: &'a Value,
}

impl Shared<'_> {
    async fn list(&self) -> Result<Value> {
        let args = json!({"workspace": self.workspace});
        self.rig.moorline.call("shared_sessions_list", args).await
    }

    async fn open(&self, name: &str, program: Value) -> Result<Value> {
        let size = json!({"columns": SIZE.0, "rows": SIZE.1});
        let args =
            json!({"workspace": self.workspace, "name": name, "program": program, "size": size});
        self.rig.moorline.call("shared_session_open", args).await
    }

    /// Shows a terminal; gives the number of its stream.
    async fn show(&self, terminal: &Value) -> Result<u32> {
        let stream = self.rig.moorline.new_stream();
        let args = json!({"terminal_id": terminal["id"], "stream": stream});
        self.rig.moorline.call("terminal_attach", args).await?;
        Ok(stream)
    }

    async fn attached(&self, wanted: usize) -> Result<()> {
        let looked = self.rig.moorline.until("the attachments", SOON, async || {
            let list = self.list().await?;
            let attached = list["sessions"][0]["attached"].as_array().map(Vec::len);
            Ok((attached == Some(wanted)).then_some(()))
        });
        looked.await.with_context(|| format!("{wanted} attachments"))
    }

    /// Two people in one session, who see the same, until one of them ends it.
    async fn is_shared(&self, program: &str) -> Result<()> {
        let moorline = &self.rig.moorline;
        assert_eq!(self.list().await?["program"], program);
        let first = self.open("pair", Value::Null).await?;
        assert_eq!(first["title"], "atlas-api: pair");
        self.attached(1).await?;
        let refused = self.open("pair", Value::Null).await.unwrap_err().to_string();
        assert!(refused.contains("already"), "{refused}");
        let second = self.open("pair", json!(program)).await?;
        self.attached(2).await?;
        let list = self.list().await?;
        assert_eq!(list["sessions"][0]["attached"][0]["is_own"], true, "{list}");
        assert_eq!(list["sessions"][0]["attached"][0]["who"], "home", "{list}");

        let stream = self.show(&second).await?;
        let typed = STANDARD.encode("echo to''gether\r");
        let args = json!({"terminal_id": first["id"], "data": typed});
        moorline.call("terminal_write", args).await?;
        moorline.read_until(stream, "together", SOON).await?;

        // Closing a terminal detaches: the session goes on.
        moorline.call("terminal_close", json!({"terminal_id": first["id"]})).await?;
        self.attached(1).await?;
        let args = json!({"workspace": self.workspace, "name": "pair", "program": program});
        moorline.call("shared_session_end", args.clone()).await?;
        let gone = async || {
            let list = self.list().await?;
            Ok(list["sessions"].as_array().is_some_and(Vec::is_empty).then_some(()))
        };
        moorline.until("the end of the session", SOON, gone).await?;
        let ended = moorline.call("shared_session_end", args).await.unwrap_err().to_string();
        assert!(ended.contains("has ended"), "{ended}");
        moorline.call("terminal_close", json!({"terminal_id": second["id"]})).await?;
        Ok(())
    }
}

/// Puts a program of this machine into the container, with the libraries it needs.
fn bring(rig: &Rig, program: &str) -> Result<()> {
    let podman = rig.practice.podman();
    let path = format!("/usr/bin/{program}");
    let libraries = std::process::Command::new("ldd").arg(&path).output()?;
    let libraries = String::from_utf8(libraries.stdout)?;
    let needed = libraries.split_whitespace().filter(|word| word.starts_with('/'));
    for file in needed.chain([path.as_str()]) {
        if podman.podman(&["exec", "atlas-api", "test", "-e", file]).is_err() {
            let real = std::fs::canonicalize(file)?.display().to_string();
            podman.podman(&["cp", &real, &format!("atlas-api:{file}")])?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_share_sessions_kept_by_dtach_or_tmux() -> Result<()> {
    let rig = Rig::start().await?;
    let workspace = rig.workspace("atlas-api").await?;
    let shared = Shared { rig: &rig, workspace: &workspace };
    let none = shared.list().await?;
    assert_eq!(none["program"], Value::Null);
    assert_eq!(none["install_command"], "sudo apt-get install -y tmux");
    let refused = shared.open("pair", Value::Null).await.unwrap_err().to_string();
    assert!(refused.contains("neither tmux nor dtach"), "{refused}");
    assert!(refused.contains("apt-get install -y tmux"), "{refused}");
    bring(&rig, "dtach")?;
    shared.is_shared("dtach").await?;
    bring(&rig, "tmux")?;
    shared.is_shared("tmux").await?;
    let bad = shared.open("a; touch /tmp/x", Value::Null).await.unwrap_err().to_string();
    assert!(bad.contains("is no name"), "{bad}");
    pastes(&rig, &workspace).await?;
    rig.moorline.shutdown().await;
    Ok(())
}

/// What is pasted becomes a file of the workspace's user.
async fn pastes(rig: &Rig, workspace: &Value) -> Result<()> {
    let paste = async |kind: &str, data: &[u8]| {
        let args = json!({"workspace": workspace, "kind": kind, "data": STANDARD.encode(data)});
        rig.moorline.call("workspace_paste", args).await
    };
    let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
    image.extend((0..5_000_000_u32).map(|n| (n % 251) as u8));
    let pasted = paste("image", &image).await?;
    let path = pasted["path"].as_str().context("a path")?;
    assert!(path.starts_with("/home/dev/") && path.ends_with(".png"), "{path}");
    let podman = rig.practice.podman();
    let facts = podman.podman(&["exec", "atlas-api", "stat", "-c", "%U:%G %a %s", path])?;
    assert_eq!(facts.trim(), format!("dev:dev 600 {}", image.len()));
    let copied = rig.folder.path().join("pasted.png");
    let from = format!("atlas-api:{path}");
    podman.podman(&["cp", &from, &copied.display().to_string()])?;
    assert!(std::fs::read(&copied)? == image, "the image is not what was pasted");

    let text = paste("text", "Grüße, $HOME `id`\n".as_bytes()).await?;
    let path = text["path"].as_str().context("a path")?;
    let read = podman.podman(&["exec", "atlas-api", "cat", path])?;
    assert_eq!(read.trim(), "Grüße, $HOME `id`");
    let refused = paste("image", b"no image").await.unwrap_err().to_string();
    assert!(refused.contains("no image that Moorline knows"), "{refused}");
    let refused = paste("text", &vec![b'a'; 3 * 1024 * 1024]).await.unwrap_err().to_string();
    assert!(refused.contains("2 MiB can be pasted"), "{refused}");
    Ok(())
}
