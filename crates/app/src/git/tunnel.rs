//! A way for the person's own `ssh` and `git` to a workspace: a loopback port of ours that carries to its
//! SSH server, and a configuration that trusts the authority's certificate for it and nothing else.

use std::{
    fs, io,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use backend_api::Cx;
use model::{ErrorCode, Failure, WorkspaceRef};
use tokio::{
    net::{TcpListener, TcpStream},
    process::Command,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{family::unseen, scratch::Scratch};
use crate::{
    ca::OwnKeys,
    forwards,
    shared::Shared,
    ssh_config::{host_key_alias, is_login},
};

/// Where a workspace's SSH server listens inside.
const SSH_PORT: u16 = 22;
/// How long an SSH server that reads its settings anew may take to answer.
const READY_WITHIN: Duration = Duration::from_secs(15);
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// Open for as long as it is held.
pub(super) struct Tunnel {
    /// For `ssh -F`.
    pub(super) config: PathBuf,
    /// The name to connect to.
    pub(super) alias: String,
    _folder: Scratch,
    _guard: DropGuard,
}

impl Tunnel {
    pub(super) async fn open(
        shared: &Arc<Shared>,
        workspace: &WorkspaceRef,
        user: &str,
        keys: &OwnKeys,
    ) -> Result<Self, Failure> {
        if !is_login(user) {
            return Err(no_login(user));
        }
        let failed = |error: io::Error| {
            Failure::new(ErrorCode::Internal, "no local port is free for git's tunnel")
                .with_hint("End programs that hold many ports, then try again.")
                .with_detail(error.to_string())
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let alias = host_key_alias(&workspace.workspace_id);
        let folder = Scratch::tunnel_beside(&keys.access_path);
        let config = folder.path().join("config");
        let text = configuration(&alias, port, user, keys);
        let written = fs::create_dir_all(folder.path()).and_then(|()| fs::write(&config, text));
        written.map_err(|error| {
            Failure::new(ErrorCode::Storage, format!("cannot write {}", config.display()))
                .with_hint("Check who may write there, and whether the disk is full.")
                .with_detail(error.to_string())
        })?;
        let cancel = shared.cancel.child_token();
        shared.spawn(serve(Arc::clone(shared), workspace.clone(), listener, cancel.clone()));
        Ok(Self { config, alias, _folder: folder, _guard: cancel.drop_guard() })
    }

    /// Logs in once with the person's own `ssh`: the certificate and the key have to be right.
    pub(super) async fn check(&self, name: &str, cx: &Cx) -> Result<(), Failure> {
        let deadline = tokio::time::Instant::now() + READY_WITHIN;
        loop {
            let words = match self.try_login(cx).await? {
                None => return Ok(()),
                Some(words) => words,
            };
            if tokio::time::Instant::now() > deadline {
                return Err(login_refused(name, &words));
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    /// None: it worked.
    async fn try_login(&self, cx: &Cx) -> Result<Option<String>, Failure> {
        let mut command = Command::new("ssh");
        command.arg("-F").arg(&self.config).args([self.alias.as_str(), "true"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        unseen(&mut command);
        let output = tokio::select! {
            () = cx.cancel.cancelled() => return Err(Failure::new(ErrorCode::Cancelled, "cancelled")),
            output = tokio::time::timeout(READY_WITHIN, command.output()) => output,
        };
        match output {
            Ok(Ok(output)) if output.status.success() => Ok(None),
            Ok(Ok(output)) => Ok(Some(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
            Ok(Err(error)) => Err(Failure::new(
                ErrorCode::Unsupported,
                "there is no ssh on this computer",
            )
            .with_hint(
                "Install OpenSSH's client and make sure that it is in the PATH, then try again.",
            )
            .with_detail(error.to_string())),
            Err(_) => Ok(Some("ssh did not end".into())),
        }
    }
}

/// What OpenSSH's refusal means.
pub(super) fn login_refused(name: &str, words: &str) -> Failure {
    let failure = if words.contains("Host key verification failed") || words.contains("host key") {
        Failure::new(
            ErrorCode::HostKeyChanged,
            format!("{name} does not prove to be itself over SSH"),
        )
        .with_hint(
            "Its host certificate is missing or not Moorline's. Set git up again on its Git tab.",
        )
    } else if words.contains("Permission denied") {
        Failure::new(ErrorCode::Unauthorized, format!("{name} does not let Moorline's key in"))
            .with_hint("Set git up again on its Git tab, which puts the key there.")
    } else {
        Failure::new(ErrorCode::Unreachable, format!("the SSH server of {name} does not answer"))
            .with_hint("Check that the workspace runs and that its image starts an SSH server.")
    };
    failure.with_detail(words)
}

/// A name that cannot stand in the settings for `ssh`.
fn no_login(user: &str) -> Failure {
    Failure::new(ErrorCode::Protocol, format!("{user:?} will not do as a login name"))
        .with_hint("Set git up again on the workspace's Git tab, with an image whose user has an ordinary name.")
}

/// The settings for one workspace, whole: nothing of the person's own configuration is read.
fn configuration(alias: &str, port: u16, user: &str, keys: &OwnKeys) -> String {
    let known_hosts = quoted(&keys.known_hosts);
    format!(
        "Host {alias}\n\
         HostName 127.0.0.1\n\
         Port {port}\n\
         User {user}\n\
         HostKeyAlias {alias}\n\
         StrictHostKeyChecking yes\n\
         UserKnownHostsFile {known_hosts}\n\
         GlobalKnownHostsFile {known_hosts}\n\
         UpdateHostKeys no\n\
         CheckHostIP no\n\
         IdentityFile {}\n\
         IdentitiesOnly yes\n\
         PreferredAuthentications publickey\n\
         BatchMode yes\n\
         ForwardAgent no\n\
         ControlMaster no\n\
         ControlPath none\n\
         ConnectTimeout 15\n\
         ServerAliveInterval 15\n\
         ServerAliveCountMax 4\n\
         LogLevel ERROR\n",
        quoted(&keys.access_path)
    )
}

/// A path as ssh_config reads it: in quotes, percent signs doubled, slashes on every system.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.replace('\\', "\\\\") };
    format!("\"{}\"", path.replace('%', "%%").replace('"', "\\\""))
}

async fn serve(
    shared: Arc<Shared>,
    workspace: WorkspaceRef,
    listener: TcpListener,
    cancel: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((local, _)) => {
                let (carrier, workspace, cancel) =
                    (Arc::clone(&shared), workspace.clone(), cancel.clone());
                shared.spawn(async move {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = carry(carrier, workspace, local) => {}
                    }
                });
            }
            Err(error) => {
                // Too many open files: give connections time to end.
                tracing::warn!(%error, "git's tunnel cannot accept");
                tokio::time::sleep(ASK_AGAIN).await;
            }
        }
    }
}

async fn carry(shared: Arc<Shared>, workspace: WorkspaceRef, mut local: TcpStream) {
    let work = async {
        let live = shared.live(&workspace.connection_id).await?;
        let mut remote = forwards::dial(&live, &workspace, SSH_PORT).await?;
        drop(local.set_nodelay(true));
        if let Err(error) = tokio::io::copy_bidirectional(&mut local, &mut remote).await {
            tracing::debug!(%error, "a connection of git's tunnel broke");
        }
        Ok::<_, Failure>(())
    };
    if let Err(failure) = work.await {
        tracing::info!(%failure, "a connection of git's tunnel was not made");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::quoted;

    #[test]
    #[cfg(windows)]
    fn paths_are_written_with_slashes() {
        let path = Path::new(r"C:\Users\a b\50%\x");
        assert_eq!(quoted(path), "\"C:/Users/a b/50%%/x\"");
    }

    #[test]
    #[cfg(unix)]
    fn paths_survive_ssh_config() {
        assert_eq!(quoted(Path::new("/home/a b/50%/x")), "\"/home/a b/50%%/x\"");
        assert_eq!(quoted(Path::new("/home/\"q\"")), "\"/home/\\\"q\\\"\"");
    }
}
