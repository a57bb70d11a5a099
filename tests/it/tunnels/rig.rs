//! A core whose person has one SSH host in their config, a real sshd behind it, and targets to reach.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use app::Pace;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    headless::Headless,
    sshd::{Sshd, SshdOptions},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub(super) const DEADLINE: Duration = Duration::from_secs(60);
/// The least that the settings allow.
pub(super) const KEEPALIVE: Duration = Duration::from_secs(5);

/// What every test here begins with.
pub(super) struct Rig {
    pub(super) sshd: Sshd,
    pub(super) core: Headless,
    pub(super) folder: TempDir,
    pace: Pace,
}

impl Rig {
    pub(super) async fn start() -> Self {
        Self::start_at(Pace::default()).await
    }

    /// With a core in such a hurry.
    pub(super) async fn start_at(pace: Pace) -> Self {
        let sshd = Sshd::start(&SshdOptions::default()).unwrap();
        let folder = TempDir::new().unwrap();
        let ssh = folder.path().join(".ssh");
        fs::create_dir_all(&ssh).unwrap();
        let (port, key) = (sshd.port, sshd.client_key.display());
        let config = format!(
            "Host far\n  HostName 127.0.0.1\n  Port {port}\n  User root\n  IdentityFile {key}\n  IdentitiesOnly yes\n  IdentityAgent none\n"
        );
        fs::write(ssh.join("config"), config).unwrap();
        fs::write(ssh.join("known_hosts"), &sshd.known_hosts).unwrap();
        let core = core(&folder, pace).await;
        let rig = Self { sshd, core, folder, pace };
        rig.keepalive(KEEPALIVE).await;
        rig
    }

    /// Sets how often signs of life are asked for, in links that are made from now on.
    pub(super) async fn keepalive(&self, every: Duration) {
        let mut settings = self.core.call("settings_get", json!({})).await.unwrap();
        settings["keepalive_seconds"] = json!(every.as_secs());
        self.core.call("settings_set", settings).await.unwrap();
    }

    /// Ends the core and starts another one on the same data.
    pub(super) async fn restart(self) -> Self {
        let Self { sshd, core, folder, pace } = self;
        core.shutdown().await;
        let core = self::core(&folder, pace).await;
        Self { sshd, core, folder, pace }
    }

    /// Lets the person's SSH config know one more server; `lines` are what stands below its `Host` besides.
    pub(super) fn add_host(&self, alias: &str, address: &str, sshd: &Sshd, lines: &str) {
        let (config, known) = (self.path(".ssh/config"), self.path(".ssh/known_hosts"));
        let port = sshd.port;
        let host = format!(
            "Host {alias}\n  HostName {address}\n  Port {port}\n  User root\n  IdentitiesOnly yes\n  IdentityAgent none\n{lines}"
        );
        fs::write(&config, fs::read_to_string(&config).unwrap() + &host).unwrap();
        let keys = sshd.known_hosts.replace("127.0.0.1", address);
        fs::write(&known, fs::read_to_string(&known).unwrap() + &keys).unwrap();
    }

    /// Answers the first question that is asked, and no other; gives it.
    pub(super) async fn answer_one(&self, answer: Value) -> Value {
        let first = async || {
            let all = self.core.call("questions_list", json!({})).await?;
            Ok(all.get(0).cloned())
        };
        let asked = self.core.until("a question", DEADLINE, first).await.unwrap();
        let args = json!({"question_id": asked["id"], "answer": answer});
        self.core.call("question_answer", args).await.unwrap();
        asked
    }

    /// The SSH hosts that are stored.
    pub(super) async fn hosts(&self) -> Result<Vec<Value>> {
        let hosts = self.core.call("ssh_hosts_list", json!({})).await?;
        Ok(hosts.as_array().cloned().unwrap_or_default())
    }

