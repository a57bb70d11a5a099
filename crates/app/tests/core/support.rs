//! The support bundle holds what helps and nothing that names a person, a server or a secret.

use std::io::Read as _;

use model::{
    ConnectionInput, ErrorCode, HostAddress, LogLevel, SshAuthInput, SshHostInput, WorkspaceState,
};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::bench::{Bench, code, input, reference};

/// Everything a bundle must not say.
const CANARIES: &[&str] = &[
    "canaryhost",
    "canaryuser",
    "canaryforge",
    "canaryspace",
    "canarypassword",
    "canarytoken",
    "canarykey",
    "canaryjump",
    "10.77.66.55",
    "canarypass",
];

async fn furnished() -> Bench {
    let bench = Bench::start().await;
    let subscriber = tracing_subscriber::registry().with(bench.journal.layer());
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("connected");
        tracing::warn!(failure = "cannot reach host \"canaryforge\" (10.77.66.55:22)", "lost");
        tracing::error!("canaryuser@canaryhost.example.org: password=canarypassword");
        tracing::debug!(header = "Authorization: Bearer canarytokencanarytoken", "asked");
        tracing::info!(
            "-----BEGIN OPENSSH PRIVATE KEY----- canarykey -----END OPENSSH PRIVATE KEY-----"
        );
        tracing::info!("through canaryjump.example.org, as CanaryUser in canaryspace");
    });
    let logs = bench.folder.path().join("data/logs");
    std::fs::create_dir_all(&logs).unwrap();
    let line = "{\"message\":\"token: canarytoken for canaryhost.example.org\"}\n";
    std::fs::write(logs.join("moorline.2026-01-01.log"), line).unwrap();
    let host = |address: &str, jumps| SshHostInput {
        id: None,
        addresses: vec![HostAddress { host: address.into(), port: 22 }],
        user: "canaryuser".into(),
        auth: vec![SshAuthInput::KeyboardInteractive],
        jumps,
    };
    let workspace = bench.server.add("canaryspace", WorkspaceState::Running);
    let with_host = ConnectionInput {
        ssh_host: Some(host(
            "canaryhost.example.org",
            vec![host("canaryjump.example.org", Vec::new())],
        )),
        ..input("canaryforge-2")
    };
    bench.core.connection_create(with_host).await.unwrap();
    let view = bench.core.connection_create(input("canaryforge")).await.unwrap();
    bench.until_connected(&view.connection.id).await;
    bench.until_row("canaryspace", |_| true).await;
    let run = bench.core.workspace_stop(&reference(&view.connection.id, &workspace)).await.unwrap();
    bench.until_over(&run).await;
    bench
}

#[tokio::test]
async fn no_canary_is_in_the_bundle_and_what_helps_is() {
    let bench = furnished().await;
    let bundle = bench.core.support_preview().await.unwrap();
    for file in &bundle.files {
        let text = file.text.to_lowercase();
        for canary in CANARIES {
            assert!(!text.contains(canary), "{} holds {canary}:\n{}", file.name, file.text);
        }
    }
    let file = |name: &str| {
        bundle.files.iter().find(|file| file.name == name).map(|file| file.text.clone()).unwrap()
    };
    assert!(file("about.txt").contains("terminal_font_size"));
    assert!(file("connections.txt").contains("state: connected"));
    assert!(
        file("runs.txt").contains("stop <workspace-1> on <connection-1>: done"),
        "{}",
        file("runs.txt")
    );
    assert!(
        file("log.txt").contains("cannot reach host \"<connection-1>\" (<address>:22)"),
        "{}",
        file("log.txt")
    );
    assert!(bundle.files.iter().any(|file| file.name == "moorline.2026-01-01.log"));
    assert!(bundle.replaced > 10, "{}", bundle.replaced);
}

#[tokio::test]
async fn exactly_what_was_shown_is_saved() {
    let bench = furnished().await;
    assert_eq!(code(bench.core.support_save(&[]).await), ErrorCode::Conflict);
    let shown = bench.core.support_preview().await.unwrap();
    let path = bench.folder.path().join("bundle.zip");
    *bench.host.save_to.lock().unwrap() = Some(path.clone());
    let saved = bench.core.support_save(&["runs.txt".to_owned()]).await.unwrap();
    assert_eq!(saved.as_deref(), Some(path.as_path()));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    assert_eq!(archive.len(), shown.files.len() - 1);
    for file in shown.files.iter().filter(|file| file.name != "runs.txt") {
        let mut text = String::new();
        archive.by_name(&file.name).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, file.text);
    }
}

#[tokio::test]
async fn the_log_page_follows_and_saves_what_matters() {
    use futures::StreamExt as _;
    let bench = Bench::start().await;
    let mut lines = bench.core.journal_follow(LogLevel::Warn);
    let subscriber = tracing_subscriber::registry().with(bench.journal.layer());
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!("quiet");
        tracing::warn!("loud");
    });
    let batch = lines.next().await.unwrap().unwrap();
    assert!(batch.len() == 1 && batch[0].text.ends_with("loud"), "{batch:?}");
    let path = bench.folder.path().join("own.log");
    *bench.host.save_to.lock().unwrap() = Some(path.clone());
    bench.core.journal_save(LogLevel::Info).await.unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("INFO") && text.contains("quiet") && text.contains("loud"), "{text}");
}
