//! Updates of the app: when to ask, what came of it, and installing. Off means that nobody is asked.
//!
//! Asking and installing themselves are the host's.

use std::{sync::Arc, time::Duration};

use model::{ErrorCode, Failure, UpdateOffer, UpdateState};
use tokio::sync::{Mutex, watch};

use crate::{Core, CoreEvent, shared::Shared};

/// The app is in use before anybody is asked.
const FIRST: Duration = Duration::from_secs(20);
const AGAIN: Duration = Duration::from_secs(24 * 60 * 60);
/// Bytes between two reports of a download.
const REPORT: u64 = 512 * 1024;

/// What is known of updates, and one question at a time.
pub(crate) struct Updates {
    state: watch::Sender<UpdateState>,
    asking: Mutex<()>,
}

impl Default for Updates {
    fn default() -> Self {
        Self { state: watch::Sender::new(UpdateState::Unasked), asking: Mutex::new(()) }
    }
}

impl Core {
    /// How it stands with updates.
    #[must_use]
    pub fn update_state(&self) -> UpdateState {
        state(&self.shared)
    }

    /// Asks now.
    ///
    /// # Errors
    /// `Unsupported` where the app cannot replace itself, `Invalid` while the check is switched off.
    /// What the publisher's server did wrong is in the state instead.
    pub async fn update_check(&self) -> Result<UpdateState, Failure> {
        match state(&self.shared) {
            UpdateState::Unsupported => Err(Failure::new(
                ErrorCode::Unsupported,
                "this copy of Moorline cannot update itself",
            )
            .with_hint("Install a release to get updates.")),
            UpdateState::Off => Err(Failure::new(ErrorCode::Invalid, "the update check is off")
                .with_hint("Switch it on in the settings first.")
                .with_field("check_for_updates")),
            _ => {
                ask(&self.shared).await;
                Ok(state(&self.shared))
            }
        }
    }

    /// Installs what was offered and starts the app anew.
    ///
    /// # Errors
    /// `Conflict` when nothing is on offer; whatever downloading and installing fail with.
    pub async fn update_install(&self) -> Result<(), Failure> {
        let _one = self.shared.updates.asking.lock().await;
        let UpdateState::Available { offer, .. } = state(&self.shared) else {
            return Err(Failure::new(ErrorCode::Conflict, "there is no update to install")
                .with_hint("Check for updates first."));
        };
        tracing::info!(version = offer.version, "installing an update");
        let installed = install(&self.shared, &offer).await;
        if let Err(failure) = &installed {
            tracing::warn!(%failure, "the update was not installed");
            let checked_at = self.shared.now();
            set(&self.shared, UpdateState::Failed { failure: failure.clone(), checked_at });
        }
        installed
    }
}

async fn install(shared: &Arc<Shared>, offer: &UpdateOffer) -> Result<(), Failure> {
    let report = |done_bytes, total_bytes| {
        let offer = offer.clone();
        set(shared, UpdateState::Installing { offer, done_bytes, total_bytes });
    };
    report(0, None);
    let last = std::sync::atomic::AtomicU64::new(0);
    let progress = |done: u64, total: Option<u64>| {
        let told = last.load(std::sync::atomic::Ordering::Relaxed);
        if done >= told + REPORT || Some(done) == total {
            last.store(done, std::sync::atomic::Ordering::Relaxed);
            report(done, total);
        }
    };
    shared.host.update_install(&progress).await
}

/// Asks a while after the start, once a day, and at once when the check is switched on. Never ends.
pub(crate) async fn watch_for_updates(shared: Arc<Shared>) {
    if !shared.host.can_update() {
        return;
    }
    let mut settings = shared.settings.subscribe();
    let mut pause = FIRST;
    loop {
        if !settings.borrow_and_update().check_for_updates {
            tell(&shared);
            if settings.wait_for(|settings| settings.check_for_updates).await.is_err() {
                return;
            }
            pause = Duration::ZERO;
        }
        let switched_off = settings.wait_for(|settings| !settings.check_for_updates);
        if tokio::time::timeout(pause, switched_off).await.is_ok() {
            continue;
        }
        ask(&shared).await;
        pause = AGAIN;
    }
}

async fn ask(shared: &Arc<Shared>) {
    let _one = shared.updates.asking.lock().await;
    set(shared, UpdateState::Checking);
    let answer = shared.host.update_check().await;
    let checked_at = shared.now();
    let next = match answer {
        Ok(Some(offer)) => UpdateState::Available { offer, checked_at },
        Ok(None) => UpdateState::Current { checked_at },
        Err(failure) => {
            tracing::info!(%failure, "the update check failed");
            UpdateState::Failed { failure, checked_at }
        }
    };
    set(shared, next);
}

/// What the host and the settings make of what is known.
fn state(shared: &Shared) -> UpdateState {
    if !shared.host.can_update() {
        return UpdateState::Unsupported;
    }
    let known = shared.updates.state.borrow().clone();
    let is_busy = matches!(known, UpdateState::Installing { .. });
    if !shared.settings.borrow().check_for_updates && !is_busy { UpdateState::Off } else { known }
}

fn set(shared: &Shared, next: UpdateState) {
    shared.updates.state.send_replace(next);
    tell(shared);
}

fn tell(shared: &Shared) {
    shared.tell(CoreEvent::Update { update: state(shared) });
}
