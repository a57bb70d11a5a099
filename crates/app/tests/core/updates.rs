//! Updates: off means that nobody is asked; what the publisher says is told; a failure leaves what runs.

use std::sync::{Arc, Mutex, atomic::Ordering};

use app::CoreEvent;
use model::{ErrorCode, Failure, Settings, UpdateOffer, UpdateState};
use tempfile::TempDir;
use testkit::fake::FakeServer;

use crate::bench::{Bench, FakeHost, code};

fn offer() -> UpdateOffer {
    UpdateOffer { version: "9.9.9".into(), notes: Some("more".into()), published_at: None }
}

async fn start(answer: Result<Option<UpdateOffer>, Failure>) -> Bench {
    let host = FakeHost { publisher: Mutex::new(Some(answer)), ..FakeHost::default() };
    Bench::start_with(Arc::new(TempDir::new().unwrap()), FakeServer::default(), host).await
}

async fn switch(bench: &Bench, check_for_updates: bool) {
    bench.core.settings_set(Settings { check_for_updates, ..bench.core.settings() }).await.unwrap();
}

#[tokio::test]
async fn switched_off_nobody_is_asked_and_switched_on_somebody_is() {
    let bench = start(Ok(Some(offer()))).await;
    switch(&bench, false).await;
    assert_eq!(bench.core.update_state(), UpdateState::Off);
    assert_eq!(code(bench.core.update_check().await), ErrorCode::Invalid);
    assert_eq!(code(bench.core.update_install().await), ErrorCode::Conflict);
    assert_eq!(bench.host.asked.load(Ordering::SeqCst), 0);
    switch(&bench, true).await;
    bench
        .until("the offer", async || match bench.core.update_state() {
            UpdateState::Available { offer, .. } => Some(offer),
            _ => None,
        })
        .await;
    assert_eq!(bench.host.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_offer_is_told_and_a_wrong_signature_installs_nothing() {
    let bench = start(Ok(Some(offer()))).await;
    let mut events = bench.core.events();
    let state = bench.core.update_check().await.unwrap();
    assert!(matches!(state, UpdateState::Available { offer: found, .. } if found == offer()));
    assert_eq!(code(bench.core.update_install().await), ErrorCode::Unauthorized);
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let CoreEvent::Update { update } = &*event {
            told.push(update.clone());
        }
    }
    assert!(told.iter().any(|state| matches!(
        state,
        UpdateState::Installing { done_bytes: 1_000_000, total_bytes: Some(2_000_000), .. }
    )));
    assert!(
        matches!(told.last(), Some(UpdateState::Failed { failure, .. }) if failure.code == ErrorCode::Unauthorized)
    );
}

#[tokio::test]
async fn the_newest_version_and_a_silent_publisher_are_told_apart() {
    let bench = start(Ok(None)).await;
    assert!(matches!(bench.core.update_check().await, Ok(UpdateState::Current { .. })));
    *bench.host.publisher.lock().unwrap() =
        Some(Err(Failure::new(ErrorCode::Unreachable, "cannot reach the publisher")));
    let state = bench.core.update_check().await.unwrap();
    assert!(
        matches!(state, UpdateState::Failed { failure, .. } if failure.code == ErrorCode::Unreachable)
    );
}

#[tokio::test]
async fn a_copy_that_cannot_update_itself_says_so() {
    let bench = Bench::start().await;
    assert_eq!(bench.core.update_state(), UpdateState::Unsupported);
    assert_eq!(code(bench.core.update_check().await), ErrorCode::Unsupported);
}
