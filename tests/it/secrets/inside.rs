//! The checks that run in a process of their own; the tests beside start them.

use std::io::Write;
use std::path::PathBuf;

use model::{Connection, ConnectionId, Kind, Secret, SecretRef};
use secrets::{Kept, Secrets, SecretsError, SystemKeychain};
use store::Store;

/// Names the folder that Moorline uses in the child.
pub(super) const FOLDER: &str = "MOORLINE_SECRETS_TEST_FOLDER";
pub(super) const CANARY: &str = "canary-51c0ffee-must-never-be-on-disk";

fn folder() -> PathBuf {
    std::env::var_os(FOLDER).expect("started by the tests beside").into()
}

fn open() -> Secrets {
    Secrets::open(&folder(), SystemKeychain::UseIt)
}

fn short() -> SecretRef {
    SecretRef::from_raw("password-short")
}

fn long() -> SecretRef {
    SecretRef::from_raw("key-long")
}

/// 40 KB, as a large private key with its certificate chain would be.
fn long_value() -> String {
    CANARY.repeat(40 * 1024 / CANARY.len() + 1)
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

async fn value(secrets: &Secrets, name: &SecretRef) -> Option<String> {
    secrets.get(name).await.unwrap().map(|value| value.expose().clone())
}

/// Says one line to a child that waits for it.
pub(super) fn tell(child: &mut impl Write, word: &str) {
    writeln!(child, "{word}").unwrap();
    child.flush().unwrap();
}

fn wait_for_word() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "the parent ended");
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn keeps_values() {
    let secrets = open();
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    secrets.set(&short(), secret(&format!("{CANARY} ü"))).await.unwrap();
    secrets.set(&long(), secret("a first value")).await.unwrap();
    secrets.set(&long(), secret(&long_value())).await.unwrap();
    // The database beside it knows the references only.
    let store = Store::open(&folder()).await.unwrap().store;
    let connection = Connection {
        id: ConnectionId::generate(),
        kind: Kind::new("podman"),
        name: "forge".into(),
        fields: [].into(),
        secrets: [("password".to_owned(), short())].into(),
        ssh_host_id: None,
        connect_at_start: false,
        created_at: 0,
    };
    store.put_connection(&connection).await.unwrap();
    store.close().await;
    let many = (0..16).map(|number| {
        let secrets = secrets.clone();
        tokio::spawn(async move {
            let name = SecretRef::from_raw(format!("many-{number}"));
            secrets.set(&name, secret(&format!("value {number}"))).await.unwrap();
            secrets.delete(&name).await.unwrap();
            assert_eq!(value(&secrets, &name).await, None);
        })
    });
    for one in many.collect::<Vec<_>>() {
        one.await.unwrap();
    }
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn finds_values() {
    let secrets = open();
    assert_eq!(value(&secrets, &short()).await.unwrap(), format!("{CANARY} ü"));
    assert_eq!(value(&secrets, &long()).await.unwrap(), long_value());
    assert_eq!(value(&secrets, &SecretRef::generate("password")).await, None);
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn forgets_values() {
    let secrets = open();
    for name in [short(), long()] {
        secrets.delete(&name).await.unwrap();
        assert_eq!(value(&open(), &name).await, None);
    }
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn uses_the_vault() {
    let secrets = open();
    assert_eq!(secrets.state().await, Kept::VaultMissing);
    let refused = secrets.set(&short(), secret(CANARY)).await.unwrap_err();
    assert_eq!(refused, SecretsError::VaultMissing);
    secrets.vault_create(secret("correct horse")).await.unwrap();
    secrets.set(&short(), secret(CANARY)).await.unwrap();
    secrets.set(&long(), secret(&long_value())).await.unwrap();
    assert_eq!(secrets.state().await, Kept::VaultUnlocked);
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn opens_the_vault() {
    let secrets = open();
    assert_eq!(secrets.state().await, Kept::VaultLocked);
    assert_eq!(secrets.get(&short()).await.unwrap_err(), SecretsError::VaultLocked);
    let wrong = secrets.vault_unlock(secret("wrong")).await.unwrap_err();
    assert_eq!(wrong, SecretsError::WrongPassphrase);
    secrets.vault_unlock(secret("correct horse")).await.unwrap();
    assert_eq!(value(&secrets, &short()).await.unwrap(), CANARY);
    assert_eq!(value(&secrets, &long()).await.unwrap(), long_value());
}

#[tokio::test]
#[ignore = "started by the tests beside"]
async fn waits_for_a_keyring() {
    let secrets = open();
    assert_eq!(secrets.state().await, Kept::VaultMissing);
    println!("no keychain");
    wait_for_word();
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    secrets.set(&short(), secret("kept")).await.unwrap();
    println!("kept");
    wait_for_word();
    assert_eq!(secrets.state().await, Kept::VaultMissing);
    assert_eq!(secrets.get(&long()).await.unwrap_err(), SecretsError::VaultMissing);
    println!("gone");
    wait_for_word();
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    assert_eq!(value(&open(), &short()).await.unwrap(), "kept");
}
