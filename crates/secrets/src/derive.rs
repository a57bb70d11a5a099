//! From a passphrase to a key: argon2id, with the costs stored beside the salt.
//!
//! Deliberately not here: what the key opens.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Secret;
use serde::{Deserialize, Serialize};

use crate::SecretsError;
use crate::seal::{self, Key};

/// The second choice of RFC 9106, for computers that have other things to do with their memory.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// A file may ask for no more: a changed one must not be able to eat all memory.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 20;
const MAX_LANES: u32 = 16;

/// How a key is made from a passphrase; kept in the clear.
#[derive(Serialize, Deserialize)]
pub(crate) struct Derivation {
    algorithm: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

impl Derivation {
    /// Today's costs and a fresh salt.
    pub(crate) fn new() -> Result<Self, SecretsError> {
        Ok(Self {
            algorithm: "argon2id".into(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: STANDARD.encode(seal::random::<16>()?),
        })
    }

    /// The key, or none when algorithm or costs are not ones we would write.
    pub(crate) fn derive(&self, passphrase: &Secret<String>) -> Option<Key> {
        let is_bounded = self.memory_kib <= MAX_MEMORY_KIB
            && self.passes <= MAX_PASSES
            && self.lanes <= MAX_LANES;
        if self.algorithm != "argon2id" || !is_bounded {
            return None;
        }
        let salt = STANDARD.decode(&self.salt).ok()?;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None).ok()?;
        let mut key = Key::default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), &salt, key.as_mut_slice())
            .ok()?;
        Some(key)
    }
}
