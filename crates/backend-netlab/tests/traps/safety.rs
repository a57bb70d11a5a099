//! What must never happen to what a person has on the server, whatever breaks and whoever is faster.

use std::sync::Arc;

use model::{ErrorCode, LabState, LabVerb};

use crate::fake::{End, Fake};
use crate::files::Memory;
use crate::rig::{ROOT, Rig};

#[tokio::test(start_paused = true)]
async fn destroying_removes_no_folder_that_moorline_did_not_make() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    let manifest = rig.files.contents("/lab-a/.moorline-sync.json").remove(0);
    // Begins as the root does, with a manifest that was copied there.
    let thesis = format!("{ROOT}-thesis/bgp");
    rig.files.put(&format!("{thesis}/.moorline-sync.json"), manifest.as_bytes());
    // In the root, made by hand.
    let clone = format!("{ROOT}/my-clone");
    for (number, folder) in [("7", &thesis), ("8", &clone)] {
        rig.files.put(&format!("{folder}/notes.md"), b"years of work");
        rig.fake.started(number, folder);
        let failure = rig.destroy_in(folder).await.unwrap_err();
        assert_eq!(failure.code, ErrorCode::Conflict, "{failure:?}");
        assert!(failure.hint.unwrap().contains("without its files"));
        assert!(rig.files.has(&format!("{folder}/notes.md")));
    }
    assert_eq!(rig.fake.state().posted.len(), 1, "nothing was taken down either");
    let plan = rig.plan(LabVerb::Destroy, "my-clone").await;
    assert!(plan.problems[0].message.contains("not made by Moorline"), "{:?}", plan.problems);
}

