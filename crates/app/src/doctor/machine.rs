//! From what the link tells while it is made to the stages of each machine on the way.

use std::{net::IpAddr, sync::PoisonError};

use model::{ErrorCode, Failure, HostAddress, HostKey, KnownKey, StageStatus};
use ssh::Progress;

use super::board::{Board, Ending};

/// This computer may stand behind the address of a server.
const THIS_COMPUTER: &str = "this address is this computer itself";
const REMOTE_ONLY: &str = "Moorline is remote-only by design: what runs in a dev container must not \
                           run beside your own files. It is fine for a server to practise on, or for \
                           the near end of a tunnel.";

impl Board {
    /// Takes one step of making the link.
    pub(super) fn progress(&self, progress: Progress) {
        match progress {
            Progress::Resolving { hop, .. } => self.begin("name", at(hop)),
            Progress::Connecting { hop, address, found } => self.connecting(hop, &address, &found),
            Progress::ShakingHands { hop, address } => self.answered(hop, &address),
            Progress::KeyKnown { hop, key, known } => {
                self.pass("host_key", at(hop), known_words(&key, known.as_ref()));
            }
            Progress::KeyAccepted { hop, key } => {
                self.pass("host_key", at(hop), format!("{}, accepted just now", key_words(&key)));
            }
            Progress::AddressFailed { hop, address, failure } => {
                let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.push((hop, address, failure));
            }
            Progress::LoggingIn { hop } => self.begin("login", at(hop)),
            Progress::KeyOffered { hop, line } => {
                let mut offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner);
                if !offered.contains(&(hop, line.clone())) {
                    offered.push((hop, line));
                }
            }
            Progress::LoggedIn { hop, method } => {
                let state = self.snapshot();
                let user = state.hops.get(hop).map_or("", |hop| hop.user.as_str());
                self.pass("login", at(hop), format!("{user}, with {method}"));
            }
        }
    }

    fn connecting(&self, hop: usize, address: &HostAddress, found: &[IpAddr]) {
        if hop > 0 {
            let state = self.snapshot();
            let before = hop.checked_sub(1).and_then(|before| state.hops.get(before));
            let name = before.map_or("the machine before", |before| before.name.as_str());
            self.skip("name", at(hop), format!("looked up by {name}"));
        } else if self.snapshot().hops.len() == 1 && found.iter().any(IpAddr::is_loopback) {
            let failure =
                Failure::new(ErrorCode::Unsupported, THIS_COMPUTER).with_hint(REMOTE_ONLY);
            let ending = Ending {
                status: StageStatus::Warned,
                summary: Some(found_words(address, found)),
                failure: Some(failure),
                fixes: Vec::new(),
            };
            self.finish("name", at(hop), ending);
        } else {
            self.pass("name", at(hop), found_words(address, found));
        }
        self.begin("port", at(hop));
        self.say(&format!("knocking at {address}"));
    }

    /// Somebody answers at this address, which is used or asked about; others may have failed before.
    fn answered(&self, hop: usize, open: &HostAddress) {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match failed.into_iter().find(|(of, address, _)| *of == hop && address != open) {
            None => self.pass("port", at(hop), format!("{} is open", open.port)),
            Some((_, address, failure)) => {
                let did = match failure.code {
                    ErrorCode::HostKeyUnknown
                    | ErrorCode::HostKeyChanged
                    | ErrorCode::HostKeyRevoked => "shows a host key that nobody vouches for",
                    _ => "did not",
                };
                let ending = Ending {
                    status: StageStatus::Warned,
                    summary: Some(format!("{open} answers, {address} {did}")),
                    failure: Some(failure),
                    fixes: Vec::new(),
                };
                self.finish("port", at(hop), ending);
            }
        }
        self.begin("host_key", at(hop));
    }
}

fn at(hop: usize) -> Option<u32> {
    u32::try_from(hop).ok()
}

fn found_words(address: &HostAddress, found: &[IpAddr]) -> String {
    let mut all: Vec<String> = found.iter().map(ToString::to_string).collect();
    all.dedup();
    match all.as_slice() {
        [only] if *only == address.host => format!("{only} is an address already"),
        all => format!("{} is {}", address.host, all.join(", ")),
    }
}

fn key_words(key: &HostKey) -> String {
    format!("{} {}", key.algorithm, key.fingerprint)
}

fn known_words(key: &HostKey, known: Option<&KnownKey>) -> String {
    match known {
        None => format!("{} is known", key_words(key)),
        Some(known) if known.key.fingerprint == key.fingerprint => {
            format!("{} matches {}, line {}", key_words(key), known.file, known.line)
        }
        Some(known) => {
            format!("{}, vouched for by {}, line {}", key_words(key), known.file, known.line)
        }
    }
}
