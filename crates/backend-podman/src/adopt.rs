//! Containers that l8s or anybody else made: what adopting one would mean, and which ones are.
//!
//! An adopted container is not touched: libpod cannot change labels or ports of one that exists, and
//! making it anew would be a rebuild.

use std::collections::BTreeMap;

use async_trait::async_trait;
use backend_api::{Adopt, Adopted, BackendError, Cx, ExecRequest};
use model::{AdoptionOffer, WorkspaceId, WorkspaceOrigin};

use crate::convert;
use crate::session::PodmanSession;
use crate::wire::Inspected;

/// Where l8s and Moorline keep the project.
const PROJECT: &str = "/workspace/project";

#[async_trait]
impl Adopt for PodmanSession {
    async fn offer(&self, id: &WorkspaceId, cx: &Cx) -> Result<AdoptionOffer, BackendError> {
        let found = self.inspected(id, cx).await?;
        let labels = &found.config.labels;
        let named = found.config.env.iter().find_map(|pair| pair.strip_prefix("USER="));
        let guest = self.guest(&found, named.filter(|user| !user.is_empty()), cx).await?;
        let (mut branch, mut repository) = (
            labels.get(convert::LABEL_BRANCH).cloned(),
            labels.get(convert::LABEL_REPOSITORY).cloned(),
        );
        if found.state.running {
            let user = guest.user.as_deref();
            branch =
                branch.or(self.git(id, &["symbolic-ref", "--short", "HEAD"], user, cx).await?);
            let origin = ["config", "--get", "remote.origin.url"];
            repository = repository.or(self.git(id, &origin, user, cx).await?);
        }
        let origin = convert::origin(labels);
        Ok(AdoptionOffer {
            origin,
            user: guest.user,
            branch,
            repository,
            facts: facts(&found, origin),
        })
    }

    fn set_adopted(&self, adopted: BTreeMap<WorkspaceId, Adopted>) {
        if let Ok(mut known) = self.adopted.lock() {
            *known = adopted;
        }
    }
}

impl PodmanSession {
    /// How a container was adopted; none when it was not.
    pub(crate) fn adoption(&self, id: &str) -> Option<Adopted> {
        self.adopted.lock().ok()?.get(&WorkspaceId::from_raw(id)).cloned()
    }

    /// Whether anything was adopted: then containers without our label may have to be listed.
    pub(crate) fn has_adopted(&self) -> bool {
        self.adopted.lock().is_ok_and(|adopted| !adopted.is_empty())
    }

    /// What git says of the project; none when there is no git or no project.
    async fn git(
        &self,
        id: &WorkspaceId,
        arguments: &[&str],
        user: Option<&str>,
        cx: &Cx,
    ) -> Result<Option<String>, BackendError> {
        let argv = ["git", "-C", PROJECT].iter().chain(arguments).map(|word| (*word).to_owned());
        let request =
            ExecRequest { argv: argv.collect(), user: user.map(str::to_owned), stdin: None };
        match self.run_program(id, request, cx).await {
            Ok(output) if output.exit_code == Some(0) => {
                let text = String::from_utf8_lossy(&output.stdout);
                let line = text.lines().next().unwrap_or_default().trim();
                Ok(Some(without_password(line)).filter(|line| !line.is_empty()))
            }
            Err(BackendError::Cancelled) => Err(BackendError::Cancelled),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// An address without the token that some have in it.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    match rest.split_once('/') {
        Some((authority, path)) if authority.contains('@') => {
            let (_, host) = authority.rsplit_once('@').unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
        _ => address.to_owned(),
    }
}

fn facts(found: &Inspected, origin: WorkspaceOrigin) -> Vec<String> {
    let mut facts = Vec::new();
    let open = open_ports(found);
    if !open.is_empty() {
        facts.push(format!(
            "Published on every address of the server: port {}. That stays so until it is rebuilt.",
            open.join(", ")
        ));
    }
    let volumes: Vec<&str> = found
        .mounts
        .iter()
        .filter(|mount| mount.kind == "volume")
        .map(|m| m.name.as_str())
        .collect();
    if !volumes.is_empty() {
        facts.push(format!("Keeps its volumes: {}.", volumes.join(", ")));
    }
    match origin {
        WorkspaceOrigin::L8s => facts.push("l8s goes on seeing it and can still change it.".into()),
        WorkspaceOrigin::Other => facts.push(
            "Neither l8s nor Moorline made it: once adopted it can be stopped, renamed and removed here."
                .into(),
        ),
        WorkspaceOrigin::Moorline => {}
    }
    facts
}

/// Ports of the server that anybody who reaches it can reach.
fn open_ports(found: &Inspected) -> Vec<String> {
    let bindings = convert::bindings(found);
    let all = bindings.values().flatten();
    let open = all.filter(|one| matches!(one.host_ip.as_str(), "" | "0.0.0.0" | "::"));
    let mut ports: Vec<String> = open.map(|one| one.host_port.clone()).collect();
    ports.sort();
    ports.dedup();
    ports
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_token_in_an_address_is_not_shown() {
        for (address, shown) in [
            ("https://alice:ghp_x@github.com/a/b.git", "https://github.com/a/b.git"),
            ("https://ghp_x@github.com/a@b", "https://github.com/a@b"),
            ("git@github.com:a/b.git", "git@github.com:a/b.git"),
            ("ssh://host/x", "ssh://host/x"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
