//! What is known of a connection while it lives, and why it ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use model::{ErrorCode, Failure};
use russh::keys::PublicKey;
use tokio::sync::watch;

use crate::Negotiated;

/// Shared between russh's task and ours.
#[derive(Debug)]
pub(crate) struct Vitals {
    /// Why it ended, once it has.
    lost: watch::Sender<Option<Failure>>,
    negotiated: Mutex<Option<Negotiated>>,
    /// The key that the server has proven, unless it was vouched for by a certificate.
    host_key: OnceLock<PublicKey>,
    /// The host keys that the server says it has, once it does.
    announced: watch::Sender<Option<Vec<PublicKey>>>,
    /// Bytes that came in so far.
    received: Arc<AtomicU64>,
    host_name: String,
    /// The connection that carries this one.
    via: Option<Arc<Vitals>>,
}

impl Vitals {
    pub(crate) fn new(host_name: &str, via: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self {
            lost: watch::Sender::new(None),
            negotiated: Mutex::new(None),
            host_key: OnceLock::new(),
            announced: watch::Sender::new(None),
            received: Arc::default(),
            host_name: host_name.to_owned(),
            via,
        })
    }

    /// Notes the end. The first reason counts.
    pub(crate) fn end(&self, reason: Failure) {
        self.lost.send_if_modified(|lost| {
            let is_first = lost.is_none();
            lost.get_or_insert(reason);
            is_first
        });
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.lost.borrow().is_some()
    }

    pub(crate) fn why_lost(&self) -> Option<Failure> {
        self.lost.borrow().clone()
    }

    pub(crate) async fn lost(&self) -> Failure {
        let mut lost = self.lost.subscribe();
        match lost.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_else(|| self.connection_lost("")),
            Err(_) => self.connection_lost(""),
        }
    }

    pub(crate) fn negotiated(&self) -> Option<Negotiated> {
        self.negotiated.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_negotiated(&self, negotiated: Negotiated) {
        *self.negotiated.lock().unwrap_or_else(PoisonError::into_inner) = Some(negotiated);
    }

    pub(crate) fn host_key(&self) -> Option<PublicKey> {
        self.host_key.get().cloned()
    }

    pub(crate) fn set_host_key(&self, key: PublicKey) {
        let _ = self.host_key.set(key);
    }

    /// Waits until the server says which host keys it has; many never do.
    pub(crate) async fn announced(&self) -> Vec<PublicKey> {
        let mut announced = self.announced.subscribe();
        let told = announced.wait_for(Option::is_some).await;
        told.ok().and_then(|told| told.clone()).unwrap_or_default()
    }

    /// Notes the keys of the first announcement.
    pub(crate) fn announce(&self, keys: Vec<PublicKey>) {
        self.announced.send_if_modified(|announced| {
            let is_first = announced.is_none();
            announced.get_or_insert(keys);
            is_first
        });
    }

    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.received)
    }

    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// The bytes that came in so far from every connection below this one, the nearest host first.
    pub(crate) fn received_below(&self) -> Vec<u64> {
        self.below().iter().map(|vitals| vitals.received()).collect()
    }

    /// Notes the end of a connection that fell silent. When a connection below it fell silent too, since
    /// `before` was counted, that one has ended and this one only for its sake.
    pub(crate) fn end_in_silence(&self, before: &[u64]) {
        const SILENCE: &str = "no sign of life from the server";
        let below = self.below();
        let mut counted = below.iter().zip(before);
        if let Some((silent, _)) = counted.find(|(vitals, before)| vitals.received() == **before) {
            silent.end(silent.connection_lost(SILENCE));
        }
        self.end(self.connection_lost(SILENCE));
    }

    /// What to say of a connection that broke. Names the host where the way broke.
    pub(crate) fn connection_lost(&self, detail: &str) -> Failure {
        let lost = |message| Failure::new(ErrorCode::Unreachable, message);
        let broken_below = self.below().into_iter().find(|vitals| vitals.is_lost());
        let name = &self.host_name;
        let failure = match broken_below {
            Some(jump) => lost(format!(
                "the connection to {name} was lost, because the one to {} on the way was",
                jump.host_name
            ))
            .with_hint(format!("Check {} and the network up to it.", jump.host_name)),
            None => lost(format!("the connection to {name} was lost"))
                .with_hint("Check the network, then connect again."),
        };
        if detail.is_empty() { failure } else { failure.with_detail(detail) }
    }

    fn below(&self) -> Vec<&Self> {
        let mut below: Vec<&Self> =
            std::iter::successors(self.via.as_deref(), |vitals| vitals.via.as_deref()).collect();
        below.reverse();
        below
    }
}
