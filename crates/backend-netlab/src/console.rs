//! Consoles, programs and logs of nodes: from the SSH host into a node's container, or by `ssh` to its address.

use std::sync::Arc;

use async_trait::async_trait;
use backend_api::{
    BackendError, BoxStream, Cx, Exec, ExecOutput, ExecRequest, LabNodes, LogOptions, Logs,
    Terminal, TerminalOptions,
};
use futures::StreamExt;
use futures::stream::BoxStream as BoxItems;
use model::{LabExecuted, LabId, LogLine, LogStream, NodeVerb, TimestampMs, WorkspaceId};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

use crate::session::NetlabSession;
use crate::status::Node;

/// Between the folder of a lab and the name of a node; no path of ours has it.
const BETWEEN: char = '#';
/// The first shell that is there.
const SHELL: &str = "exec bash -l 2>/dev/null || exec sh -l";
/// What Docker says on its two streams as one.
const LOGS: &str = r#"exec docker logs "$@" 2>&1"#;
/// Longest line of a log.
const MAX_LINE: usize = 64 * 1024;

/// The id under which the console of a node is asked for.
pub(crate) fn console_id(folder: &str, node: &str) -> WorkspaceId {
    WorkspaceId::from_raw(format!("{folder}{BETWEEN}{node}"))
}

fn parts(id: &WorkspaceId) -> Option<(&str, &str)> {
    id.as_str().rsplit_once(BETWEEN)
}

/// How a node is reached from the SSH host.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Container(String),
    Address(String),
}

impl NetlabSession {
    /// A node by the id of its console. Asks the server when the node is not known.
    async fn node(&self, id: &WorkspaceId, cx: &Cx) -> Result<Node, BackendError> {
        let unknown = || {
            BackendError::not_found(format!("there is no node {id}"))
                .with_hint("It may have been removed meanwhile.")
        };
        let (folder, name) = parts(id).ok_or_else(unknown)?;
        if let Some(node) = self.known_node(folder, name) {
            return Ok(node);
        }
        self.look(cx).await?;
        self.known_node(folder, name).ok_or_else(unknown)
    }

    fn known_node(&self, folder: &str, name: &str) -> Option<Node> {
        let known = self.known();
        known.nodes.get(folder)?.nodes.iter().find(|node| node.name == name).cloned()
    }
}

fn way(node: &Node) -> Result<Way, BackendError> {
    let is_word = |text: &&String| !text.is_empty() && !text.starts_with('-');
    if node.connection.as_deref() == Some("docker")
        && let Some(container) = node.container.as_ref().filter(is_word)
    {
        return Ok(Way::Container(container.clone()));
    }
    match node.address.as_ref().filter(is_word) {
        Some(address) => Ok(Way::Address(address.clone())),
        None => Err(BackendError::unsupported(format!(
            "{} has neither a container nor a management address",
            node.name
        ))
        .with_hint("netlab does not say how to reach it.")),
    }
}

