//! A lab's folder that others work in too: nothing of theirs is lost, nothing of ours is missing.

use bytes::Bytes;
use model::LabVerb;
use testkit::clab::{CLAB_USER, Generation};
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
