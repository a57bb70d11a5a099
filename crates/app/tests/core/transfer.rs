//! Carrying everything but secrets from one computer to another.

use model::{
    ConnectionInput, ErrorCode, HostAddress, Settings, SshAuthInput, SshHostInput, TransferChange,
    TransferItem, WorkspaceState,
};

use crate::bench::{Bench, code, input, reference};

fn host(address: &str, jumps: Vec<SshHostInput>) -> SshHostInput {
    SshHostInput {
        id: None,
        addresses: vec![HostAddress { host: address.into(), port: 22 }],
        user: "alice".into(),
        auth: vec![SshAuthInput::Password { password: None }, SshAuthInput::KeyboardInteractive],
        jumps,
    }
}

async fn furnished() -> Bench {
    let bench = Bench::start().await;
    let workspace = bench.server.add("atlas-api", WorkspaceState::Running);
    let id = bench.connected().await;
    bench.until_row("atlas-api", |_| true).await;
    bench.core.workspace_favourite(reference(&id, &workspace), true).await.unwrap();
    let behind = ConnectionInput {
        ssh_host: Some(host("10.0.0.2", vec![host("10.0.0.1", Vec::new())])),
        fields: [("note".to_owned(), "two\n\"lines\"".to_owned())].into(),
        connect_at_start: false,
        ..input("behind")
    };
    bench.core.connection_create(behind).await.unwrap();
    let settings = Settings { terminal_font_size: 17, ..Settings::default() };
    bench.core.settings_set(settings).await.unwrap();
    bench
}

async fn items(bench: &Bench, text: &str) -> Vec<TransferItem> {
    bench.core.transfer_preview(text).await.unwrap().items
}

async fn take_all(bench: &Bench, text: &str) -> model::TransferDone {
    let keys = items(bench, text).await.into_iter().map(|item| item.key).collect();
    bench.core.transfer_import(text, keys).await.unwrap()
}

#[tokio::test]
async fn another_computer_gets_everything_and_exports_the_same() {
    let (old, new) = (furnished().await, Bench::start().await);
    let text = old.core.transfer_text().await.unwrap();
    assert!(items(&old, &text).await.iter().all(|item| item.change == TransferChange::Same));
    let asks = items(&new, &text).await.iter().filter(|item| item.asks_for_secrets).count();
    assert_eq!(asks, 2, "two hosts log in with a password");
    let done = take_all(&new, &text).await;
    assert_eq!(
        (done.added, done.replaced),
        (5, 1),
        "2 connections, 2 hosts, 1 favourite; settings"
    );
    assert_eq!(new.core.transfer_text().await.unwrap(), text);
    assert!(std::fs::read_to_string(done.backup).unwrap().contains("terminal_font_size = 13"));
    let view = &new.core.connections().await.unwrap()[0];
    assert_eq!(view.jumps[0].addresses[0].host, "10.0.0.1");
    // And it survives a start.
    let new = new.restart().await;
    assert_eq!(new.core.transfer_text().await.unwrap(), text);
}

#[tokio::test]
async fn what_differs_stays_unless_it_is_chosen() {
    let bench = furnished().await;
    let before = bench.core.transfer_text().await.unwrap();
    let text = before
        .replace("10.0.0.2", "10.9.9.9")
        .replace("terminal_font_size = 17", "terminal_font_size = 20");
    let found = items(&bench, &text).await;
    let differs = |name: &str| {
        found.iter().find(|item| item.name.contains(name)).map(|item| item.change.clone())
    };
    let point = |point: &str| Some(TransferChange::Differs { points: vec![point.into()] });
    assert_eq!(differs("10.9.9.9"), point("address"));
    assert_eq!(differs("Settings"), point("terminal font size"));
    bench.core.transfer_import(&text, Vec::new()).await.unwrap();
    assert_eq!(bench.core.transfer_text().await.unwrap(), before);
    take_all(&bench, &text).await;
    assert_eq!(bench.core.transfer_text().await.unwrap(), text);
}

