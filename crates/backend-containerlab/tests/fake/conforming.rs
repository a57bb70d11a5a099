//! Both generations meet the rules of every server of labs.

use testkit::clab::Generation;
use testkit::conformance::labs::run;

use super::rig::ClabRig;

#[tokio::test]
async fn the_newer_server_conforms() {
    let rig = ClabRig::start(Generation::Modern).await;
    run(&rig, "pair").await.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test]
async fn the_older_server_conforms() {
    let rig = ClabRig::start(Generation::Legacy0111).await;
    run(&rig, "pair").await.unwrap_or_else(|broken| panic!("{broken}"));
}
