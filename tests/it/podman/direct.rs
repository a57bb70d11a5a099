//! Straight to the socket, without SSH.

use super::rig::PodmanRig;

#[tokio::test]
async fn the_real_podman_conforms() {
    let rig = PodmanRig::direct();
    testkit::conformance::run(&rig, "conform").await.unwrap();
}
