//! What the form sends is checked by field, stored whole or not at all, and its secrets never come back.

use app::Answer;
use model::{
    ConnectionInput, ErrorCode, HostAddress, QuestionKind, Secret, SshAuthInput, SshHostInput,
};

use crate::bench::{Bench, input};

fn host(address: &str, user: &str) -> SshHostInput {
    SshHostInput {
        id: None,
        addresses: vec![HostAddress { host: address.into(), port: 22 }],
        user: user.into(),
        auth: vec![SshAuthInput::KeyboardInteractive],
        jumps: Vec::new(),
    }
}

fn with_host(change: impl FnOnce(&mut SshHostInput)) -> ConnectionInput {
    let mut ssh_host = host("10.0.0.2", "dev");
    change(&mut ssh_host);
    ConnectionInput { ssh_host: Some(ssh_host), ..input("forge-1") }
}

#[tokio::test]
async fn what_will_not_do_is_named_by_its_field() {
    let bench = Bench::start().await;
    let field = |name: &str, value: &str| ConnectionInput {
        fields: [(name.to_owned(), value.to_owned())].into(),
        ..input("forge-1")
    };
    let cases = [
        (input("  "), "name", "a connection needs a name"),
        (field("note", "bad"), "note", "bad is not a note"),
        (field("api_port", "70000"), "api_port", "\"70000\" is not a port"),
        (
            with_host(|h| h.addresses.clear()),
            "ssh_host.addresses.0.host",
            "the server's address is missing",
        ),
        (
            with_host(|h| h.addresses[0].host = "dev@forge".into()),
            "ssh_host.addresses.0.host",
            "\"dev@forge\" is not a host name or an IP address",
        ),
        (with_host(|h| h.addresses[0].port = 0), "ssh_host.addresses.0.port", "0 is not a port"),
        (with_host(|h| h.user = " ".into()), "ssh_host.user", "the login name is missing"),
        (
            with_host(|h| {
                h.auth = vec![SshAuthInput::KeyFile { path: "~/nothing".into(), passphrase: None }];
            }),
            "ssh_host.auth",
            "there is no file ~/nothing that can be read",
        ),
        (
            with_host(|h| h.jumps = vec![host("10.0.0.2", "dev")]),
            "ssh_host.jumps.0.addresses.0.host",
            "the way goes through 10.0.0.2:22 twice",
        ),
    ];
    for (input, field, message) in cases {
        let failure = bench.core.connection_create(input).await.unwrap_err();
        assert_eq!((failure.field.as_deref(), failure.message.as_str()), (Some(field), message));
        assert!(failure.hint.is_some(), "{message} has a next step");
    }
    assert!(bench.core.connections().await.unwrap().is_empty());
    assert!(bench.core.ssh_hosts().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_with_one_that_is_free() {
    let bench = Bench::start().await;
    bench.connected().await;
    let failure = bench.core.connection_create(input("forge-1")).await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Conflict);
    assert_eq!(failure.message, "there is a connection \"forge-1\" already");
    assert_eq!(failure.hint.as_deref(), Some("forge-1-2 is free."));
}

#[tokio::test]
async fn a_secret_asks_for_the_vault_and_reaches_the_server() {
    let bench = Bench::start().await;
    let mut with_secret = input("forge-1");
    with_secret.secrets.insert("token".into(), Secret::new("canary-1".into()));
    let creating = bench.core.connection_create(with_secret);
    let answering = async {
        let question = bench
            .until("the question", async || {
                bench.core.questions().await.unwrap().into_iter().next()
            })
            .await;
        assert!(matches!(question.question, QuestionKind::VaultPassphrase { is_new: true, .. }));
        let passphrase = Secret::new("correct horse".into());
        let answer = Answer::VaultPassphrase { passphrase };
        bench.core.question_answer(question.id, answer).await.unwrap();
    };
    let (created, ()) = tokio::join!(creating, answering);
    let view = created.unwrap();
    bench.until_connected(&view.connection.id).await;
    assert!(bench.core.questions().await.unwrap().is_empty());
    let given = bench.server.state().given_secrets.clone();
    assert_eq!(given, [("token".to_owned(), "canary-1".to_owned())]);
    assert!(!serde_json::to_string(&view).unwrap().contains("canary"));
}

#[tokio::test]
async fn refusing_the_vault_stores_nothing() {
    let bench = Bench::start().await;
    let mut with_secret = input("forge-1");
    with_secret.secrets.insert("token".into(), Secret::new("canary-2".into()));
    let creating = bench.core.connection_create(with_secret);
    let answering = async {
        let question = bench
            .until("the question", async || {
                bench.core.questions().await.unwrap().into_iter().next()
            })
            .await;
        let misfit = bench.core.question_answer(question.id.clone(), Answer::TrustHostKey).await;
        assert_eq!(misfit.unwrap_err().code, ErrorCode::Invalid);
        bench.core.question_answer(question.id, Answer::Refuse).await.unwrap();
    };
    let (created, ()) = tokio::join!(creating, answering);
    assert_eq!(created.unwrap_err().code, ErrorCode::SecretsLocked);
    assert!(bench.core.connections().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_question_goes_away_with_whoever_asked() {
    let bench = Bench::start().await;
    let mut with_secret = input("forge-1");
    with_secret.secrets.insert("token".into(), Secret::new("canary-3".into()));
    let waiting = async || bench.core.questions().await.unwrap().into_iter().next();
    tokio::select! {
        _ = bench.core.connection_create(with_secret) => panic!("nobody answered"),
        _ = bench.until("the question", waiting) => {}
    }
    let gone = async || bench.core.questions().await.unwrap().is_empty().then_some(());
    bench.until("the question to go away", gone).await;
}

#[tokio::test]
async fn deleting_forgets_the_connection_and_its_host() {
    let bench = Bench::start().await;
    let view = bench.core.connection_create(with_host(|_| {})).await.unwrap();
    assert_eq!(bench.core.ssh_hosts().await.unwrap().len(), 1);
    bench.core.connection_delete(&view.connection.id).await.unwrap();
    assert!(bench.core.connections().await.unwrap().is_empty());
    assert!(bench.core.ssh_hosts().await.unwrap().is_empty());
    let again = bench.restart().await;
    assert!(again.core.connections().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_changed_connection_is_connected_anew_and_keeps_its_id() {
    let bench = Bench::start().await;
    let id = bench.connected().await;
    let view = bench.core.connection_update(&id, input("forge-2")).await.unwrap();
    assert_eq!(view.connection.id, id);
    assert_eq!(view.connection.name, "forge-2");
    bench.until_connected(&id).await;
    assert_eq!(bench.server.connects(), 2);
}

#[tokio::test]
async fn an_edit_forgets_the_hosts_that_nothing_needs_any_more() {
    let bench = Bench::start().await;
    let input = with_host(|h| h.jumps = vec![host("10.0.0.1", "dev")]);
    let view = bench.core.connection_create(input.clone()).await.unwrap();
    let id = view.connection.id;
    let known = async || {
        let hosts = bench.core.ssh_hosts().await.unwrap();
        let mut names: Vec<_> = hosts.into_iter().map(|h| h.addresses[0].host.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(known().await, ["10.0.0.1", "10.0.0.2"]);
    let mut direct = input.clone();
    let kept = direct.ssh_host.as_mut().unwrap();
    kept.id = view.ssh_host.map(|host| host.id);
    kept.jumps.clear();
    bench.core.connection_update(&id, direct).await.unwrap();
    assert_eq!(known().await, ["10.0.0.2"], "the jump is gone");
    let other = with_host(|h| h.addresses[0].host = "10.0.0.3".into());
    bench.core.connection_update(&id, other).await.unwrap();
    assert_eq!(known().await, ["10.0.0.3"], "the host it led to is gone");
}
