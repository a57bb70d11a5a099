//! Pulls from a real registry on loopback, and from registries that refuse or are not there.

use std::sync::Arc;
use std::time::{Duration, Instant};

use backend_api::{BackendError, Cx};
use model::{ErrorCode, Failure};
use tests::registry::Registry;
use tokio_util::sync::CancellationToken;

use super::images::Heard;
use super::rig::PodmanRig;

fn listening(cx: &Cx, cancel: &CancellationToken) -> (Arc<Heard>, Cx) {
    let heard = Arc::new(Heard::default());
    let cx = cx.for_call(cancel.clone(), heard.clone());
    (heard, cx)
}

/// Waits until some, but not all bytes of an image are there.
async fn half_way(heard: &Heard) {
    let begun = Instant::now();
    let is_half = |heard: &Heard| {
        heard.progress().iter().any(|(_, progress)| {
            progress.done_bytes > 0
                && progress.total_bytes.is_some_and(|all| progress.done_bytes < all)
        })
    };
    while !is_half(heard) {
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", heard.progress());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_tells_how_many_bytes_are_there() {
    let rig = PodmanRig::direct();
    let registry = Registry::start().await.unwrap();
    let session = rig.session().await;
    let (heard, cx) = listening(&rig.cx(), &CancellationToken::new());
    let name = format!("{}/dev/box:1", registry.address);
    let images = session.images().unwrap();
    let opening = async {
        half_way(&heard).await;
        registry.open();
    };
    let (pulled, ()) = tokio::join!(images.pull(&name, heard.as_ref(), &cx), opening);
    let id = pulled.unwrap();
    let list = images.images(&cx).await.unwrap();
    let image = list.images.iter().find(|image| image.id == id).unwrap();
    assert_eq!(image.names, [name]);
    let mut steps = heard.steps();
    steps.dedup();
    assert_eq!(steps, [0, 1, 2]);
    let (_, last) = *heard.progress().last().unwrap();
    assert_eq!(Some(last.done_bytes), last.total_bytes);
    assert!(last.done_bytes > 6_000_000, "{last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_pull_leaves_no_image() {
    let rig = PodmanRig::direct();
    let registry = Registry::start().await.unwrap();
    let session = rig.session().await;
    let cancel = CancellationToken::new();
    let (heard, cx) = listening(&rig.cx(), &cancel);
    let name = format!("{}/dev/box:1", registry.address);
    let cancelling = async {
        half_way(&heard).await;
        cancel.cancel();
    };
    let images = session.images().unwrap();
    let (pulled, ()) = tokio::join!(images.pull(&name, heard.as_ref(), &cx), cancelling);
    assert!(matches!(pulled, Err(BackendError::Cancelled)), "{pulled:?}");
    registry.open();
    let list = images.images(&rig.cx()).await.unwrap();
    assert!(list.images.iter().all(|image| !image.names.contains(&name)), "{list:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_registry_refuses_is_said_with_a_next_step() {
    let rig = PodmanRig::direct();
    let registry = Registry::start().await.unwrap();
    let session = rig.session().await;
    let (heard, cx) = listening(&rig.cx(), &CancellationToken::new());
    let images = session.images().unwrap();
    let address = &registry.address;
    let refused = |name: String| {
        let (heard, cx) = (&heard, &cx);
        async move { Failure::from(images.pull(&name, heard.as_ref(), cx).await.unwrap_err()) }
    };
    let failure = refused(format!("{address}/secret/x:1")).await;
    assert_eq!(failure.code, ErrorCode::Unauthorized);
    assert!(failure.hint.unwrap().contains(&format!("podman login {address}")));
    let failure = refused(format!("{address}/gone/x:1")).await;
    assert_eq!(failure.code, ErrorCode::NotFound);
    assert_eq!(failure.message, format!("{address} has no image {address}/gone/x:1"));
    let failure = refused("127.0.0.1:9/x:1".into()).await;
    assert_eq!(failure.code, ErrorCode::Unreachable);
    assert_eq!(failure.message, "\"forge-1\" cannot reach the registry 127.0.0.1:9");
    let failure = refused("No Name".into()).await;
    assert_eq!((failure.code, failure.field.as_deref()), (ErrorCode::Invalid, Some("name")));
}
