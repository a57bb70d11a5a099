//! More than one lab on a server.

use model::{LabState, LabVerb};
use tests::labs::LabServer;

use super::rig::{Rig, run};

#[test]
fn two_labs_run_beside_each_other_by_their_numbers() {
    let server = LabServer::shared().unwrap();
    run(async {
        let rig = Rig::new(&server).await;
        let labs = rig.session.labs().unwrap();
        let (one, two) = tokio::join!(
            rig.make(LabVerb::Start, "one", "two-ospf"),
            rig.make(LabVerb::Start, "two", "two-ospf"),
        );
        one.good();
        two.good();
        let list = labs.labs(&rig.cx).await.unwrap();
        let mut numbers: Vec<_> = list.iter().map(|lab| lab.instance.clone().unwrap()).collect();
        numbers.sort();
        assert_eq!(numbers, ["1", "2"], "{list:?}");
        assert!(list.iter().all(|lab| lab.state == LabState::Running), "{list:?}");
        rig.ask(LabVerb::Destroy, "one").await.good();
        let list = labs.labs(&rig.cx).await.unwrap();
        assert_eq!(list.len(), 1, "the other is left alone: {list:?}");
        rig.ask(LabVerb::Destroy, "two").await.good();
    });
}
