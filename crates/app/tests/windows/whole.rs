//! The whole core on Windows: a connection with an encrypted key, whose passphrase Windows keeps.

use std::sync::Arc;
use std::time::Duration;

use app::{Core, CoreOptions, Host, PickKind, SystemKeychain};
use async_trait::async_trait;
use model::{
    ConnectionInput, ConnectionState, Failure, HostAddress, Kind, Secret, SshAuthInput,
    SshHostInput,
};
use testkit::Servers;

use crate::podman::fields;
use crate::reach::servers;

const DEADLINE: Duration = Duration::from_secs(60);

struct NoDesktop;

#[async_trait]
impl Host for NoDesktop {
    fn is_desktop(&self) -> bool {
        false
    }

    async fn open_window(&self, _: &str, _: &str, _: &str, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    async fn open_url(&self, _url: &str) -> Result<(), Failure> {
        Ok(())
    }

    async fn pick_save_path(&self, _: &str) -> Result<Option<std::path::PathBuf>, Failure> {
        Ok(None)
    }

    async fn pick_open_path(
        &self,
        _: &str,
        _: PickKind,
    ) -> Result<Option<std::path::PathBuf>, Failure> {
        Ok(None)
    }
}

async fn start(folder: &std::path::Path) -> Arc<Core> {
    Core::start(CoreOptions {
        data_folder: folder.join("data"),
        home_folder: folder.to_owned(),
        agent_socket: None,
        places: app::ConfigPlaces::default(),
        backends: vec![Arc::new(backend_podman::Podman)],
        host: Arc::new(NoDesktop),
        keychain: SystemKeychain::UseIt,
        version: "0".into(),
        journal: app::Journal::default(),
    })
    .await
    .unwrap()
}

async fn until_connected(core: &Arc<Core>) {
    let mut events = core.events();
    let looking = async {
        loop {
            let views = core.connections().await.unwrap();
            match &views[0].state {
                ConnectionState::Connected { .. } => return,
                ConnectionState::Connecting { .. } | ConnectionState::Disconnected => {}
                other => panic!("{other:?}"),
            }
            let _ = tokio::time::timeout(Duration::from_millis(50), events.recv()).await;
        }
    };
    tokio::time::timeout(DEADLINE, looking).await.expect("it does not connect in time");
}

fn input(servers: &Servers) -> ConnectionInput {
    ConnectionInput {
        kind: Kind::new("podman"),
        name: "forge-1".into(),
        fields: fields(&servers.podman_socket),
        secrets: Default::default(),
        ssh_host: Some(SshHostInput {
            id: None,
            addresses: vec![HostAddress { host: "127.0.0.1".into(), port: servers.ssh_port }],
            user: servers.user.clone(),
            auth: vec![SshAuthInput::KeyFile {
                path: servers.locked_key.display().to_string(),
                passphrase: Some(Secret::new(servers.passphrase.clone())),
            }],
            jumps: Vec::new(),
        }),
        connect_at_start: true,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs the servers of `cargo xtask platforms`"]
async fn a_connection_comes_back_after_a_restart_with_what_windows_kept() {
    let servers = servers();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".ssh")).unwrap();
    std::fs::write(folder.path().join(".ssh").join("known_hosts"), &servers.known_hosts).unwrap();
    let core = start(folder.path()).await;
    core.connection_create(input(&servers)).await.unwrap();
    until_connected(&core).await;
    core.workspaces().await.unwrap();
    core.shutdown().await;
    drop(core);

    let core = start(folder.path()).await;
    until_connected(&core).await;
    let id = core.connections().await.unwrap()[0].connection.id.clone();
    core.connection_delete(&id).await.unwrap();
    core.shutdown().await;
}