/// What a person gets who asks for no program of their own.
fn usual_program(device: &str) -> Vec<String> {
    let words: &[&str] = match device {
        "frr" | "vyos" => &["vtysh"],
        "srlinux" => &["sr_cli"],
        "eos" => &["Cli"],
        "cumulus" | "cumulus_nvue" => &["bash", "-l"],
        _ => &["sh", "-c", SHELL],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A command on the SSH host that runs a program of a node, on a terminal or without.
fn command(
    node: &Node,
    program: &[String],
    on_terminal: bool,
) -> Result<Vec<String>, BackendError> {
    let mut words: Vec<String> = Vec::new();
    match way(node)? {
        Way::Container(container) => {
            words.extend(["docker".to_owned(), "exec".into()]);
            if on_terminal {
                words.extend(["-it", "-e", "TERM=xterm-256color"].map(str::to_owned));
            }
            words.push(container);
            words.extend(program.iter().cloned());
        }
        Way::Address(address) => {
            words.push("ssh".into());
            if on_terminal {
                words.push("-tt".into());
            } else {
                words.extend(["-o", "BatchMode=yes"].map(str::to_owned));
            }
            words.push(address);
            // `ssh` gives its words to a shell there as one line.
            words.extend((!program.is_empty()).then(|| quoted(program)));
        }
    }
    Ok(words)
}

fn quoted(program: &[String]) -> String {
    let word = |word: &String| format!("'{}'", word.replace('\'', r"'\''"));
    program.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[async_trait]
impl Exec for NetlabSession {
    async fn run(
        &self,
        id: &WorkspaceId,
        request: ExecRequest,
        cx: &Cx,
    ) -> Result<ExecOutput, BackendError> {
        if request.stdin.is_some() {
            return Err(BackendError::unsupported("programs on nodes are given no input"));
        }
        let node = self.node(id, cx).await?;
        let words = command(&node, &request.argv, false)?;
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        cx.until_cancelled(cx.exec.run(&argv)).await
    }

    async fn terminal(
        &self,
        id: &WorkspaceId,
        options: TerminalOptions,
        cx: &Cx,
    ) -> Result<Terminal, BackendError> {
        let node = self.node(id, cx).await?;
        let program = match (options.argv, way(&node)?) {
            (Some(argv), _) => argv,
            (None, Way::Container(_)) => usual_program(&node.device),
            // The device has its own idea of what a login gets.
            (None, Way::Address(_)) => Vec::new(),
        };
        let words = command(&node, &program, true)?;
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        let terminal = cx.until_cancelled(cx.exec.terminal(&argv, options.size)).await?;
        let program = match program.first().map(String::as_str) {
            None | Some("sh") => node.name.clone(),
            Some(program) => program.to_owned(),
        };
        Ok(Terminal { program, ..terminal })
    }
}

#[async_trait]
impl Logs for NetlabSession {
    async fn logs(
        &self,
        id: &WorkspaceId,
        options: LogOptions,
        cx: &Cx,
    ) -> Result<BoxItems<'static, Result<LogLine, BackendError>>, BackendError> {
        let node = self.node(id, cx).await?;
        let Way::Container(container) = way(&node)? else {
            return Err(BackendError::unsupported(format!("{} has no log", node.name))
                .with_hint("Only nodes in containers have one."));
        };
        let mut words: Vec<String> =
            ["sh", "-c", LOGS, "sh", "--timestamps"].map(str::to_owned).into();
        if options.is_followed {
            words.push("--follow".into());
        }
        if let Some(tail) = options.tail {
            words.push(format!("--tail={tail}"));
        }
        if let Some(since) = options.since {
            words.push(format!("--since={}", since.div_euclid(1000)));
        }
        words.push(container);
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        let stream = cx.until_cancelled(cx.exec.spawn_bulk(&argv)).await?;
        Ok(lines(stream, node.name, &self.closing))
    }
}

fn lines(
    stream: BoxStream,
    node: String,
    closing: &tokio_util::sync::CancellationToken,
) -> BoxItems<'static, Result<LogLine, BackendError>> {
    let lines = FramedRead::new(stream, LinesCodec::new_with_max_length(MAX_LINE));
    let line = move |line: Result<String, LinesCodecError>| match line {
        Ok(text) => Some(Ok(log_line(&text))),
        // A longer line is left out; what follows is not.
        Err(LinesCodecError::MaxLineLengthExceeded) => None,
        Err(LinesCodecError::Io(error)) => {
            Some(Err(BackendError::unreachable(format!("the log of {node} broke off"))
                .with_hint("Check that the node is there and that this login may use Docker.")
                .with_detail(error.to_string())))
        }
    };
    let closed = closing.clone().cancelled_owned();
    lines.filter_map(move |one| std::future::ready(line(one))).take_until(closed).boxed()
}

fn log_line(text: &str) -> LogLine {
    let text = text.trim_end_matches('\r');
    let (at, text) = match text.split_once(' ') {
        Some((stamp, rest)) if moment(stamp).is_some() => (moment(stamp), rest),
        _ => (None, text),
    };
    LogLine { at, stream: LogStream::Stdout, text: text.to_owned() }
}

fn moment(text: &str) -> Option<TimestampMs> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    TimestampMs::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()
}

