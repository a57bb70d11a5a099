//! The keys that open workspaces: which private keys `ssh` is told to offer, and whose public halves are let
//! in when a person opens a workspace.
//!
//! Moorline's own key and the authority for host keys are used where they have been made.

use std::{fs, path::PathBuf};

use backend_api::ExecRequest;
use model::{ErrorCode, Failure, WorkspaceRef};

use super::{entry::public_key, survey};
use crate::{Core, ca, shared::Shared};

/// Names that OpenSSH tries by itself, until a config names others.
const USUAL: [&str; 5] = ["id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa"];
/// Adds those of the keys "$@" that are not there yet.
const ADMIT: &str = r#"umask 077
file="$HOME/.ssh/authorized_keys"
mkdir -p "$HOME/.ssh" && touch "$file" || exit 1
[ -z "$(tail -c 1 "$file")" ] || echo >>"$file"
for key in "$@"; do grep -qF -- "$key" "$file" || printf '%s moorline\n' "$key" >>"$file" || exit 1; done"#;

/// Private keys for workspaces: our own, those of the server's login, those `ssh` would try anyway.
pub(super) fn private_keys(shared: &Shared, of_server: &[String]) -> Vec<String> {
    let own = ca::access_path(&shared.data_folder);
    let ssh = shared.home_folder.join(".ssh");
    let mut keys: Vec<String> = Vec::new();
    let there = |path: PathBuf| path.exists().then(|| path.display().to_string());
    let usual = USUAL.iter().filter_map(|name| there(ssh.join(name)));
    for key in there(own).into_iter().chain(of_server.iter().cloned()).chain(usual) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

impl Core {
    /// Lets the person's keys into a workspace that they open. Keys that are there stay.
    pub(crate) async fn let_in(&self, workspace: &WorkspaceRef) -> Result<(), Failure> {
        let keys = self.shared.public_keys(workspace).await?;
        let live = self.shared.live(&workspace.connection_id).await?;
        let Some(exec) = live.session.exec() else { return Ok(()) };
        if keys.is_empty() {
            return Ok(());
        }
        let mut argv = ["sh", "-c", ADMIT, "sh"].map(str::to_owned).to_vec();
        argv.extend(keys);
        let request = ExecRequest { argv, user: None, stdin: None };
        let cx = live.cx();
        let output = live.call(exec.run(&workspace.workspace_id, request, &cx)).await?;
        if output.exit_code == Some(0) {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::Rejected, "your key cannot be let into the workspace")
            .with_hint("Check that its user has a home folder that can be written.")
            .with_detail(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}

impl Shared {
    /// The public halves of the keys that `ssh` offers.
    async fn public_keys(&self, workspace: &WorkspaceRef) -> Result<Vec<String>, Failure> {
        let servers = survey::servers(self).await?;
        let server = servers.iter().find(|server| server.id == workspace.connection_id);
        let of_server: Vec<String> = server
            .and_then(|server| server.hosts.last())
            .map(|host| survey::key_files(self, host))
            .unwrap_or_default();
        let paths = private_keys(self, &of_server);
        let read = move || {
            let line = |path: &String| {
                let text = fs::read_to_string(beside(path)).ok()?;
                public_key(text.lines().next()?)
            };
            paths.iter().filter_map(line).collect()
        };
        Ok(tokio::task::spawn_blocking(read).await.unwrap_or_default())
    }
}

fn beside(private: &str) -> PathBuf {
    PathBuf::from(format!("{private}.pub"))
}
