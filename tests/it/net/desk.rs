//! A person's desk: a core whose SSH config knows the hosts of some worlds, and tunnels into them.

use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    headless::Headless,
    net::{CHECKER_PORT, World},
    sshd::Sshd,
};

/// The least that the settings allow.
pub(crate) const KEEPALIVE: Duration = Duration::from_secs(5);
/// After so long, what is said of a tunnel is true.
pub(crate) const TRUTH: Duration = KEEPALIVE.saturating_mul(3);
/// What a busy machine adds to any of it.
pub(crate) const SLACK: Duration = Duration::from_secs(3);

pub(crate) struct Desk {
    pub(crate) core: Headless,
    folder: TempDir,
}

impl Desk {
    /// Host `jump-N` is world N's jump host, `far-N` the one behind it.
    pub(crate) async fn start(worlds: &[&World]) -> Result<Self> {
        let folder = TempDir::new()?;
        let ssh = folder.path().join(".ssh");
        fs::create_dir_all(&ssh)?;
        let (mut config, mut known) = (String::new(), String::new());
        for (number, world) in worlds.iter().enumerate() {
            config.push_str(&stanza(&format!("jump-{number}"), &world.jump));
            config.push_str(&stanza(&format!("far-{number}"), &world.far));
            config.push_str(&format!("  ProxyJump jump-{number}\n"));
            known.push_str(&world.jump.known_hosts);
            known.push_str(&world.far.known_hosts);
        }
        fs::write(ssh.join("config"), config)?;
        fs::write(ssh.join("known_hosts"), known)?;
        let core = Headless::start(&folder.path().join("data"), folder.path()).await?;
        let mut settings = core.call("settings_get", json!({})).await?;
        settings["keepalive_seconds"] = json!(KEEPALIVE.as_secs());
        core.call("settings_set", settings).await?;
        Ok(Self { core, folder })
    }

    /// A tunnel through this host to the checksum server of its world; clients are held for two minutes.
    pub(crate) async fn tunnel(&self, alias: &str, world: &World) -> Result<Tunnel> {
        let host = if alias.starts_with("jump") {
            world.far_address().to_string()
        } else {
            "127.0.0.1".to_owned()
        };
        let input = json!({
            "name": alias,
            "route": {
                "kind": "local",
                "listen": {"at": "tcp", "host": "127.0.0.1", "port": 0},
                "target": {"at": "tcp", "host": host, "port": CHECKER_PORT},
            },
            "through": {"by": "alias", "alias": alias},
            "options": {
                "starts_with_app": true, "is_on_demand": false,
                "when_down": {"policy": "hold", "seconds": 120}, "check": {"kind": "connect"},
                "is_http_watched": false, "is_favourite": false, "may_be_exposed": false,
            },
        });
        let made = self.core.call("tunnel_create", input).await?;
        let id = made["tunnel"]["id"].as_str().context("a tunnel has an id")?.to_owned();
        let (view, _) = self.until(&id, Duration::from_secs(30), |state| state == "open").await?;
        let port = view["listening"]["port"].as_u64().context("an open tunnel listens")?;
        let address = SocketAddr::from(([127, 0, 0, 1], u16::try_from(port)?));
        Ok(Tunnel { id, address })
    }

    pub(crate) async fn view(&self, id: &str) -> Result<Value> {
        let all = self.core.call("tunnels_list", json!({})).await?;
        let found = all.as_array().into_iter().flatten().find(|one| one["tunnel"]["id"] == id);
        found.cloned().context("the tunnel is gone")
    }

    /// Looks until the tunnel's state is one that is wanted; what it is then, and how long that took.
    pub(crate) async fn until(
        &self,
        id: &str,
        limit: Duration,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(Value, Duration)> {
        let began = Instant::now();
        let found = self
            .core
            .until("a state", limit, async || {
                let view = self.view(id).await?;
                let state = view["state"]["state"].as_str().unwrap_or_default().to_owned();
                Ok(is_wanted(&state).then_some(view))
            })
            .await;
        if found.is_err() {
            ensure!(false, "after {limit:?} it is still {}", self.view(id).await?["state"]);
        }
        Ok((found?, began.elapsed()))
    }

    /// Waits until this much more came through the tunnel.
    pub(crate) async fn flowing(&self, id: &str, bytes: u64) -> Result<()> {
        let down = async || {
            let view = self.view(id).await?;
            view["traffic"]["bytes_down"].as_u64().context("bytes are a number")
        };
        let before = down().await?;
        let look = async || Ok((down().await? >= before + bytes).then_some(()));
        self.core.until("bytes", Duration::from_secs(20), look).await
    }

    /// Answers the next question about a host key by refusing it; what was asked.
    pub(crate) async fn refuse_key(&self) -> Result<Value> {
        let asked = self
            .core
            .until("a question", TRUTH + SLACK, async || {
                Ok(self.core.call("questions_list", json!({})).await?.get(0).cloned())
            })
            .await?;
        let answer = json!({"question_id": asked["id"], "answer": {"answer": "refuse"}});
        self.core.call("question_answer", answer).await?;
        Ok(asked)
    }

    pub(crate) async fn retry(&self, id: &str) -> Result<()> {
        self.core.call("tunnel_retry", json!({"tunnel_id": id})).await.map(drop)
    }

    pub(crate) async fn leave(self) {
        self.core.shutdown().await;
        drop(self.folder);
    }
}

/// A tunnel that was made.
pub(crate) struct Tunnel {
    pub(crate) id: String,
    /// Where it listens on this computer.
    pub(crate) address: SocketAddr,
}

fn stanza(alias: &str, sshd: &Sshd) -> String {
    let Sshd { address, port, client_key, .. } = sshd;
    format!(
        "Host {alias}\n  HostName {address}\n  Port {port}\n  User root\n  IdentityFile {}\n  IdentitiesOnly yes\n  IdentityAgent none\n",
        client_key.display()
    )
}

/// How often somebody reached an SSH server; the one who waits for it to start is among them.
pub(crate) fn knocks(sshd: &Sshd) -> usize {
    sshd.log().matches("Connection from ").count()
}
