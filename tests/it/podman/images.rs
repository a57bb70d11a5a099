//! Images of a real server: who uses them, which base is outdated, what a prune takes.

use std::sync::{Arc, Mutex};

use backend_api::{BackendError, BuildRequest, Cx, ImageList, LogSink, NameOf, Session, StepSink};
use bytes::Bytes;
use futures::StreamExt;
use model::{Failure, Image, ImageBase, ImageId, LogStream, PruneScope, StepProgress};
use tests::podman::BOX_IMAGE;

use super::making::make;
use super::rig::{PodmanRig, values};

/// Keeps what a run would: lines, and steps in the order they began.
#[derive(Debug, Default)]
pub(super) struct Heard {
    lines: Mutex<Vec<String>>,
    steps: Mutex<Vec<usize>>,
    progress: Mutex<Vec<(usize, StepProgress)>>,
}

impl Heard {
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    pub(super) fn steps(&self) -> Vec<usize> {
        self.steps.lock().unwrap().clone()
    }

    pub(super) fn progress(&self) -> Vec<(usize, StepProgress)> {
        self.progress.lock().unwrap().clone()
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|line| line.contains(words))
    }
}

impl LogSink for Heard {
    fn line(&self, _stream: LogStream, text: &str) {
        self.lines.lock().unwrap().push(text.to_owned());
    }
}

impl StepSink for Heard {
    fn begin(&self, index: usize) {
        self.steps.lock().unwrap().push(index);
    }
    fn skip(&self, _index: usize) {}
    fn progress(&self, index: usize, progress: StepProgress) {
        self.progress.lock().unwrap().push((index, progress));
    }
}

pub(super) fn request(name: &str, containerfile: &str) -> BuildRequest {
    BuildRequest {
        name: name.into(),
        containerfile_path: "Containerfile".into(),
        containerfile: containerfile.into(),
        arguments: Vec::new(),
        is_without_cache: false,
        is_base_pulled: false,
        context_bytes: None,
        labels: Vec::new(),
    }
}

/// A tar archive of small files.
pub(super) fn archive(files: &[(&str, &str)]) -> Bytes {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let packed = std::process::Command::new("tar")
        .arg("-C")
        .arg(folder.path())
        .args(["-cf", "-", "."])
        .output()
        .unwrap();
    Bytes::from(packed.stdout)
}

/// Builds from a Containerfile alone.
pub(super) async fn build(
    session: &dyn Session,
    name: &str,
    containerfile: &str,
    cx: &Cx,
) -> Result<(ImageId, Arc<Heard>), (Failure, Arc<Heard>)> {
    build_request(session, &request(name, containerfile), &[], cx).await
}

pub(super) async fn build_request(
    session: &dyn Session,
    request: &BuildRequest,
    files: &[(&str, &str)],
    cx: &Cx,
) -> Result<(ImageId, Arc<Heard>), (Failure, Arc<Heard>)> {
    let heard = Arc::new(Heard::default());
    let cx = cx.for_call(cx.cancel.clone(), heard.clone());
    let mut all = vec![("Containerfile", request.containerfile.as_str())];
    all.extend_from_slice(files);
    let bytes = archive(&all);
    let context = futures::stream::iter([Ok(bytes)]).boxed();
    let images = session.images().unwrap();
    match images.build(request, context, heard.as_ref(), &cx).await {
        Ok(id) => Ok((id, heard)),
        Err(error) => Err((error.into(), heard)),
    }
}

fn found<'a>(list: &'a ImageList, name: &str) -> &'a Image {
    let name = name.to_owned();
    list.images.iter().find(|image| image.names.contains(&name)).unwrap()
}

#[tokio::test]
async fn a_base_that_was_replaced_is_outdated_and_nothing_is_guessed() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let images = session.images().unwrap();
    build(session.as_ref(), "base:1", "FROM localhost/box:1\nRUN echo a > /a\n", &cx)
        .await
        .unwrap();
    build(session.as_ref(), "dev:1", "FROM localhost/base:1\nRUN echo b > /b\n", &cx)
        .await
        .unwrap();
    let list = images.images(&cx).await.unwrap();
    let base = |name: &str| found(&list, name).base.clone();
    assert_eq!(base(BOX_IMAGE), ImageBase::Unrecorded, "it was imported");
    assert_eq!(base("localhost/dev:1"), ImageBase::Current { name: "localhost/base:1".into() });
    build(session.as_ref(), "base:1", "FROM localhost/box:1\nRUN echo c > /c\n", &cx)
        .await
        .unwrap();
    let list = images.images(&cx).await.unwrap();
    let ImageBase::Outdated { name, base_created_at } = &found(&list, "localhost/dev:1").base
    else {
        panic!("{:?}", found(&list, "localhost/dev:1").base)
    };
    assert_eq!(name, "localhost/base:1");
    assert_eq!(*base_created_at, found(&list, "localhost/base:1").created_at);
    rig.service.podman(&["rmi", "localhost/base:1"]).unwrap();
    let list = images.images(&cx).await.unwrap();
    assert_eq!(
        found(&list, "localhost/dev:1").base,
        ImageBase::Absent { name: "localhost/base:1".into() }
    );
}