#[async_trait]
impl LabNodes for NetlabSession {
    async fn change(
        &self,
        _lab: &LabId,
        node: &str,
        _verb: NodeVerb,
        _cx: &Cx,
    ) -> Result<(), BackendError> {
        Err(BackendError::unsupported(format!("netlab does not change {node} by itself"))
            .with_hint("Restart the whole lab."))
    }

    async fn run(
        &self,
        lab: &LabId,
        nodes: &[String],
        text: &str,
        cx: &Cx,
    ) -> Result<Vec<LabExecuted>, BackendError> {
        let names = if nodes.is_empty() { self.names(lab, cx).await? } else { nodes.to_vec() };
        let program: Arc<[String]> = ["sh", "-c", text].map(str::to_owned).into();
        let runs: Vec<_> =
            names.into_iter().map(|node| self.run_on(lab, node, &program, cx)).collect();
        futures::future::try_join_all(runs).await
    }
}

impl NetlabSession {
    async fn names(&self, lab: &LabId, cx: &Cx) -> Result<Vec<String>, BackendError> {
        self.look(cx).await?;
        let known = self.known();
        let nodes = known.nodes.get(lab.as_str());
        Ok(nodes
            .map(|known| known.nodes.iter().map(|node| node.name.clone()).collect())
            .unwrap_or_default())
    }

    async fn run_on(
        &self,
        lab: &LabId,
        node: String,
        program: &[String],
        cx: &Cx,
    ) -> Result<LabExecuted, BackendError> {
        let id = console_id(lab.as_str(), &node);
        let request = ExecRequest { argv: program.to_vec(), ..ExecRequest::default() };
        let output = Exec::run(self, &id, request, cx).await?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(LabExecuted {
            node,
            exit_code: output.exit_code,
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Node, command, console_id, log_line, parts, usual_program};

    fn node(connection: &str) -> Node {
        Node {
            name: "r1".into(),
            device: "frr".into(),
            address: Some("192.168.7.101".into()),
            connection: Some(connection.into()),
            container: Some("clab-ml-7-r1".into()),
            ..Node::default()
        }
    }

    #[test]
    fn a_container_is_entered_and_everything_else_logged_in_to() {
        let words = command(&node("docker"), &usual_program("frr"), true).unwrap();
        assert_eq!(words.join(" "), "docker exec -it -e TERM=xterm-256color clab-ml-7-r1 vtysh");
        let words = command(&node("network_cli"), &[], true).unwrap();
        assert_eq!(words.join(" "), "ssh -tt 192.168.7.101");
        let program = ["show".to_owned(), "it's".to_owned()];
        let words = command(&node("ssh"), &program, false).unwrap();
        assert_eq!(words.last().unwrap(), r"'show' 'it'\''s'");
    }

    #[test]
    fn what_looks_like_an_option_is_no_name() {
        let mut odd = node("docker");
        (odd.container, odd.address) =
            (Some("--privileged".into()), Some("-oProxyCommand=x".into()));
        assert!(command(&odd, &[], true).is_err());
    }

    #[test]
    fn a_line_of_a_log_has_its_time() {
        let line = log_line("2026-11-21T13:39:22.5Z hello\r");
        assert_eq!((line.at, line.text.as_str()), (Some(1_795_268_362_500), "hello"));
        assert_eq!(log_line("hello there").text, "hello there");
    }

    proptest! {
        #[test]
        fn an_id_names_its_node(folder in "/[a-z#/]{1,12}", name in "[a-z0-9_-]{1,8}") {
            let id = console_id(&folder, &name);
            prop_assert_eq!(parts(&id), Some((folder.as_str(), name.as_str())));
        }
    }
}
