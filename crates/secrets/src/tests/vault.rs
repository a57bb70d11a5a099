//! Without a keychain: the vault, its passphrase, and what a damaged one says.

use std::sync::atomic::Ordering;

use model::{ErrorCode, Failure, SecretRef};

use super::{CANARY, Fake, assert_no_canary, files, secret, value, without_keychain};
use crate::{Kept, SecretsError};

#[tokio::test]
async fn nothing_is_kept_before_there_is_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = without_keychain(folder.path());
    let name = SecretRef::generate("password");
    assert_eq!(secrets.state().await, Kept::VaultMissing);
    let error = secrets.set(&name, secret(CANARY)).await.unwrap_err();
    assert_eq!(Failure::from(error).code, ErrorCode::SecretsLocked);
    let error = secrets.vault_create(secret("")).await.unwrap_err();
    assert_eq!(error, SecretsError::EmptyPassphrase);
    let error = secrets.vault_unlock(secret("x")).await.unwrap_err();
    assert_eq!(error, SecretsError::VaultMissing);
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn the_vault_opens_with_its_passphrase_only() {
    let folder = tempfile::tempdir().unwrap();
    let (name, long) = (SecretRef::generate("password"), CANARY.repeat(2_000));
    let secrets = without_keychain(folder.path());
    secrets.vault_create(secret("correct horse")).await.unwrap();
    assert_eq!(secrets.state().await, Kept::VaultUnlocked);
    secrets.set(&name, secret(&long)).await.unwrap();
    assert_no_canary(folder.path());

    let secrets = without_keychain(folder.path());
    assert_eq!(secrets.state().await, Kept::VaultLocked);
    assert_eq!(secrets.get(&name).await.unwrap_err(), SecretsError::VaultLocked);
    let refused = secrets.vault_unlock(secret("correct house")).await.unwrap_err();
    assert_eq!(refused, SecretsError::WrongPassphrase);
    assert_eq!(secrets.state().await, Kept::VaultLocked);
    secrets.vault_unlock(secret("correct horse")).await.unwrap();
    assert_eq!(value(&secrets, &name).await.unwrap(), long);
    let error = secrets.vault_create(secret("another")).await.unwrap_err();
    assert!(matches!(error, SecretsError::VaultExists { .. }));
    secrets.delete(&name).await.unwrap();
    assert_eq!(value(&secrets, &name).await, None);
}

#[tokio::test]
async fn a_damaged_vault_is_told_from_a_wrong_passphrase_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let name = SecretRef::generate("password");
    let secrets = without_keychain(folder.path());
    secrets.vault_create(secret("correct horse")).await.unwrap();
    secrets.set(&name, secret("value")).await.unwrap();
    let (path, whole) = files(folder.path()).remove(0);
    let text = String::from_utf8(whole.clone()).unwrap();
    let key_at = text.find("\"key\": \"").unwrap() + 12;
    let mut flipped = whole.clone();
    flipped[key_at] = if flipped[key_at] == b'A' { b'B' } else { b'A' };
    let greedy = text.replace("\"memory_kib\": 65536", "\"memory_kib\": 4000000000").into_bytes();
    let damages = [Vec::new(), whole[..whole.len() / 2].to_vec(), flipped, greedy];
    for damaged in damages {
        std::fs::write(&path, &damaged).unwrap();
        let secrets = without_keychain(folder.path());
        let error = secrets.vault_unlock(secret("correct horse")).await.unwrap_err();
        assert_eq!(error, SecretsError::Damaged { path: path.clone() });
        assert_eq!(std::fs::read(&path).unwrap(), damaged, "kept as it is");
    }
    std::fs::write(&path, text.replace("\"moorline_vault\": 1", "\"moorline_vault\": 2")).unwrap();
    let error = without_keychain(folder.path()).vault_unlock(secret("x")).await.unwrap_err();
    assert_eq!(error, SecretsError::Newer { path });
}

#[tokio::test]
async fn entries_that_were_swapped_do_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (SecretRef::from_raw("one-1"), SecretRef::from_raw("two-2"));
    let secrets = without_keychain(folder.path());
    secrets.vault_create(secret("p")).await.unwrap();
    secrets.set(&one, secret("first")).await.unwrap();
    let (path, bytes) = files(folder.path()).remove(0);
    let text = String::from_utf8(bytes).unwrap();
    std::fs::write(&path, text.replace("\"one-1\"", "\"two-2\"")).unwrap();
    let error = secrets.get(&other).await.unwrap_err();
    assert_eq!(error, SecretsError::Damaged { path });
}

#[tokio::test]
async fn a_keychain_that_comes_later_takes_over_and_the_vault_is_still_read() {
    let (folder, fake) = (tempfile::tempdir().unwrap(), Fake::new());
    let (early, late) = (SecretRef::generate("password"), SecretRef::generate("password"));
    fake.is_away.store(true, Ordering::SeqCst);
    let secrets = fake.secrets(folder.path());
    secrets.vault_create(secret("p")).await.unwrap();
    secrets.set(&early, secret("early")).await.unwrap();
    secrets.set(&late, secret("late")).await.unwrap();
    fake.is_away.store(false, Ordering::SeqCst);

    let secrets = fake.secrets(folder.path());
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    assert_eq!(value(&secrets, &SecretRef::generate("password")).await, None);
    assert_eq!(secrets.get(&early).await.unwrap_err(), SecretsError::VaultLocked);
    secrets.vault_unlock(secret("p")).await.unwrap();
    assert_eq!(value(&secrets, &early).await.unwrap(), "early");
    secrets.set(&late, secret("moved")).await.unwrap();
    let vault = String::from_utf8(files(folder.path()).remove(0).1).unwrap();
    assert!(vault.contains(early.as_str()) && !vault.contains(late.as_str()));
    assert_eq!(value(&fake.secrets(folder.path()), &late).await.unwrap(), "moved");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("file");
    std::fs::write(&in_the_way, "").unwrap();
    let error = without_keychain(&in_the_way).vault_create(secret("p")).await.unwrap_err();
    assert!(matches!(error, SecretsError::File { .. }), "{error}");
    assert!(error.to_string().contains("file"));
}
