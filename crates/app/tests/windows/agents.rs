//! Agents as Windows has them: named pipes, and Pageant's messages between windows.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use model::Failure;
use ssh::AuthMethod;
use tokio::net::windows::named_pipe::{ClientOptions, ServerOptions};

use crate::pipe::Pipe;
use crate::reach::{log_in, servers};

/// Where Windows' own OpenSSH has its agent.
const OPENSSH_PIPE: &str = r"\\.\pipe\openssh-ssh-agent";

/// The stand-in for Pageant, with the real agent behind it.
struct Pageant(Child);

impl Pageant {
    fn start(agent_port: u16) -> Self {
        let program = std::env::var_os("MOORLINE_PAGEANT").unwrap();
        let mut child = Command::new(program)
            .arg(agent_port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
        Self(child)
    }
}

impl Drop for Pageant {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn agent(pipe: Option<&str>) -> AuthMethod {
    AuthMethod::Agent { socket: pipe.map(PathBuf::from) }
}

fn pipe_name(of: &str) -> String {
    format!(r"\\.\pipe\moorline-{of}-{}", std::process::id())
}

#[tokio::test]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn a_key_file_at_a_windows_path_lets_in() {
    let servers = servers();
    let path = servers.client_key.clone();
    assert!(path.to_str().unwrap().contains('\\'), "{}", path.display());
    let auth = AuthMethod::KeyFile { path, passphrase: None };
    assert_eq!(log_in(&servers, auth).await.unwrap(), "root");
}

#[tokio::test]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn an_agent_behind_a_named_pipe_signs() {
    let servers = servers();
    let name = pipe_name("agent");
    let _pipe = Pipe::open(&name, servers.agent_port);
    for _ in 0..3 {
        assert_eq!(log_in(&servers, agent(Some(&name))).await.unwrap(), "root");
    }
}

#[tokio::test]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn a_pipe_that_is_not_there_or_always_busy_is_named() {
    let servers = servers();
    let name = pipe_name("busy");
    let failure = Failure::from(log_in(&servers, agent(Some(&name))).await.unwrap_err());
    assert_eq!(failure.message, format!("the SSH agent at {name} does not answer"));

    let _server = ServerOptions::new().max_instances(1).create(&name).unwrap();
    let _only_client = ClientOptions::new().open(&name).unwrap();
    let failure = Failure::from(log_in(&servers, agent(Some(&name))).await.unwrap_err());
    assert_eq!(failure.message, format!("the SSH agent at {name} does not answer"));
    assert!(failure.detail.unwrap().contains("no answer within 15 s"));
}

/// One test, because all of it is about the same two places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn without_a_name_openssh_is_asked_and_then_pageant() {
    let servers = servers();
    let failure = Failure::from(log_in(&servers, agent(None)).await.unwrap_err());
    assert_eq!(failure.message, "no SSH agent is running");
    assert!(failure.hint.unwrap().contains("Pageant"));
    let detail = failure.detail.unwrap();
    assert!(detail.contains(OPENSSH_PIPE) && detail.contains("Pageant: "), "{detail}");

    let pageant = Pageant::start(servers.agent_port);
    assert_eq!(log_in(&servers, agent(None)).await.unwrap(), "root");
    drop(pageant);

    let _pipe = Pipe::open(OPENSSH_PIPE, servers.agent_port);
    assert_eq!(log_in(&servers, agent(None)).await.unwrap(), "root");
}
