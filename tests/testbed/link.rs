//! Links to servers of the testbed, with nobody there to answer.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use model::{Failure, HostAddress, HostKeyQuestion, Secret};
use ssh::{
    Asker, AuthMethod, CredentialsRequest, Hop, HostKeyAnswer, Link, LinkOptions, TrustFiles,
};
use tokio_util::sync::CancellationToken;

use crate::sshd::Sshd;

/// Nobody answers: keys and host keys have to be known.
pub struct Nobody;

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

/// A server as a machine on the way, with the login that it takes.
#[must_use]
pub fn hop(name: &str, sshd: &Sshd) -> Hop {
    Hop {
        name: name.into(),
        addresses: vec![HostAddress { host: sshd.address.to_string(), port: sshd.port }],
        user: "root".into(),
        auth: vec![AuthMethod::KeyFile { path: sshd.client_key.clone(), passphrase: None }],
    }
}

/// Trust in the host keys of these servers. The files are kept beside the first one's.
#[must_use]
pub fn trust(servers: &[&Sshd]) -> TrustFiles {
    let folder = &servers.first().expect("a server").dir;
    let user = folder.join("known");
    let lines: String = servers.iter().map(|server| server.known_hosts.as_str()).collect();
    std::fs::write(&user, lines).expect("the server's folder takes files");
    TrustFiles { own: folder.join("own"), user: vec![user], global: Vec::new() }
}

/// The options of a link through these machines.
#[must_use]
pub fn options(hops: Vec<Hop>, trust: TrustFiles) -> LinkOptions {
    LinkOptions {
        hops,
        trust,
        keepalive: Duration::from_secs(15),
        connect_timeout: Duration::from_secs(20),
    }
}

/// A link to one server.
///
/// # Errors
/// Why there is none.
pub async fn connect(sshd: &Sshd) -> Result<Link, Failure> {
    connect_with(options(vec![hop("server", sshd)], trust(&[sshd]))).await
}

/// A link with these options.
///
/// # Errors
/// Why there is none.
pub async fn connect_with(options: LinkOptions) -> Result<Link, Failure> {
    let connected = Link::connect(options, Arc::new(Nobody), CancellationToken::new()).await;
    connected.map_err(Failure::from)
}
