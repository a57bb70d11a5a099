//! A server that opens channels nobody asked for, of every kind there is.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::{HostAddress, HostKeyQuestion, Secret};
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::server::{Auth, Config, Handle, Handler, Session, run_stream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Asker, CredentialsRequest, Hop, HostKeyAnswer, Link, LinkOptions, RemoteListen, TrustFiles,
};

struct Nosy {
    handle: mpsc::UnboundedSender<Handle>,
}

impl Handler for Nosy {
    type Error = russh::Error;

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, Self::Error> {
        Ok(Auth::Accept)
    }

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        let _ = self.handle.send(session.handle());
        Ok(())
    }

    async fn tcpip_forward(
        &mut self,
        _address: &str,
        _port: &mut u32,
        _session: &mut Session,
    ) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

struct Silent;

#[async_trait]
impl Asker for Silent {
    async fn host_key(&self, _: HostKeyQuestion) -> HostKeyAnswer {
        HostKeyAnswer::Refuse
    }

    async fn credentials(&self, _: CredentialsRequest) -> Option<Vec<Secret<String>>> {
        None
    }

    fn stage(&self, _: &str) {}
}

/// A server, and a link to it.
async fn link(folder: &std::path::Path) -> (Link, mpsc::UnboundedReceiver<Handle>) {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[7; 32]));
    let key = PrivateKey::new(pair, "server").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let own = folder.join("known");
    let public = key.public_key().to_openssh().unwrap();
    std::fs::write(&own, format!("[127.0.0.1]:{port} {public}\n")).unwrap();
    let (handle, handles) = mpsc::unbounded_channel();
    let config = Arc::new(Config { keys: vec![key], ..Config::default() });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let nosy = Nosy { handle: handle.clone() };
            let session = run_stream(Arc::clone(&config), stream, nosy).await.unwrap();
            tokio::spawn(session);
        }
    });
    let hop = Hop {
        name: "nosy".into(),
        addresses: vec![HostAddress { host: "127.0.0.1".into(), port }],
        user: "me".into(),
        auth: Vec::new(),
    };
    let options = LinkOptions {
        hops: vec![hop],
        trust: TrustFiles { own, ..TrustFiles::default() },
        keepalive: Duration::from_secs(15),
        connect_timeout: Duration::from_secs(20),
    };
    let link = Link::connect(options, Arc::new(Silent), CancellationToken::new()).await.unwrap();
    (link, handles)
}

#[tokio::test]
async fn channels_that_nobody_asked_for_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (link, mut handles) = link(folder.path()).await;
    let control = handles.recv().await.unwrap();
    let at = RemoteListen::Tcp { host: "127.0.0.1".into(), port: 8080 };
    let mut listener = link.listen(&at).await.unwrap();
    // The listener is on a lane, the second connection.
    let lane = handles.recv().await.unwrap();
    for handle in [&control, &lane] {
        assert!(handle.channel_open_agent().await.is_err());
        assert!(handle.channel_open_session().await.is_err());
        assert!(handle.channel_open_x11("127.0.0.1", 1).await.is_err());
        assert!(handle.channel_open_direct_tcpip("127.0.0.1", 22, "h", 1).await.is_err());
        assert!(handle.channel_open_direct_streamlocal("/run/x").await.is_err());
        assert!(handle.channel_open_forwarded_streamlocal("/run/x").await.is_err());
        assert!(handle.channel_open_forwarded_tcpip("127.0.0.1", 8081, "h", 1).await.is_err());
    }
    assert!(control.channel_open_forwarded_tcpip("127.0.0.1", 8080, "h", 1).await.is_err());
    let asked_for = lane.channel_open_forwarded_tcpip("127.0.0.1", 8080, "h", 9).await;
    assert!(asked_for.is_ok());
    assert_eq!(listener.next().await.unwrap().from, "h:9");
    drop(listener);
    link.round_trip().await.unwrap();
    assert!(lane.channel_open_forwarded_tcpip("127.0.0.1", 8080, "h", 9).await.is_err());
}
