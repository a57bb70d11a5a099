//! What can go wrong with keeping secrets, in words for a person. Never a secret inside.
//!
//! Deliberately not here: asking the person; the app does that when it sees `SecretsLocked`.

use std::path::PathBuf;

use model::{ErrorCode, Failure};

/// Why a secret could not be read or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// No keychain answers, and there is no vault yet.
    #[error("this computer offers no keychain, and there is no vault yet")]
    VaultMissing,
    /// No keychain answers, and the vault is locked.
    #[error("the vault is locked")]
    VaultLocked,
    /// The passphrase does not open the vault.
    #[error("the passphrase does not open the vault")]
    WrongPassphrase,
    /// A new vault needs a passphrase.
    #[error("the passphrase of the vault is empty")]
    EmptyPassphrase,
    /// There is a vault already; it is not replaced.
    #[error("there is a vault already: {}", path.display())]
    VaultExists { path: PathBuf },
    /// The file is not what was written. It is kept as it is.
    #[error("the file {} is damaged", path.display())]
    Damaged { path: PathBuf },
    /// The file was written by a newer Moorline. Nothing was changed.
    #[error("the file {} was made by a newer Moorline", path.display())]
    Newer { path: PathBuf },
    /// The keychain knows the secret's key, and the file that holds the secret is gone.
    #[error("the file {} is missing", path.display())]
    Lost { path: PathBuf },
    /// The file cannot be read or written.
    #[error("cannot use the file {}", path.display())]
    File { path: PathBuf, detail: String },
    /// The keychain did not answer in time; it may be showing a prompt.
    #[error("{keychain} did not answer within {seconds} seconds")]
    Timeout { keychain: String, seconds: u64 },
    /// The keychain refused, or a person refused to unlock it.
    #[error("{keychain} refused to {action} \"{entry}\"")]
    Refused { keychain: String, action: &'static str, entry: String, detail: String },
    /// The keychain ended in the middle.
    #[error("{keychain} went away")]
    WentAway { keychain: String },
    /// The keychain gave back something that was not written by Moorline.
    #[error("the entry \"{entry}\" in {keychain} is not readable")]
    Garbled { keychain: String, entry: String },
    /// A defect of ours or of the system's random source.
    #[error("cannot protect a secret")]
    Internal { detail: String },
}

impl SecretsError {
    fn hint(&self) -> String {
        match self {
            Self::VaultMissing => {
                "Choose a passphrase for a vault, or start a keychain such as GNOME Keyring or \
                 KWallet."
                    .into()
            }
            Self::VaultLocked => "Enter the passphrase of the vault.".into(),
            Self::WrongPassphrase => {
                "Check the keyboard layout and Caps Lock, then try again.".into()
            }
            Self::EmptyPassphrase => "Enter at least one character.".into(),
            Self::VaultExists { .. } => "Unlock it with its passphrase.".into(),
            Self::Damaged { .. } => {
                "The file was kept. Put back a copy from a backup, or move it away and enter the \
                 secrets again."
                    .into()
            }
            Self::Newer { .. } => {
                "Nothing was changed. Install the newest Moorline, or move this file away.".into()
            }
            Self::Lost { .. } => {
                "Put the file back from a backup, or enter the secret again.".into()
            }
            Self::WentAway { .. } => "Try again.".into(),
            Self::File { path, .. } => {
                format!("Check the rights and the free space of {}.", path.display())
            }
            Self::Timeout { .. } => {
                "Look for a window that asks to unlock the keychain, then try again.".into()
            }
            Self::Refused { .. } => "Unlock the keychain, then try again.".into(),
            Self::Garbled { .. } => {
                "Remove the entry in the keychain's own program and enter the secret again.".into()
            }
            Self::Internal { .. } => "Start Moorline again.".into(),
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::VaultMissing | Self::VaultLocked => ErrorCode::SecretsLocked,
            Self::Timeout { .. } | Self::Refused { .. } => ErrorCode::SecretsLocked,
            Self::WentAway { .. } => ErrorCode::Busy,
            Self::WrongPassphrase | Self::EmptyPassphrase => ErrorCode::Invalid,
            Self::VaultExists { .. } => ErrorCode::Conflict,
            Self::Damaged { .. }
            | Self::Newer { .. }
            | Self::Lost { .. }
            | Self::File { .. }
            | Self::Garbled { .. } => ErrorCode::Storage,
            Self::Internal { .. } => ErrorCode::Internal,
        }
    }
}

impl From<SecretsError> for Failure {
    fn from(error: SecretsError) -> Self {
        let failure = Self::new(error.code(), error.to_string()).with_hint(error.hint());
        match error {
            SecretsError::File { detail, .. }
            | SecretsError::Refused { detail, .. }
            | SecretsError::Internal { detail } => failure.with_detail(detail),
            SecretsError::WrongPassphrase | SecretsError::EmptyPassphrase => {
                failure.with_field("passphrase")
            }
            SecretsError::VaultMissing
            | SecretsError::VaultLocked
            | SecretsError::VaultExists { .. }
            | SecretsError::Damaged { .. }
            | SecretsError::Newer { .. }
            | SecretsError::Lost { .. }
            | SecretsError::WentAway { .. }
            | SecretsError::Timeout { .. }
            | SecretsError::Garbled { .. } => failure,
        }
    }
}
