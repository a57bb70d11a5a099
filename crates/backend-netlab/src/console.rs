//! Consoles and programs of nodes: from the SSH host into a node's container, or by `ssh` to its address.

use async_trait::async_trait;
use backend_api::{BackendError, Cx, Exec, ExecOutput, ExecRequest, Terminal, TerminalOptions};
use model::WorkspaceId;

use crate::inside;
use crate::session::NetlabSession;
use crate::status::Node;

/// Between the folder of a lab and the name of a node; no path of ours has it.
const BETWEEN: char = '#';
/// The first shell that is there.
const SHELL: &str = "exec bash -l 2>/dev/null || exec sh -l";

/// The id under which the console of a node is asked for.
pub(crate) fn console_id(folder: &str, node: &str) -> WorkspaceId {
    WorkspaceId::from_raw(format!("{folder}{BETWEEN}{node}"))
}

fn parts(id: &WorkspaceId) -> Option<(&str, &str)> {
    id.as_str().rsplit_once(BETWEEN)
}

/// How a node is reached from the SSH host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Container(String),
    Address(String),
}

impl NetlabSession {
    /// A node by the id of its console. Asks the server when the node is not known.
    pub(crate) async fn node(&self, id: &WorkspaceId, cx: &Cx) -> Result<Node, BackendError> {
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

pub(crate) fn way(node: &Node) -> Result<Way, BackendError> {
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

/// A command on the SSH host that runs a program of a node on a terminal; it ends with the terminal.
fn on_terminal(node: &Node, program: &[String]) -> Result<Vec<String>, BackendError> {
    Ok(match way(node)? {
        Way::Container(container) => inside::console(&container, program),
        Way::Address(address) => by_ssh(&["-tt"], address, program),
    })
}

/// The same without a terminal; it ends when nobody waits for it.
fn command(node: &Node, program: &[String]) -> Result<Vec<String>, BackendError> {
    Ok(match way(node)? {
        Way::Container(container) => inside::program(&container, program),
        Way::Address(address) => by_ssh(&["-o", "BatchMode=yes"], address, program),
    })
}

fn by_ssh(options: &[&str], address: String, program: &[String]) -> Vec<String> {
    let mut words = vec!["ssh".to_owned()];
    words.extend(options.iter().map(|word| (*word).to_owned()));
    words.push(address);
    // `ssh` gives its words to a shell there as one line.
    words.extend((!program.is_empty()).then(|| quoted(program)));
    words
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
        let words = command(&node, &request.argv)?;
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
        let words = on_terminal(&node, &program)?;
        let argv: Vec<&str> = words.iter().map(String::as_str).collect();
        let terminal = cx.until_cancelled(cx.exec.terminal(&argv, options.size)).await?;
        let program = match program.first().map(String::as_str) {
            None | Some("sh") => node.name.clone(),
            Some(program) => program.to_owned(),
        };
        Ok(Terminal { program, ..terminal })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Node, command, console_id, on_terminal, parts, usual_program};

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
        let words = on_terminal(&node("docker"), &usual_program("frr")).unwrap();
        assert!(words.contains(&"clab-ml-7-r1".to_owned()), "{words:?}");
        assert_eq!(words.last().unwrap(), "vtysh");
        let words = on_terminal(&node("network_cli"), &[]).unwrap();
        assert_eq!(words.join(" "), "ssh -tt 192.168.7.101");
        let program = ["show".to_owned(), "it's".to_owned()];
        let words = command(&node("docker"), &program).unwrap();
        assert_eq!(words.last().unwrap(), "it's");
        let words = command(&node("ssh"), &program).unwrap();
        assert_eq!(words.last().unwrap(), r"'show' 'it'\''s'");
    }

    #[test]
    fn what_looks_like_an_option_is_no_name() {
        let mut odd = node("docker");
        (odd.container, odd.address) =
            (Some("--privileged".into()), Some("-oProxyCommand=x".into()));
        assert!(command(&odd, &[]).is_err() && on_terminal(&odd, &[]).is_err());
    }

    proptest! {
        #[test]
        fn an_id_names_its_node(folder in "/[a-z#/]{1,12}", name in "[a-z0-9_-]{1,8}") {
            let id = console_id(&folder, &name);
            prop_assert_eq!(parts(&id), Some((folder.as_str(), name.as_str())));
        }
    }
}
