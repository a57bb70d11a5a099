//! Programs run to their end, and files with their owners.

use std::io::Read as _;

use backend_api::{BackendError, Exec, ExecOutput, ExecRequest, Files};
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt, stream};

use super::{Checked, Must, Subject, archive, broken, ensure, soon};

/// Where the suite puts its file.
const NOTE: &str = "/tmp/conformance-note";
const CONTENTS: &[u8] = b"one\0two\n";

async fn run(
    subject: &Subject<'_>,
    exec: &dyn Exec,
    rule: &str,
    argv: &[&str],
    user: Option<&str>,
    stdin: Option<Bytes>,
) -> Checked<ExecOutput> {
    let argv = argv.iter().map(|word| (*word).to_owned()).collect();
    let request = ExecRequest { argv, user: user.map(str::to_owned), stdin };
    soon(rule, exec.run(&subject.id, request, subject.cx)).await?.must(rule)
}

pub(super) async fn programs_run(subject: &Subject<'_>) -> Checked {
    let Some(exec) = subject.session.exec() else { return Ok(()) };
    let rule = "a program gets its input as it is and gives its output back";
    // More than fits into any buffer on the way.
    let input: Bytes = (0..300_000_u32).flat_map(u32::to_le_bytes).take(900_000).collect();
    let output = run(subject, exec, rule, &["cat"], None, Some(input.clone())).await?;
    ensure(output.exit_code == Some(0) && output.stderr.is_empty(), rule, || {
        format!("{:?} {:?}", output.exit_code, String::from_utf8_lossy(&output.stderr))
    })?;
    ensure(output.stdout == input, rule, || format!("{} bytes came back", output.stdout.len()))?;
    let rule = "a program without input ends, and its words and exit code come back";
    let output = run(subject, exec, rule, &["cat", "/no/such/file"], None, None).await?;
    let is_right =
        output.exit_code == Some(1) && output.stdout.is_empty() && !output.stderr.is_empty();
    ensure(is_right, rule, || format!("{output:?}"))?;
    let rule = "a program that is not there is no error of the server";
    let output = run(subject, exec, rule, &["no-such-program"], None, None).await?;
    let is_right = matches!(output.exit_code, Some(126 | 127)) && !output.stderr.is_empty();
    ensure(is_right, rule, || format!("{output:?}"))?;
    let rule = "a program runs as the user that is asked for";
    for user in ["root", "dev"] {
        let output = run(subject, exec, rule, &["id", "-un"], Some(user), None).await?;
        let is_right = output.stdout == format!("{user}\n").as_bytes();
        ensure(is_right, rule, || format!("{output:?}"))?;
    }
    Ok(())
}

pub(super) async fn files_go_in_and_out(subject: &Subject<'_>) -> Checked {
    let Some(files) = subject.session.files() else { return Ok(()) };
    let rule = "a file keeps the owner, group and mode of its tar header";
    let archive = archive::of_one_file(NOTE.trim_start_matches("/tmp/"), CONTENTS)
        .map_err(|error| broken(rule, error.to_string()))?;
    // In two pieces, cut inside the header.
    let (first, second) = archive.split_at(300);
    let pieces = [first, second].map(|piece| Ok(Bytes::copy_from_slice(piece)));
    let put = files.put(&subject.id, "/tmp", stream::iter(pieces).boxed(), subject.cx);
    soon(rule, put).await?.must(rule)?;
    if let Some(exec) = subject.session.exec() {
        let output = run(subject, exec, rule, &["ls", "-ln", NOTE], None, None).await?;
        let line = String::from_utf8_lossy(&output.stdout).into_owned();
        let facts: Vec<&str> = line.split_whitespace().take(4).collect();
        ensure(facts == ["-rw-r-----", "1", "1000", "1000"], rule, || format!("{output:?}"))?;
    }
    let rule = "a file comes back with its mode and contents";
    let (header, contents) = got(subject, files, rule).await?;
    let mode = header.mode().ok().map(|mode| mode & 0o777);
    ensure(mode == Some(0o640), rule, || format!("{mode:?}"))?;
    ensure(contents == CONTENTS, rule, || format!("{contents:?}"))?;
    let rule = "what is not there is NotFound, with a hint";
    let got = files.get(&subject.id, "/tmp/no-such-file", subject.cx).await.map(drop);
    let is_right = matches!(&got, Err(BackendError::NotFound(failure)) if failure.hint.is_some());
    ensure(is_right, rule, || format!("{got:?}"))?;
    let rule = "an upload whose source fails is Invalid and says why";
    let pieces =
        stream::iter([Ok(Bytes::from_static(&[0; 512])), Err(std::io::Error::other("torn"))]);
    let put = soon(rule, files.put(&subject.id, "/tmp", pieces.boxed(), subject.cx)).await?;
    let is_right =
        matches!(&put, Err(BackendError::Invalid(failure)) if failure.message.contains("torn"));
    ensure(is_right, rule, || format!("{put:?}"))
}

async fn got(
    subject: &Subject<'_>,
    files: &dyn Files,
    rule: &str,
) -> Checked<(tar::Header, Vec<u8>)> {
    let archive = files.get(&subject.id, NOTE, subject.cx).await.must(rule)?;
    let archive: BytesMut = soon(rule, archive.try_collect()).await?.must(rule)?;
    let read = || -> std::io::Result<(tar::Header, Vec<u8>)> {
        let mut archive = tar::Archive::new(&archive[..]);
        let mut entry = archive.entries()?.next().ok_or(std::io::ErrorKind::UnexpectedEof)??;
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents)?;
        Ok((entry.header().clone(), contents))
    };
    read().map_err(|error| broken(rule, error.to_string()))
}
