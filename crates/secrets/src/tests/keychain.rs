//! With a keychain: what goes into it, what goes beside it, and what happens when it fails.

use std::sync::atomic::Ordering;

use keyring_core::Error;
use model::{ErrorCode, Failure, SecretRef};

use super::{CANARY, Fake, assert_no_canary, files, secret, value};
use crate::{Kept, SecretsError};

#[tokio::test]
async fn a_value_survives_a_restart_and_is_forgotten_when_asked() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("password");
    let secrets = fake.secrets(folder.path());
    assert_eq!(value(&secrets, &name).await, None);
    secrets.set(&name, secret("hunter2 ü")).await.unwrap();
    assert_eq!(value(&fake.secrets(folder.path()), &name).await.unwrap(), "hunter2 ü");
    secrets.delete(&name).await.unwrap();
    secrets.delete(&name).await.unwrap();
    assert_eq!(value(&secrets, &name).await, None);
    assert_eq!(value(&fake.secrets(folder.path()), &name).await, None);
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_long_value_goes_to_one_sealed_file_that_follows_it() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("key");
    let secrets = fake.secrets(folder.path());
    let long = CANARY.repeat(2_000);
    secrets.set(&name, secret(&long)).await.unwrap();
    secrets.set(&name, secret(&long)).await.unwrap();
    assert_eq!(files(folder.path()).len(), 1, "the earlier file is gone");
    assert_no_canary(folder.path());
    assert!(!fake.raw(&name).unwrap().contains(CANARY));
    assert_eq!(value(&fake.secrets(folder.path()), &name).await.unwrap(), long);
    secrets.set(&name, secret("short")).await.unwrap();
    assert!(files(folder.path()).is_empty());
    assert_eq!(value(&fake.secrets(folder.path()), &name).await.unwrap(), "short");
}

#[tokio::test]
async fn a_changed_or_missing_file_is_told_apart_and_kept() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("key");
    fake.secrets(folder.path()).set(&name, secret(&CANARY.repeat(100))).await.unwrap();
    let (path, mut bytes) = files(folder.path()).remove(0);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let error = fake.secrets(folder.path()).get(&name).await.unwrap_err();
    assert_eq!(error, SecretsError::Damaged { path: path.clone() });
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    std::fs::remove_file(&path).unwrap();
    let error = fake.secrets(folder.path()).get(&name).await.unwrap_err();
    assert_eq!(error, SecretsError::Lost { path });
}

#[tokio::test]
async fn a_file_moved_to_another_secret_does_not_open() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let (one, other) = (SecretRef::generate("key"), SecretRef::generate("key"));
    let secrets = fake.secrets(folder.path());
    secrets.set(&one, secret(&CANARY.repeat(100))).await.unwrap();
    fake.set_raw(&other, fake.raw(&one).unwrap().as_bytes());
    assert!(matches!(secrets.get(&other).await, Err(SecretsError::Damaged { .. })));
}

#[tokio::test]
async fn many_readers_get_the_value_and_later_ones_get_it_from_memory() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("password");
    fake.secrets(folder.path()).set(&name, secret("once")).await.unwrap();
    let secrets = fake.secrets(folder.path());
    let readers = (0..50).map(|_| {
        let (secrets, name) = (secrets.clone(), name.clone());
        tokio::spawn(async move { value(&secrets, &name).await })
    });
    let readers: Vec<_> = readers.collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().unwrap(), "once");
    }
    fake.fail_next(&name, Error::NoStorageAccess("locked".into()));
    assert_eq!(value(&secrets, &name).await.unwrap(), "once", "read from memory");
}

#[tokio::test]
async fn a_refusal_names_the_entry_and_the_next_step() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::from_raw("password-1");
    fake.fail_next(&name, Error::NoStorageAccess("the prompt was dismissed".into()));
    let error = fake.secrets(folder.path()).get(&name).await.unwrap_err();
    let failure = Failure::from(error);
    assert_eq!(failure.code, ErrorCode::SecretsLocked);
    assert!(failure.message.ends_with("refused to read \"password-1\""), "{}", failure.message);
    assert_eq!(failure.hint.unwrap(), "Unlock the keychain, then try again.");
    assert!(failure.detail.unwrap().contains("the prompt was dismissed"));
}

#[tokio::test]
async fn an_entry_of_someone_else_is_not_returned_and_can_be_replaced() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::from_raw("password-1");
    for garbage in [b"hello".as_slice(), b"moorline-value-1:***", b"\xff\xfe"] {
        fake.set_raw(&name, garbage);
        let secrets = fake.secrets(folder.path());
        let error = secrets.get(&name).await.unwrap_err();
        assert!(matches!(error, SecretsError::Garbled { .. }), "{error}");
        secrets.set(&name, secret("mine")).await.unwrap();
        assert_eq!(value(&secrets, &name).await.unwrap(), "mine");
    }
}

#[tokio::test]
async fn a_broken_connection_is_made_again_and_a_new_keychain_is_noticed() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("password");
    let secrets = fake.secrets(folder.path());
    fake.is_away.store(true, Ordering::SeqCst);
    assert_eq!(secrets.state().await, Kept::VaultMissing);
    assert_eq!(secrets.get(&name).await.unwrap_err(), SecretsError::VaultMissing);
    fake.is_away.store(false, Ordering::SeqCst);
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    secrets.set(&name, secret("kept")).await.unwrap();
    let before = fake.connects.load(Ordering::SeqCst);
    fake.fail_next(&name, Error::PlatformFailure("the bus closed".into()));
    secrets.set(&name, secret("again")).await.unwrap();
    assert_eq!(fake.connects.load(Ordering::SeqCst), before + 1);
    assert_eq!(value(&fake.secrets(folder.path()), &name).await.unwrap(), "again");
}

#[tokio::test]
async fn a_keychain_that_fails_to_keep_a_long_value_leaves_no_file() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let name = SecretRef::generate("key");
    let secrets = fake.secrets(folder.path());
    fake.fail_next(&name, Error::NoStorageAccess("no".into()));
    secrets.set(&name, secret(&CANARY.repeat(100))).await.unwrap_err();
    assert!(files(folder.path()).is_empty());
}
