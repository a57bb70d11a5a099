//! The fake server's engine that drives the real `containerlab` and Docker of a lab server.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream as BoxItems};
use model::{NodeVerb, TerminalSize};
use serde_json::{Value, json};
use testkit::clab::{Container, LabEngine, Order, Ran, Said, Shell};
use tests::labs::{LabLease, WORK_ROOT};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

pub(super) struct RealEngine {
    server: Arc<LabLease>,
    /// Folder, topology and owner by lab.
    labs: Mutex<BTreeMap<String, Order>>,
}

impl RealEngine {
    pub(super) fn new(server: Arc<LabLease>) -> Self {
        Self { server, labs: Mutex::default() }
    }

    fn labs(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Order>> {
        self.labs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn program(&self, program: &str, folder: &str) -> Command {
        let mut command = Command::from(self.server.command(program, folder));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        command
    }

    fn order(&self, lab: &str) -> Result<Order, String> {
        self.labs().get(lab).cloned().ok_or_else(|| format!("lab '{lab}' not found"))
    }

    /// Runs `containerlab` on a lab's topology and tells its lines.
    async fn clab(&self, order: &Order, words: &[&str], said: &Said) -> Result<String, String> {
        let folder = format!("{WORK_ROOT}/{}", order.lab);
        let mut command = self.program("containerlab", &folder);
        command.args(words).args(["-t", &order.topology]);
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (printed, complained) = tokio::join!(told(stdout, said), told(stderr, said));
        let status = child.wait().await.map_err(|error| error.to_string())?;
        if status.success() { Ok(printed) } else { Err(complained) }
    }

    async fn docker(&self, words: &[&str]) -> Result<String, String> {
        let output = self.program("docker", WORK_ROOT).args(words).output().await;
        let output = output.map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

async fn told(from: impl AsyncRead + Unpin, said: &Said) -> String {
    let mut lines = BufReader::new(from).lines();
    let mut all = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        all.push_str(&line);
        all.push('\n');
        let _ = said.send(line).await;
    }
    all
}

fn verb_words(verb: NodeVerb) -> &'static str {
    match verb {
        NodeVerb::Start => "start",
        NodeVerb::Stop => "stop",
        NodeVerb::Restart => "restart",
        NodeVerb::Pause => "pause",
        NodeVerb::Unpause => "unpause",
    }
}

#[async_trait]
impl LabEngine for RealEngine {
    async fn deploy(&self, order: &Order, said: &Said) -> Result<(), String> {
        let folder = self.server.folder(&order.lab);
        for (path, content) in &order.files {
            let file = folder.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).map_err(|error| error.to_string())?;
            std::fs::write(file, content).map_err(|error| error.to_string())?;
        }
        self.labs().insert(order.lab.clone(), order.clone());
        let nodes = order.nodes.join(",");
        let mut words = vec!["deploy"];
        if order.reconfigure {
            words.push("--reconfigure");
        }
        if !nodes.is_empty() {
            words.extend(["--node-filter", &nodes]);
        }
        self.clab(order, &words, said).await.map(drop)
    }

    async fn plan(&self, _order: &Order) -> Result<Value, String> {
        Ok(json!({}))
    }

    async fn destroy(&self, lab: &str, said: &Said) -> Result<(), String> {
        let order = self.order(lab)?;
        self.clab(&order, &["destroy", "--cleanup"], said).await?;
        self.labs().remove(lab);
        let _ = std::fs::remove_dir_all(self.server.folder(lab));
        Ok(())
    }

    async fn change(
        &self,
        lab: &str,
        node: Option<&str>,
        verb: NodeVerb,
        said: &Said,
    ) -> Result<(), String> {
        let order = self.order(lab)?;
        if let (Some(node), NodeVerb::Pause | NodeVerb::Unpause) = (node, verb) {
            let container = format!("clab-{lab}-{node}");
            return self.docker(&[verb_words(verb), &container]).await.map(drop);
        }
        let mut words = vec![verb_words(verb)];
        words.extend(node.into_iter().flat_map(|node| ["--node", node]));
        self.clab(&order, &words, said).await.map(drop)
    }

    async fn containers(&self) -> Result<Vec<Container>, String> {
        let mut command = self.program("containerlab", WORK_ROOT);
        let output = command.args(["inspect", "--all", "-f", "json"]).output().await;
        let output = output.map_err(|error| error.to_string())?;
        let labs: BTreeMap<String, Vec<Container>> =
            serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
        let known = self.labs();
        let mut all: Vec<Container> = labs.into_values().flatten().collect();
        for one in &mut all {
            let owner = known.get(&one.lab_name).map(|order| order.owner.clone());
            one.owner = owner.unwrap_or_default();
            let prefix = format!("clab-{}-", one.lab_name);
            one.node_name = one.name.strip_prefix(&prefix).unwrap_or(&one.name).to_owned();
        }
        Ok(all)
    }

    async fn save(&self, lab: &str, said: &Said) -> Result<BTreeMap<String, Bytes>, String> {
        let order = self.order(lab)?;
        self.clab(&order, &["save"], said).await?;
        Ok(BTreeMap::new())
    }

    async fn exec(&self, container: &str, argv: &[String]) -> Result<Ran, String> {
        let mut command = self.program("docker", WORK_ROOT);
        let output = command.args(["exec", container]).args(argv).output().await;
        let output = output.map_err(|error| error.to_string())?;
        Ok(Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    async fn interfaces(&self, lab: &str) -> Result<Value, String> {
        let order = self.order(lab)?;
        let (said, mut lines) = tokio::sync::mpsc::channel(64);
        let drained = async move { while lines.recv().await.is_some() {} };
        let asked =
            async move { self.clab(&order, &["inspect", "interfaces", "-f", "json"], &said).await };
        let (printed, ()) = tokio::join!(asked, drained);
        serde_json::from_str(&printed?).map_err(|error| error.to_string())
    }

    async fn logs(
        &self,
        container: &str,
        tail: Option<usize>,
        is_followed: bool,
    ) -> Result<BoxItems<'static, String>, String> {
        let mut command = self.program("sh", WORK_ROOT);
        // Docker writes what a program complains about to its own standard error.
        command.args(["-c", "exec docker logs --timestamps \"$@\" 2>&1", "sh"]);
        command.args(tail.map(|tail| format!("--tail={tail}")));
        command.args(is_followed.then_some("--follow")).arg(container);
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let read = |(mut lines, child): (tokio::io::Lines<_>, Child)| async move {
            let line = lines.next_line().await.ok().flatten()?;
            Some((line, (lines, child)))
        };
        Ok(stream::unfold((lines, child), read).boxed())
    }

    async fn shell(&self, container: &str, size: TerminalSize) -> Result<Shell, String> {
        let mut command = self.program("script", WORK_ROOT);
        let (columns, rows) = (size.columns, size.rows);
        let inside = format!(
            "stty cols {columns} rows {rows}; TERM=xterm exec docker exec -it {container} sh"
        );
        command.args(["-qec", &inside, "/dev/null"]).stdin(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let stream = tokio::io::join(child.stdout.take().unwrap(), child.stdin.take().unwrap());
        let (ended, exit) = oneshot::channel();
        tokio::spawn(async move {
            let status = child.wait().await;
            let _ = ended.send(status.ok().and_then(|status| status.code()).unwrap_or(-1));
        });
        Ok(Shell { stream: Box::new(stream), exit })
    }

    async fn images(&self) -> Result<Vec<String>, String> {
        let listed = self.docker(&["images", "--format", "{{.Repository}}:{{.Tag}}"]).await?;
        Ok(listed.lines().map(str::to_owned).collect())
    }
}