    /// A path in the rig's own folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a tunnel through the host; gives its id.
    pub(super) async fn create(&self, route: Value, change: impl FnOnce(&mut Value)) -> String {
        let mut input = json!({
            "name": "", "route": route, "through": {"by": "alias", "alias": "far"},
            "options": {
                "starts_with_app": true, "is_on_demand": false,
                "when_down": {"policy": "hold", "seconds": 60}, "check": {"kind": "connect"},
                "is_http_watched": false, "is_favourite": false, "may_be_exposed": false,
            },
        });
        change(&mut input);
        let view = self.core.call("tunnel_create", input).await.unwrap();
        view["tunnel"]["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn view(&self, id: &str) -> Result<Value> {
        let all = self.core.call("tunnels_list", json!({})).await?;
        let found = all.as_array().into_iter().flatten().find(|one| one["tunnel"]["id"] == id);
        found.cloned().context("the tunnel is gone")
    }

    /// The view, once the tunnel is in this state.
    pub(super) async fn until(&self, id: &str, wanted: &str) -> Value {
        let found = self
            .core
            .until(wanted, DEADLINE, async || {
                let view = self.view(id).await?;
                Ok((view["state"]["state"] == wanted).then_some(view))
            })
            .await;
        match found {
            Ok(view) => view,
            Err(error) => panic!("{error}: {}", self.view(id).await.unwrap()["state"]),
        }
    }

    /// The view, once it waits after at least so many failures in a row.
    pub(super) async fn until_attempt(&self, id: &str, attempt: u64) -> Value {
        let waits = async || {
            let view = self.view(id).await?;
            let attempts = view["state"]["attempt"].as_u64();
            Ok((attempts >= Some(attempt)).then_some(view))
        };
        self.core.until("another attempt", DEADLINE, waits).await.unwrap()
    }

    pub(super) async fn call(&self, name: &str, id: &str) {
        self.core.call(name, json!({"tunnel_id": id})).await.unwrap();
    }

    /// Waits until a client is held at the tunnel's listener.
    pub(super) async fn until_waiting(&self, id: &str) {
        let held = async || {
            let open = self.view(id).await?["traffic"]["open_connections"].as_u64();
            Ok((open > Some(0)).then_some(()))
        };
        self.core.until("a client that waits", DEADLINE, held).await.unwrap();
    }

    /// How often somebody logged in at the server.
    pub(super) fn logins(&self) -> usize {
        self.sshd.log().matches("Accepted publickey").count()
    }

    /// How often somebody knocked at the server.
    pub(super) fn knocks(&self) -> usize {
        self.sshd.log().matches("Connection from ").count()
    }
}

async fn core(folder: &TempDir, pace: Pace) -> Headless {
    Headless::start_at_pace(&folder.path().join("data"), folder.path(), pace).await.unwrap()
}

pub(super) fn tcp(port: u16) -> Value {
    json!({"at": "tcp", "host": "127.0.0.1", "port": port})
}

pub(super) fn unix(path: &std::path::Path) -> Value {
    json!({"at": "unix", "path": path})
}

pub(super) fn local(listen: Value, target: Value) -> Value {
    json!({"kind": "local", "listen": listen, "target": target})
}

/// The port a tunnel listens at on this computer.
pub(super) fn port(view: &Value) -> u16 {
    u16::try_from(view["listening"]["port"].as_u64().unwrap()).unwrap()
}

/// Sends a few bytes through and checks that exactly they come back.
pub(super) async fn talk(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) -> Result<()> {
    let sent: Vec<u8> = (0..100_000_u32).map(|number| (number % 251) as u8).collect();
    let talking = async {
        stream.write_all(&sent[..1]).await?;
        let mut first = [0];
        stream.read_exact(&mut first).await?;
        let (mut read, mut write) = tokio::io::split(stream);
        let writing = async {
            write.write_all(&sent[1..]).await?;
            write.shutdown().await
        };
        let mut got = first.to_vec();
        let (written, read) = tokio::join!(writing, read.read_to_end(&mut got));
        written?;
        read?;
        if got != sent {
            bail!("{} bytes came back, and not those that were sent", got.len());
        }
        Ok(())
    };
    tokio::time::timeout(DEADLINE, talking).await?
}

/// The same through a port of this computer.
pub(super) async fn talk_at(port: u16) -> Result<()> {
    talk(TcpStream::connect(("127.0.0.1", port)).await?).await
}

/// A web server that greets, with the same status whatever it is asked. Dropping it ends it.
pub(super) struct Web {
    pub(super) port: u16,
    task: JoinHandle<()>,
}

impl Web {
    pub(super) async fn start(status: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let answer = format!(
                        "HTTP/1.1 {status} Fine\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { port, task }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.task.abort();
    }
}
