//! Which host names a known-hosts line speaks of: lists, wildcards, negations, hashes.

use hmac::{Hmac, KeyInit, Mac};
use model::HostAddress;
use russh::keys::ssh_key::known_hosts::HostPatterns;
use sha1::Sha1;

const DEFAULT_PORT: u16 = 22;

/// A host as known-hosts files write it: lower case, with brackets and port unless the port is 22.
pub(crate) fn written_name(address: &HostAddress) -> String {
    let host = address.host.to_lowercase();
    if address.port == DEFAULT_PORT { host } else { format!("[{host}]:{}", address.port) }
}

/// The host without its port, when its written name has one: OpenSSH accepts such a line too.
pub(crate) fn bare_name(address: &HostAddress) -> Option<String> {
    (address.port != DEFAULT_PORT).then(|| address.host.to_lowercase())
}

/// Whether a line's patterns cover `name`, which is in lower case.
pub(crate) fn covers(patterns: &HostPatterns, name: &str) -> bool {
    match patterns {
        HostPatterns::Patterns(list) => list_covers(list, name),
        HostPatterns::HashedName { salt, hash } => is_hash_of(salt, hash, name),
    }
}

/// One negated match outweighs any number of others.
fn list_covers(list: &[String], name: &str) -> bool {
    let mut is_covered = false;
    for pattern in list {
        if let Some(negated) = pattern.strip_prefix('!') {
            if matches(&negated.to_lowercase(), name) {
                return false;
            }
        } else if matches(&pattern.to_lowercase(), name) {
            is_covered = true;
        }
    }
    is_covered
}

fn is_hash_of(salt: &[u8], hash: &[u8; 20], name: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(salt) else { return false };
    mac.update(name.as_bytes());
    mac.verify_slice(hash).is_ok()
}

/// Glob with `*` and `?`, in time proportional to the product of the lengths.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.as_bytes(), name.as_bytes());
    // Where to go on when the text after the latest star turns out not to match.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), name.split_first()) {
            (Some((b'*', rest)), _) => {
                retry = Some((rest, name));
                pattern = rest;
            }
            (Some((p, pattern_rest)), Some((n, name_rest))) if *p == b'?' || p == n => {
                (pattern, name) = (pattern_rest, name_rest);
            }
            (None, None) => return true,
            _ => {
                let Some((after_star, (_, shorter))) =
                    retry.and_then(|(p, n)| Some((p, n.split_first()?)))
                else {
                    return false;
                };
                retry = Some((after_star, shorter));
                (pattern, name) = (after_star, shorter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matches;

    /// The definition itself, exponential and obviously right.
    fn reference(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => {
                reference(rest, name) || (!name.is_empty() && reference(pattern, &name[1..]))
            }
            ([b'?', rest @ ..], [_, tail @ ..]) => reference(rest, tail),
            ([p, rest @ ..], [n, tail @ ..]) => p == n && reference(rest, tail),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn globs_agree_with_their_definition(pattern in "[ab*?]{0,8}", name in "[ab]{0,10}") {
            prop_assert_eq!(
                matches(&pattern, &name),
                reference(pattern.as_bytes(), name.as_bytes())
            );
        }
    }
}