#[tokio::test(start_paused = true)]
async fn a_plan_names_what_goes_with_the_folder() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    for name in ["notes.md", "clab.yml"] {
        rig.files.put(&format!("{ROOT}/lab-a/{name}"), b"x");
    }
    let plan = rig.plan(LabVerb::Destroy, "lab-a").await;
    let told = plan.warnings.join("\n");
    assert!(told.contains("/lab-a is removed") && told.contains(": notes.md."), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_restart_whose_first_job_was_forgotten_is_no_success() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    let failure = rig.resume(LabVerb::Restart, "lab-a", "job-forgotten").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Rejected);
    assert!(failure.message.contains("nobody can say"), "{failure:?}");
    assert_eq!(rig.fake.state().posted.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn wherever_a_sync_breaks_what_others_changed_is_kept() {
    for steps in 0..7 {
        let rig = Rig::new(Fake::default()).await;
        rig.make(LabVerb::Create, "lab-a").await.unwrap();
        for path in ["topology.yml", "a/one.j2"] {
            rig.files.put(&format!("{ROOT}/lab-a/{path}"), path.as_bytes());
        }
        rig.files.break_after(steps);
        let _ = rig.remake(LabVerb::Create, "lab-a").await;
        rig.files.break_after(usize::MAX);
        rig.remake(LabVerb::Create, "lab-a").await.unwrap();
        let mut kept = rig.files.contents("/lab-a/.moorline-kept/");
        kept.sort();
        assert_eq!(kept, ["a/one.j2", "topology.yml"], "after {steps}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_kept_before_stays() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    for version in ["one", "two"] {
        rig.files.put(&format!("{ROOT}/lab-a/topology.yml"), version.as_bytes());
        rig.remake(LabVerb::Create, "lab-a").await.unwrap();
    }
    let mut kept = rig.files.contents("/lab-a/.moorline-kept/");
    kept.sort();
    assert_eq!(kept, ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn a_file_becomes_a_folder_and_the_other_way_round() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    for paths in [["frr", "topology.yml"], ["frr/x", "topology.yml"], ["frr", "topology.yml"]] {
        rig.remake_of("lab-a", &paths).await.unwrap();
        assert!(rig.files.has(&format!("{ROOT}/lab-a/{}", paths[0])));
    }
    assert!(!rig.files.has("frr/x"));
}

#[tokio::test(start_paused = true)]
async fn a_file_of_somebody_else_where_a_folder_has_to_be_is_kept() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    rig.files.put(&format!("{ROOT}/lab-a/frr"), b"by hand");
    rig.remake_of("lab-a", &["frr/x", "topology.yml"]).await.unwrap();
    assert_eq!(rig.files.contents("/lab-a/.moorline-kept/"), ["by hand"]);
}

#[tokio::test(start_paused = true)]
async fn looking_at_a_topology_changes_no_lab_and_blocks_no_name() {
    let rig = Rig::new(Fake::default()).await;
    rig.make(LabVerb::Create, "lab-a").await.unwrap();
    rig.files.put(&format!("{ROOT}/lab-a/topology.yml"), b"by hand");
    rig.remake(LabVerb::Validate, "lab-a").await.unwrap();
    assert_eq!(rig.files.contents("/lab-a/topology.yml"), ["by hand"]);
    for _ in 0..2 {
        rig.make(LabVerb::Validate, "lab-b").await.unwrap();
    }
    assert!(!rig.files.has(".trial-"));
    rig.make(LabVerb::Start, "lab-b").await.unwrap();
    assert_eq!(rig.labs().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_while_a_job_is_taken_still_learns_of_it() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.next(End::After(1_000_000));
    rig.fake.state().fires = Some(rig.cx.cancel.clone());
    let failure = rig.make(LabVerb::Start, "lab-a").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unreachable);
    assert!(failure.message.contains("goes on with the job"), "{failure:?}");
    assert!(rig.notebook.means().contains("cannot end a job"));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_may_have_been_taken_is_told_of_as_such_and_looked_for() {
    let rig = Rig::new(Fake::default()).await;
    {
        let mut state = rig.fake.state();
        (state.loses_answer, state.away_after_loss) = (true, 1);
    }
    let failure = rig.make(LabVerb::Start, "lab-a").await.unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unreachable);
    assert!(failure.message.contains("may have taken"), "{failure:?}");
    let job = rig.fake.state().jobs[0].id.clone();
    while rig.fake.state().runs() {
        rig.fake.state().about_job(&format!("/jobs/{job}"));
    }
    rig.resume(LabVerb::Start, "lab-a", "").await.unwrap();
    assert_eq!(rig.fake.state().posted.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_asks_few_labs_for_their_nodes_and_the_next_list_the_next() {
    let rig = Rig::new(Fake::default()).await;
    for number in 1..=5 {
        rig.fake.started(&number.to_string(), &format!("/srv/lab-{number}"));
    }
    for asked in [2, 4, 5, 5] {
        let labs = rig.labs().await;
        assert_eq!(rig.fake.state().asked_for_nodes, asked);
        let told = labs.iter().filter(|lab| lab.nodes_total.is_some()).count();
        assert_eq!((labs.len(), told), (5, asked as usize));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lab_that_came_up_is_up_though_its_nodes_are_not_told() {
    let rig = Rig::new(Fake::default()).await;
    rig.fake.state().fails_for_nodes = true;
    rig.make(LabVerb::Start, "lab-a").await.unwrap();
    assert_eq!(rig.labs().await[0].state, LabState::Running, "the list does without, too");
    rig.fake.state().fails_for_nodes = false;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    assert_eq!(rig.labs().await[0].state, LabState::Running);
}

#[tokio::test(start_paused = true)]
async fn labs_that_are_made_at_once_all_get_a_number() {
    let rig = Rig::new(Fake::default()).await;
    rig.files.slow_down();
    let (one, two, three, four) = tokio::join!(
        rig.make(LabVerb::Create, "lab-a"),
        rig.make(LabVerb::Create, "lab-b"),
        rig.make(LabVerb::Create, "lab-c"),
        rig.make(LabVerb::Create, "lab-d"),
    );
    for made in [one, two, three, four] {
        made.unwrap();
    }
    let mut numbers: Vec<_> = rig.labs().await.into_iter().filter_map(|lab| lab.instance).collect();
    numbers.sort();
    assert_eq!(numbers, ["1", "2", "3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn who_is_not_netlab_is_not_told_the_password() {
    for fake in [Fake::stranger(), Fake::wrapper()] {
        assert!(Rig::try_new(fake.clone()).await.is_err());
        assert_eq!(fake.state().logins, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn two_connections_to_one_machine_share_its_turns() {
    let fake = Fake::default();
    let files = Memory::new(fake.clone());
    files.put("/etc/machine-id", b"5f0c7b0e\n");
    let one = Arc::new(Rig::on(fake.clone(), files.clone()).await.unwrap());
    let other = Rig::on(fake.clone(), files).await.unwrap();
    fake.next(End::After(20));
    let looking = async {
        while fake.state().posted.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        other.plan(LabVerb::Start, "lab-b").await
    };
    let (made, plan) = tokio::join!(one.make(LabVerb::Start, "lab-a"), looking);
    made.unwrap();
    assert!(plan.warnings.iter().any(|told| told.contains("before this one")), "{plan:?}");
    assert_eq!(plan.instance, Some(2));
    assert!(fake.state().violations.is_empty(), "{:?}", fake.state().violations);
}
