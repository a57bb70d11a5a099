//! Ports, logs, measurements.

use backend_api::LogOptions;
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Checked, Must, Subject, broken, ensure, soon, words};

pub(super) async fn endpoints_echo(subject: &Subject<'_>) -> Checked {
    let Some(endpoints) = subject.session.endpoints() else { return Ok(()) };
    let rule = "a port gives back what it gets";
    let echoed = async {
        loop {
            let dialled = endpoints.dial(&subject.id, subject.rig.echo_port(), subject.cx).await;
            if let Ok(mut stream) = dialled {
                let mut back = [0; 5];
                let carried = async {
                    stream.write_all(b"hello").await?;
                    stream.flush().await?;
                    stream.read_exact(&mut back).await
                };
                if carried.await.is_ok() {
                    return back;
                }
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let back = soon(rule, echoed).await?;
    ensure(&back == b"hello", rule, || format!("{back:?}"))
}

pub(super) async fn logs_are_read(subject: &Subject<'_>) -> Checked {
    let Some(logs) = subject.session.logs() else { return Ok(()) };
    let rule = "the log has what the program printed, and ends";
    let options = LogOptions { is_followed: false, tail: None, since: None };
    let lines = logs.logs(&subject.id, options, subject.cx).await.must(rule)?;
    let lines: Vec<_> = soon(rule, lines.collect()).await?;
    let mut texts = Vec::new();
    for line in lines {
        texts.push(line.must(rule)?);
    }
    let wanted = subject.rig.log_line();
    let found = texts.iter().find(|line| line.text == wanted);
    let found = found.ok_or_else(|| broken(rule, format!("{texts:?}")))?;
    ensure(found.at.is_some(), "log lines have a time", || format!("{found:?}"))?;
    let options = LogOptions { tail: Some(1), ..options };
    let tail = logs.logs(&subject.id, options, subject.cx).await.must(rule)?;
    let tail = soon(rule, tail.count()).await?;
    ensure(tail == 1, "tail limits the lines", || format!("{tail} lines"))
}

/// Leaves the workspace stopped and starts it again.
pub(super) async fn a_followed_log_ends(subject: &Subject<'_>) -> Checked {
    let (Some(logs), Some(lifecycle)) = (subject.session.logs(), subject.session.lifecycle())
    else {
        return Ok(());
    };
    let rule = "a followed log gives lines and ends when the workspace stops";
    let options = LogOptions { is_followed: true, tail: None, since: None };
    let mut lines = logs.logs(&subject.id, options, subject.cx).await.must(rule)?;
    let first = soon(rule, lines.next()).await?.must(rule)?;
    first.must(rule)?;
    lifecycle.stop(&subject.id, subject.cx).await.must("stop works")?;
    let ended = async {
        while let Some(line) = lines.next().await {
            line.map_err(|error| broken(rule, words(error)))?;
        }
        Ok(())
    };
    soon(rule, ended).await??;
    lifecycle.start(&subject.id, subject.cx).await.must("start works")
}

pub(super) async fn metrics_come(subject: &Subject<'_>) -> Checked {
    let Some(metrics) = subject.session.metrics() else { return Ok(()) };
    let rule = "a running workspace is measured";
    let mut samples = metrics.metrics(subject.cx).await.must(rule)?;
    let measured = async {
        while let Some(batch) = samples.next().await {
            let batch = batch.map_err(|error| broken(rule, words(error)))?;
            if let Some((_, sample)) = batch.into_iter().find(|(id, _)| *id == subject.id) {
                return Ok(sample);
            }
        }
        Err(broken(rule, "the stream ended"))
    };
    let sample = soon(rule, measured).await??;
    ensure(sample.memory_bytes > 0 && sample.cpu_percent >= 0.0, rule, || format!("{sample:?}"))
}
