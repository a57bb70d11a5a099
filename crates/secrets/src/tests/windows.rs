//! The real credential store of Windows, with its limit on the size of an entry.

use model::SecretRef;

use super::{files, secret, value};
use crate::entry::SHORT_BYTES;
use crate::keychain::{Keychain, Trouble};
use crate::{Kept, Secrets, SystemKeychain};

/// What Windows takes in one entry.
const MOST_BYTES: usize = 2_560;

#[test]
fn windows_refuses_one_byte_more_than_we_rely_on() {
    let mut keychain = Keychain::new(SystemKeychain::UseIt);
    let name = SecretRef::generate("test");
    assert!(keychain.write(name.as_str(), &"x".repeat(MOST_BYTES)).is_ok());
    let kept = keychain.read(name.as_str()).ok().flatten().unwrap();
    assert_eq!(kept.len(), MOST_BYTES);
    let refused = keychain.write(name.as_str(), &"y".repeat(MOST_BYTES + 1));
    assert!(matches!(refused, Err(Trouble::Failed(_))));
    assert!(keychain.remove(name.as_str()).is_ok());
    assert!(matches!(keychain.read(name.as_str()), Ok(None)));
}

#[tokio::test]
async fn values_of_every_length_come_back_in_another_start() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(folder.path(), SystemKeychain::UseIt);
    assert!(matches!(secrets.state().await, Kept::Keychain { .. }));
    // Two bytes a letter: it is bytes that count.
    let of = |bytes: usize| "ü".repeat(bytes / 2);
    for bytes in [0, 2, SHORT_BYTES, SHORT_BYTES + 2, MOST_BYTES, 20_000] {
        let name = SecretRef::generate("test");
        secrets.set(&name, secret(&of(bytes))).await.unwrap();
        assert_eq!(files(folder.path()).len(), usize::from(bytes > SHORT_BYTES), "{bytes}");
        let later = Secrets::open(folder.path(), SystemKeychain::UseIt);
        assert_eq!(value(&later, &name).await, Some(of(bytes)), "{bytes}");
        later.delete(&name).await.unwrap();
        let afterwards = Secrets::open(folder.path(), SystemKeychain::UseIt);
        assert_eq!(value(&afterwards, &name).await, None, "{bytes}");
        assert!(files(folder.path()).is_empty(), "{bytes}");
    }
}

#[tokio::test]
async fn a_long_value_instead_of_a_short_one_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Secrets::open(folder.path(), SystemKeychain::UseIt);
    let name = SecretRef::generate("test");
    for text in ["short".to_owned(), "long ".repeat(2_000), "short again".to_owned()] {
        secrets.set(&name, secret(&text)).await.unwrap();
        let later = Secrets::open(folder.path(), SystemKeychain::UseIt);
        assert_eq!(value(&later, &name).await, Some(text));
    }
    assert!(files(folder.path()).is_empty());
    secrets.delete(&name).await.unwrap();
}
