//! Volumes: who uses them, what may not be deleted, and what they hold, carried in and out.

use std::io::Read as _;

use backend_api::{BackendError, TarStream, Volumes};
use bytes::Bytes;
use futures::{StreamExt, stream};
use model::VolumeInfo;
use tokio::sync::mpsc;

use super::{Checked, Must, Subject, archive, broken, ensure, soon};

const NOTE: &str = "deep/note";
const CONTENTS: &[u8] = b"one\0two\n";

async fn listed(subject: &Subject<'_>, volumes: &dyn Volumes) -> Checked<Vec<VolumeInfo>> {
    let rule = "volumes are listed by name";
    let list = volumes.list(subject.cx).await.must(rule)?;
    ensure(list.is_sorted_by(|one, other| one.name < other.name), rule, || format!("{list:?}"))?;
    Ok(list)
}

pub(super) async fn used_volumes_stay(subject: &Subject<'_>) -> Checked {
    let Some(volumes) = subject.session.volumes() else { return Ok(()) };
    let rule = "a volume names who uses it and where";
    let detail = subject.session.inspect(&subject.id, subject.cx).await.must(rule)?;
    let list = listed(subject, volumes).await?;
    for mounted in &detail.volumes {
        let info = list.iter().find(|one| one.name == mounted.name).must(rule)?;
        let is_named = info.used_by.iter().any(|user| {
            (&user.workspace_id, &user.name, &user.path)
                == (&subject.id, &subject.name, &mounted.path)
        });
        ensure(is_named, rule, || format!("{mounted:?} is {info:?}"))?;
        let rule = "a volume that is used is not deleted";
        match volumes.remove(&mounted.name, subject.cx).await {
            Err(BackendError::Conflict(failure)) if failure.hint.is_some() => {}
            other => return Err(broken(rule, format!("{other:?}"))),
        }
    }
    ensure(listed(subject, volumes).await?.len() == list.len(), rule, || format!("{list:?}"))
}

pub(super) async fn what_goes_in_comes_out(subject: &Subject<'_>, prefix: &str) -> Checked {
    let Some(volumes) = subject.session.volumes() else { return Ok(()) };
    let name = format!("{prefix}-carried");
    let rule = "a volume is made from an archive, and used by nobody";
    let tar =
        archive::of_one_file(NOTE, CONTENTS).map_err(|error| broken(rule, error.to_string()))?;
    let import = volumes.import(&name, pieces(&tar), subject.cx);
    soon(rule, import).await?.must(rule)?;
    let list = listed(subject, volumes).await?;
    let info = list.iter().find(|one| one.name == name).must(rule)?;
    ensure(info.used_by.is_empty(), rule, || format!("{info:?}"))?;
    let rule = "what a volume holds comes out as it went in, with names below the volume";
    let found = exported(subject, volumes, &name, rule).await?;
    let held = contents_of(&found).map_err(|error| broken(rule, error.to_string()))?;
    ensure(held == [(NOTE.to_owned(), CONTENTS.to_vec())], rule, || format!("{held:?}"))?;
    let rule = "a name that is taken is a conflict";
    match volumes.import(&name, pieces(&tar), subject.cx).await {
        Err(BackendError::Conflict(_)) => {}
        other => return Err(broken(rule, format!("{other:?}"))),
    }
    let rule = "a volume is deleted, and deleting it again is fine";
    for _ in 0..2 {
        volumes.remove(&name, subject.cx).await.must(rule)?;
    }
    let list = listed(subject, volumes).await?;
    ensure(list.iter().all(|one| one.name != name), rule, || format!("{list:?}"))?;
    let rule = "a volume that is gone is NotFound, with a hint";
    let (sender, _receiver) = mpsc::channel(1);
    match volumes.export(&name, sender, subject.cx).await {
        Err(BackendError::NotFound(failure)) if failure.hint.is_some() => Ok(()),
        other => Err(broken(rule, format!("{other:?}"))),
    }
}

pub(super) async fn a_broken_import_leaves_nothing(subject: &Subject<'_>, prefix: &str) -> Checked {
    let Some(volumes) = subject.session.volumes() else { return Ok(()) };
    let rule = "an import that breaks or is cancelled leaves no volume";
    let before = listed(subject, volumes).await?;
    let torn = [Ok(Bytes::from_static(&[0; 512])), Err(std::io::Error::other("torn"))];
    let name = format!("{prefix}-half");
    let import = volumes.import(&name, stream::iter(torn).boxed(), subject.cx);
    let result = soon(rule, import).await?;
    ensure(result.is_err(), rule, || "it was imported".into())?;
    let cancel = tokio_util::sync::CancellationToken::new();
    let cx = subject.cx.for_call(cancel.clone(), subject.cx.log.clone());
    cancel.cancel();
    let import = volumes.import(&name, stream::pending().boxed(), &cx);
    match soon(rule, import).await? {
        Err(BackendError::Cancelled) => {}
        other => return Err(broken(rule, format!("{other:?}"))),
    }
    let names = |list: &[VolumeInfo]| list.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let after = listed(subject, volumes).await?;
    ensure(names(&after) == names(&before), rule, || format!("{after:?}"))
}

async fn exported(
    subject: &Subject<'_>,
    volumes: &dyn Volumes,
    name: &str,
    rule: &str,
) -> Checked<Vec<u8>> {
    let (sender, mut receiver) = mpsc::channel(2);
    let reading = async {
        let mut tar = Vec::new();
        while let Some(chunk) = receiver.recv().await {
            tar.extend(chunk);
        }
        tar
    };
    let both = async { tokio::join!(volumes.export(name, sender, subject.cx), reading) };
    let (sent, tar) = soon(rule, both).await?;
    sent.must(rule)?;
    Ok(tar)
}

/// In small pieces, cut anywhere.
fn pieces(tar: &[u8]) -> TarStream<std::io::Error> {
    let chunks: Vec<_> = tar.chunks(300).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    stream::iter(chunks).boxed()
}

/// The files of an archive.
fn contents_of(tar: &[u8]) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in tar::Archive::new(tar).entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path()?.to_string_lossy().trim_start_matches("./").to_owned();
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents)?;
        files.push((name, contents));
    }
    Ok(files)
}
