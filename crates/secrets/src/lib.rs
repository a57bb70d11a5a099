//! SecretRef to Secret through the OS keychain, or a passphrase vault where there is none.
