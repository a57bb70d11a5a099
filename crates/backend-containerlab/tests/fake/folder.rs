//! A lab's folder that others work in too: nothing of theirs is lost, nothing of ours is missing.

use std::time::Duration;

use bytes::Bytes;
use model::LabVerb;
use testkit::clab::{CLAB_USER, Generation, Quirk};
use testkit::labs::MemoryFiles;

use super::rig::{ClabRig, PAIR, carry_out, request};

async fn sync(rig: &ClabRig, files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("topology.clab.yml", PAIR)];
    all.extend(files);
    let session = rig.session().await;
    let create = request(LabVerb::Create, Some(MemoryFiles::material(&all)));
    let (done, notebook) = carry_out(session.as_ref(), &rig.cx(), &create).await;
    done.unwrap();
    notebook.lines()
}

fn file(rig: &ClabRig, path: &str) -> Option<Bytes> {
    rig.fake.files(CLAB_USER).get(path).cloned()
}

fn kept(rig: &ClabRig) -> Vec<Bytes> {
    let files = rig.fake.files(CLAB_USER).into_iter();
    files.filter(|(path, _)| path.contains("/.moorline-kept/")).map(|(_, file)| file).collect()
}

#[tokio::test]
async fn what_others_changed_is_kept_aside_each_time() {
    let rig = ClabRig::start(Generation::Modern).await;
    sync(&rig, &[("a.cfg", "ours")]).await;
    for theirs in ["them", "theirs"] {
        rig.fake.edit(CLAB_USER, "pair/a.cfg", theirs);
        let lines = sync(&rig, &[("a.cfg", "ours")]).await;
        assert!(lines.iter().any(|line| line.contains("by somebody else")), "{lines:?}");
        assert_eq!(file(&rig, "pair/a.cfg").unwrap(), "ours");
    }
    assert_eq!(kept(&rig), ["them", "theirs"]);
    sync(&rig, &[("a.cfg", "ours")]).await;
    assert_eq!(kept(&rig).len(), 2);
}

#[tokio::test]
async fn a_plan_says_what_goes_aside_and_changes_nothing() {
    let rig = ClabRig::start(Generation::Modern).await;
    sync(&rig, &[("a.cfg", "ours")]).await;
    rig.fake.edit(CLAB_USER, "pair/a.cfg", "theirs");
    let session = rig.session().await;
    let files = MemoryFiles::material(&[("topology.clab.yml", PAIR), ("a.cfg", "ours")]);
    let create = request(LabVerb::Create, Some(files));
    let plan = session.labs().unwrap().plan(&create, &rig.cx()).await.unwrap();
    assert!(plan.warnings.iter().any(|one| one.starts_with("a.cfg was changed")), "{plan:?}");
    assert_eq!(plan.sync.unwrap().changed, ["a.cfg"]);
    assert_eq!(file(&rig, "pair/a.cfg").unwrap(), "theirs");
}

#[tokio::test]
async fn a_plan_that_nobody_waits_for_leaves_nothing() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let files = MemoryFiles::material(&[("topology.clab.yml", PAIR)]);
    let start = request(LabVerb::Start, Some(files.clone()));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    let apply = request(LabVerb::Apply, Some(files));
    let asks = |path: &String| path.contains("moorline-plan");
    for is_dropped in [true, false] {
        rig.fake.next(Quirk::NoHead);
        rig.fake.requests();
        let cx = rig.cx();
        let mut plan = session.labs().unwrap().plan(&apply, &cx);
        let asked = until(|| rig.fake.requests().iter().any(|one| one.ends_with("/apply")));
        tokio::select! {
            _ = &mut plan => panic!("nothing answers"),
            () = asked => {}
        }
        assert!(rig.fake.files(CLAB_USER).keys().any(asks));
        if !is_dropped {
            cx.cancel.cancel();
            assert!(plan.await.is_err());
        } else {
            drop(plan);
        }
        until(|| !rig.fake.files(CLAB_USER).keys().any(asks)).await;
    }
}

async fn until(is_so: impl Fn() -> bool) {
    let polled = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), polled).await.unwrap();
}

#[tokio::test]
async fn what_is_too_large_is_left_out_of_a_collection_and_named() {
    let rig = ClabRig::start(Generation::Modern).await;
    let session = rig.session().await;
    let files = MemoryFiles::material(&[("topology.clab.yml", PAIR)]);
    let start = request(LabVerb::Start, Some(files));
    carry_out(session.as_ref(), &rig.cx(), &start).await.0.unwrap();
    let large: &'static str = Box::leak(" ".repeat(4 * 1024 * 1024 + 1).into_boxed_str());
    rig.fake.edit(CLAB_USER, "pair/clab-pair/r1/large.cfg", large);
    let collect = request(LabVerb::Collect, None);
    let (done, notebook) = carry_out(session.as_ref(), &rig.cx(), &collect).await;
    assert!(done.unwrap().fetched.iter().all(|one| !one.path.contains("large")));
    let lines = notebook.lines();
    assert!(lines.iter().any(|line| line.starts_with("Left out: 1 files")), "{lines:?}");
}

#[tokio::test]
async fn what_is_missing_on_the_server_is_sent_again() {
    let rig = ClabRig::start(Generation::Modern).await;
    sync(&rig, &[("a.cfg", "ours")]).await;
    rig.fake.erase(CLAB_USER, "pair/a.cfg");
    sync(&rig, &[("a.cfg", "ours")]).await;
    assert_eq!(file(&rig, "pair/a.cfg").unwrap(), "ours");
}

#[tokio::test]
async fn a_folder_of_that_name_without_a_manifest_is_not_written_over() {
    let rig = ClabRig::start(Generation::Modern).await;
    rig.fake.edit(CLAB_USER, "pair/a.cfg", "theirs");
    rig.fake.edit(CLAB_USER, "pair/b.cfg", "ours");
    rig.fake.edit(CLAB_USER, "pair/notes.txt", "theirs alone");
    sync(&rig, &[("a.cfg", "ours"), ("b.cfg", "ours")]).await;
    assert_eq!(kept(&rig), ["theirs"]);
    assert_eq!(file(&rig, "pair/notes.txt").unwrap(), "theirs alone");
}

#[tokio::test]
async fn a_file_becomes_a_folder_and_back() {
    let rig = ClabRig::start(Generation::Modern).await;
    sync(&rig, &[("frr", "one")]).await;
    sync(&rig, &[("frr/r1/frr.conf", "two")]).await;
    assert_eq!(file(&rig, "pair/frr/r1/frr.conf").unwrap(), "two");
    rig.fake.edit(CLAB_USER, "pair/frr/theirs.conf", "theirs");
    sync(&rig, &[("frr", "three")]).await;
    assert_eq!(file(&rig, "pair/frr").unwrap(), "three");
    assert_eq!(kept(&rig), ["theirs"]);
}

#[tokio::test]
async fn a_folder_that_somebody_made_of_our_file_stays() {
    let rig = ClabRig::start(Generation::Modern).await;
    sync(&rig, &[("a", "ours")]).await;
    rig.fake.erase(CLAB_USER, "pair/a");
    rig.fake.edit(CLAB_USER, "pair/a/theirs.cfg", "theirs");
    sync(&rig, &[]).await;
    assert_eq!(file(&rig, "pair/a/theirs.cfg").unwrap(), "theirs");
}
