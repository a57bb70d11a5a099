//! A link to the real server, by whatever way to log in.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use backend_api::{BackendError, RemoteExec};
use model::{HostAddress, HostKeyQuestion, Secret};
use ssh::{
    Asker, AuthMethod, CredentialsRequest, Hop, HostKeyAnswer, Link, LinkOptions, TrustFiles,
};
use tempfile::TempDir;
use testkit::Servers;
use tokio_util::sync::CancellationToken;

/// Nobody answers: the key and the host key are known.
struct Nobody;

#[async_trait]
impl Asker for Nobody {
    async fn host_key(&self, _question: HostKeyQuestion) -> HostKeyAnswer {
        HostKeyAnswer::Refuse
    }

    async fn credentials(&self, _request: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        None
    }

    fn stage(&self, _stage: &str) {}
}

pub(crate) fn servers() -> Servers {
    Servers::from_environment().unwrap()
}

/// A link, and the folder with what it trusts.
pub(crate) struct Reached {
    pub(crate) link: Arc<Link>,
    _folder: TempDir,
}

pub(crate) async fn reach(servers: &Servers, auth: AuthMethod) -> Result<Reached, BackendError> {
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known_hosts");
    std::fs::write(&known, &servers.known_hosts).unwrap();
    let hop = Hop {
        name: "forge-1".into(),
        addresses: vec![HostAddress { host: "127.0.0.1".into(), port: servers.ssh_port }],
        user: servers.user.clone(),
        auth: vec![auth],
    };
    let options = LinkOptions {
        hops: vec![hop],
        trust: TrustFiles { own: folder.path().join("own"), user: vec![known], global: Vec::new() },
        keepalive: Duration::from_secs(15),
        connect_timeout: Duration::from_secs(20),
    };
    let link = Link::connect(options, Arc::new(Nobody), CancellationToken::new()).await?;
    Ok(Reached { link: Arc::new(link), _folder: folder })
}

/// Logs in and has the server say who that was.
pub(crate) async fn log_in(servers: &Servers, auth: AuthMethod) -> Result<String, BackendError> {
    let reached = reach(servers, auth).await?;
    let output = reached.link.run(&["id", "-un"]).await?;
    Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
