//! Nodes of the engine in memory: their state, their few programs, their shell.

use bytes::Bytes;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::engine::{Container, Ran};

/// A container that is none, and what it printed.
pub(super) struct Node {
    pub(super) container: Container,
    pub(super) log: Vec<String>,
}

impl Node {
    pub(super) fn set(&mut self, state: &str) {
        self.container.state = state.into();
        let status = match state {
            "running" => "Up 2 seconds",
            "paused" => "Up 2 seconds (Paused)",
            _ => "Exited (137) 1 second ago",
        };
        self.container.status = status.into();
    }
}

/// What `save` writes for a node.
pub(super) fn saved(node: &Node) -> (String, Bytes) {
    let Container { lab_name, node_name, .. } = &node.container;
    let text = json!({ "system": { "name": node_name, "password": "hunter2" } });
    (format!("clab-{lab_name}/{node_name}/config/config.json"), Bytes::from(text.to_string()))
}

/// The programs that every node has: hostname, echo, false, and vtysh with one command.
pub(super) fn run(node: &Container, argv: &[String]) -> Ran {
    let words: Vec<&str> = argv.iter().map(String::as_str).collect();
    let good = |stdout: String| Ran { code: 0, stdout, stderr: String::new() };
    match words.as_slice() {
        ["hostname"] => good(format!("{}\n", node.node_name)),
        ["echo", words @ ..] => good(format!("{}\n", words.join(" "))),
        ["false"] => Ran { code: 1, ..Ran::default() },
        ["vtysh", "-c", "show running-config"] if node.kind == "linux" => good(format!(
            "Building configuration...\n\nCurrent configuration:\n!\nhostname {}\npassword hunter2\n!\nend\n",
            node.node_name
        )),
        [program, ..] => Ran {
            code: 126,
            stdout: format!(
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"{program}\": executable file not found in $PATH: unknown\r\n"
            ),
            stderr: String::new(),
        },
        [] => Ran { code: 1, ..Ran::default() },
    }
}

/// A prompt, an echo, `exit N`.
pub(super) async fn talk(
    stream: tokio::io::DuplexStream,
    node: &Container,
) -> std::io::Result<i32> {
    let (reader, mut writer) = tokio::io::split(stream);
    let mut lines = BufReader::new(reader).split(b'\r');
    let prompt = format!("{}# ", node.node_name);
    writer.write_all(prompt.as_bytes()).await?;
    while let Some(line) = lines.next_segment().await? {
        let line = String::from_utf8_lossy(&line).trim().to_owned();
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        if let Some("exit") = words.first().map(String::as_str) {
            writer.write_all(format!("{line}\r\n").as_bytes()).await?;
            return Ok(words.get(1).and_then(|code| code.parse().ok()).unwrap_or(0));
        }
        let shown = run(node, &words).stdout.replace('\n', "\r\n");
        writer.write_all(format!("{line}\r\n{shown}{prompt}").as_bytes()).await?;
    }
    Ok(0)
}