#[tokio::test]
async fn what_uses_an_image_is_named_and_holds_it() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let images = session.images().unwrap();
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("start", "false")]);
    let (_, id) = make(session.as_ref(), &input, &cx).await.unwrap();
    let list = images.images(&cx).await.unwrap();
    let image = found(&list, BOX_IMAGE);
    let users: Vec<_> =
        image.used_by.iter().map(|user| (&*user.name, user.workspace_id.clone())).collect();
    assert_eq!(users, [("atlas-api", Some(id))]);
    let failure = Failure::from(images.remove(&image.id, &cx).await.unwrap_err());
    assert_eq!(
        failure.message,
        "cannot remove localhost/box:1 from \"forge-1\": it is used by atlas-api"
    );
    let list = images.prune_list(PruneScope::Unused, &[], &cx).await.unwrap();
    assert!(list.images.iter().all(|one| one.id != image.id), "{list:?}");
}

#[tokio::test]
async fn what_the_prune_list_names_goes_and_nothing_else() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let images = session.images().unwrap();
    let input = values(&[("name", "atlas-api"), ("image", BOX_IMAGE), ("start", "false")]);
    make(session.as_ref(), &input, &cx).await.unwrap();
    for text in ["one", "two"] {
        let lines =
            format!("FROM localhost/box:1\nRUN echo {text} > /{text}\nRUN echo more > /more\n");
        build(session.as_ref(), "dev:1", &lines, &cx).await.unwrap();
    }
    let before = images.images(&cx).await.unwrap();
    let untagged = images.prune_list(PruneScope::Untagged, &[], &cx).await.unwrap();
    assert_eq!(untagged.images.len(), 1, "the first build lost its name: {untagged:?}");
    let unused = images.prune_list(PruneScope::Unused, &[], &cx).await.unwrap();
    let named: Vec<&ImageId> = unused.images.iter().map(|image| &image.id).collect();
    assert_eq!(named.len(), 3, "two builds and the broken image: {unused:?}");
    let kept: Vec<&ImageId> =
        before.images.iter().map(|image| &image.id).filter(|id| !named.contains(id)).collect();
    for image in &unused.images {
        images.remove(&image.id, &cx).await.unwrap();
    }
    let after = images.images(&cx).await.unwrap();
    let left: Vec<&ImageId> = after.images.iter().map(|image| &image.id).collect();
    assert_eq!(left, kept);
    let all = rig.service.podman(&["images", "--all", "--quiet"]).unwrap();
    assert_eq!(all.lines().count(), left.len(), "nothing nameless stays: {all}");
    let freed = before.disk_bytes.unwrap() - after.disk_bytes.unwrap();
    assert_eq!(freed, unused.freed_bytes);
}

#[tokio::test]
async fn names_are_given_and_what_is_no_name_is_refused() {
    let rig = PodmanRig::direct();
    let (session, cx) = (rig.session().await, rig.cx());
    let images = session.images().unwrap();
    let list = images.images(&cx).await.unwrap();
    let id = found(&list, BOX_IMAGE).id.clone();
    images.tag(&id, "team/box:2", &cx).await.unwrap();
    let list = images.images(&cx).await.unwrap();
    assert_eq!(found(&list, "localhost/team/box:2").id, id);
    let failure = Failure::from(images.tag(&id, "Box:2", &cx).await.unwrap_err());
    assert_eq!(failure.field.as_deref(), Some("name"));
    assert_eq!(failure.hint.as_deref(), Some("box:2 would work."));
    let problem = images.full_name("a b", NameOf::Remote).unwrap_err();
    assert_eq!(problem.field, "name");
    images.remove(&id, &cx).await.unwrap();
    images.remove(&id, &cx).await.unwrap();
    let missing = images.tag(&id, "again:1", &cx).await;
    assert!(matches!(missing, Err(BackendError::NotFound(_))), "{missing:?}");
}