#[tokio::test]
async fn a_file_with_nonsense_says_what_cannot_be_taken() {
    let bench = Bench::start().await;
    assert_eq!(code(bench.core.transfer_preview("[package]\nname = 1").await), ErrorCode::Invalid);
    let text = furnished().await.core.transfer_text().await.unwrap();
    let text =
        text.replacen("kind = \"fake\"", "kind = \"moon\"", 1).replace("port = 22", "port = 0");
    let found = items(&bench, &text).await;
    let refused =
        found.iter().filter(|i| matches!(i.change, TransferChange::Refused { .. })).count();
    assert_eq!(refused, 3, "two hosts and the connection: {found:?}");
    take_all(&bench, &text).await;
    let views = bench.core.connections().await.unwrap();
    assert_eq!(views.len(), 1);
    assert_eq!(views[0].connection.name, "forge-1");
}

/// Makes a connection with secrets, and gives the vault its passphrase when it asks.
async fn with_secrets(bench: &Bench, input: ConnectionInput) -> model::ConnectionId {
    let creating = bench.core.connection_create(input);
    let answering = async {
        let question = bench
            .until("the question", async || {
                bench.core.questions().await.unwrap().into_iter().next()
            })
            .await;
        let passphrase = model::Secret::new("correct horse".to_owned());
        let answer = app::Answer::VaultPassphrase { passphrase };
        bench.core.question_answer(question.id, answer).await.unwrap();
    };
    let (created, ()) = tokio::join!(creating, answering);
    created.unwrap().connection.id
}

#[tokio::test]
async fn a_known_secret_does_not_follow_a_server_that_moved() {
    let bench = Bench::start().await;
    let with_token = ConnectionInput {
        secrets: [("token".to_owned(), model::Secret::new("canary-1".to_owned()))].into(),
        ..input("forge-1")
    };
    let id = with_secrets(&bench, with_token).await;
    let text = bench.core.transfer_text().await.unwrap();
    assert!(!text.contains("canary"));
    let secrets = async || bench.core.connections().await.unwrap()[0].connection.secrets.len();
    take_all(&bench, &text.replace("connect_at_start = true", "connect_at_start = false")).await;
    assert_eq!(secrets().await, 1, "the same server keeps its secret");
    let moved = text.replace("[connections.fields]", "[connections.fields]\nnote = \"elsewhere\"");
    assert_ne!(moved, text);
    take_all(&bench, &moved).await;
    assert_eq!(secrets().await, 0, "another server does not get it");
    assert_eq!(bench.core.connections().await.unwrap()[0].connection.id, id);
}

#[tokio::test]
async fn settings_that_the_page_would_refuse_are_refused() {
    let bench = Bench::start().await;
    let text = bench.core.transfer_text().await.unwrap();
    let bad = text
        .lines()
        .map(
            |line| {
                if line.starts_with("keepalive_seconds") { "keepalive_seconds = 0" } else { line }
            },
        )
        .collect::<Vec<_>>()
        .join("\n");
    let found = items(&bench, &bad).await;
    let [settings] = found.as_slice() else { panic!("{found:?}") };
    assert!(matches!(settings.change, TransferChange::Refused { .. }), "{settings:?}");
    let before = bench.core.settings();
    assert_eq!(take_all(&bench, &bad).await.replaced, 0);
    assert_eq!(bench.core.settings(), before);
}

#[tokio::test]
async fn a_known_secret_does_not_follow_an_ssh_host_that_moved_under_its_connection() {
    let bench = Bench::start().await;
    let with_token = ConnectionInput {
        ssh_host: Some(host("10.0.0.2", vec![host("10.0.0.1", Vec::new())])),
        secrets: [("token".to_owned(), model::Secret::new("canary-1".to_owned()))].into(),
        connect_at_start: false,
        ..input("forge-1")
    };
    with_secrets(&bench, with_token).await;
    let text = bench.core.transfer_text().await.unwrap();
    let secrets = async || bench.core.connections().await.unwrap()[0].connection.secrets.len();
    take_all(&bench, &text).await;
    assert_eq!(secrets().await, 1, "nothing moved");
    take_all(&bench, &text.replace("10.0.0.1", "10.9.9.9")).await;
    assert_eq!(secrets().await, 0, "another way does not get it");
    let bench = bench.restart().await;
    assert_eq!(bench.core.connections().await.unwrap()[0].connection.secrets.len(), 0);
}
