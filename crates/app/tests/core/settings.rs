//! Settings: what the system says wins, what it refuses is not kept, and everything can be forgotten.

use std::sync::{Arc, Mutex};

use model::{
    ConnectionInput, ErrorCode, HostAddress, Settings, SshAuthInput, SshHostInput, WorkspaceState,
};
use tempfile::TempDir;
use testkit::fake::{ApplyStop, FakeServer};

use crate::bench::{Bench, FakeHost, code, input, reference};

#[tokio::test]
async fn starting_at_login_is_what_the_system_says() {
    let folder = Arc::new(TempDir::new().unwrap());
    let host = FakeHost { at_login: Mutex::new(Some(true)), ..FakeHost::default() };
    let bench = Bench::start_with(folder, FakeServer::default(), host).await;
    assert!(bench.core.settings().start_at_login);
    let off = Settings { start_at_login: false, ..bench.core.settings() };
    bench.core.settings_set(off).await.unwrap();
    assert_eq!(*bench.host.at_login.lock().unwrap(), Some(false));
}

#[tokio::test]
async fn what_the_system_refuses_is_not_kept() {
    let bench = Bench::start().await;
    let on = Settings { start_at_login: true, ..bench.core.settings() };
    let failure = bench.core.settings_set(on).await.unwrap_err();
    assert_eq!(failure.field.as_deref(), Some("start_at_login"));
    assert!(!bench.core.settings().start_at_login);
}

#[tokio::test]
async fn forgetting_everything_keeps_a_file_to_come_back_with() {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    let workspace = reference(&id, &workspace);
    bench.core.workspace_favourite(workspace.clone(), true).await.unwrap();
    let run = bench.core.workspace_stop(&workspace).await.unwrap();
    bench.until_over(&run).await;
    std::fs::write(bench.folder.path().join("data/known_hosts"), "forge-1 ssh-ed25519 AAAA\n")
        .unwrap();
    let large = Settings { terminal_font_size: 20, ..Settings::default() };
    bench.core.settings_set(large).await.unwrap();

    let data = bench.folder.path().join("data");
    std::fs::create_dir_all(data.join("ssh/clone-1")).unwrap();
    std::fs::write(data.join("ssh/workspace_ca"), "a private key").unwrap();

    let backup = bench.core.reset().await.unwrap();
    assert!(!data.join("ssh/workspace_ca").exists());
    assert!(bench.core.notices().await.unwrap().is_empty());
    assert!(bench.core.connections().await.unwrap().is_empty());
    assert!(bench.core.runs("", None, 10).await.unwrap().is_empty());
    assert_eq!(bench.core.settings(), Settings::default());
    assert!(!bench.folder.path().join("data/known_hosts").exists());

    let bench = bench.restart().await;
    assert!(bench.core.connections().await.unwrap().is_empty());
    let text = std::fs::read_to_string(backup).unwrap();
    let keys = bench.core.transfer_preview(&text).await.unwrap().items;
    let keys = keys.into_iter().map(|item| item.key).collect();
    bench.core.transfer_import(&text, keys).await.unwrap();
    assert_eq!(bench.core.connections().await.unwrap()[0].connection.id, id);
    assert_eq!(bench.core.settings().terminal_font_size, 20);
}

#[tokio::test]
async fn an_ssh_host_without_a_connection_is_forgotten_too() {
    let bench = Bench::start().await;
    let host = SshHostInput {
        id: None,
        addresses: vec![HostAddress { host: "10.0.0.2".into(), port: 22 }],
        user: "dev".into(),
        auth: vec![SshAuthInput::KeyboardInteractive],
        jumps: Vec::new(),
    };
    let input = ConnectionInput { ssh_host: Some(host), ..input("forge-1") };
    let view = bench.core.connection_create(input).await.unwrap();
    let text = bench.core.transfer_text().await.unwrap();
    bench.core.connection_delete(&view.connection.id).await.unwrap();
    let key = format!("host:{}", view.ssh_host.unwrap().id);
    bench.core.transfer_import(&text, vec![key]).await.unwrap();
    assert_eq!(bench.core.ssh_hosts().await.unwrap().len(), 1);
    bench.core.reset().await.unwrap();
    assert!(bench.core.ssh_hosts().await.unwrap().is_empty());
    assert!(bench.restart().await.core.ssh_hosts().await.unwrap().is_empty());
}

#[tokio::test]
async fn nothing_is_forgotten_while_something_runs() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    bench.server.state().apply_stop = ApplyStop::AfterMaking;
    let input = [("name".to_owned(), "atlas-api".to_owned())].into();
    let plan = bench.core.workspace_plan(&id, &input).await.unwrap();
    let run = bench.core.workspace_create(&id, plan).await.unwrap();
    assert_eq!(code(bench.core.reset().await), ErrorCode::Busy);
    assert_eq!(bench.core.connections().await.unwrap().len(), 1);
    bench.core.run_cancel(&run).await.unwrap();
    bench.until_over(&run).await;
}
