//! Listing, lifecycle, live changes, things that are gone.

use backend_api::{BackendError, ExecRequest, LogOptions, TerminalOptions, WatchEvent};
use futures::StreamExt;
use model::{RemoveVolumes, TerminalSize, WorkspaceId, WorkspaceState};

use super::{Checked, Must, Subject, broken, ensure, soon, words};

pub(super) async fn list_and_inspect_agree(subject: &Subject<'_>) -> Checked {
    let rule = "list and inspect agree";
    let listed = subject.listed().await?;
    let detail = subject.session.inspect(&subject.id, subject.cx).await.must(rule)?.workspace;
    ensure(
        (&listed.id, &listed.name, listed.state, &listed.image, &listed.ports, &listed.web_ide)
            == (
                &detail.id,
                &detail.name,
                detail.state,
                &detail.image,
                &detail.ports,
                &detail.web_ide,
            ),
        rule,
        || format!("{listed:?} and {detail:?}"),
    )?;
    ensure(listed.is_managed && detail.is_managed, "what was made here is managed", String::new)?;
    let seconds = |at: Option<i64>| at.map(|at| at / 1000);
    ensure(seconds(listed.created_at) == seconds(detail.created_at), rule, || "created".into())?;
    ensure(seconds(listed.started_at) == seconds(detail.started_at), rule, || "started".into())
}

pub(super) async fn lifecycle_is_idempotent(subject: &Subject<'_>) -> Checked {
    let Some(lifecycle) = subject.session.lifecycle() else { return Ok(()) };
    let (id, cx) = (&subject.id, subject.cx);
    let expect = async |state: WorkspaceState, rule: &str| {
        let now = subject.state().await?;
        ensure(now == state, rule, || format!("it is {now:?}"))
    };
    lifecycle.start(id, cx).await.must("starting what runs succeeds")?;
    expect(WorkspaceState::Running, "a started workspace runs").await?;
    lifecycle.stop(id, cx).await.must("stop works")?;
    expect(WorkspaceState::Stopped, "a stopped workspace is stopped").await?;
    lifecycle.stop(id, cx).await.must("stopping what is stopped succeeds")?;
    lifecycle.start(id, cx).await.must("start works")?;
    expect(WorkspaceState::Running, "a started workspace runs").await?;
    lifecycle.restart(id, cx).await.must("restart works")?;
    expect(WorkspaceState::Running, "a restarted workspace runs").await
}

pub(super) async fn watch_sees_changes(subject: &Subject<'_>) -> Checked {
    let (Some(watch), Some(lifecycle)) = (subject.session.watch(), subject.session.lifecycle())
    else {
        return Ok(());
    };
    let rule = "watch sees a stop and a start";
    let mut changes = watch.watch(subject.cx).await.must(rule)?;
    for is_start in [false, true] {
        if is_start {
            lifecycle.start(&subject.id, subject.cx).await.must("start works")?;
        } else {
            lifecycle.stop(&subject.id, subject.cx).await.must("stop works")?;
        }
        let seen = async {
            while let Some(change) = changes.next().await {
                match change {
                    Ok(WatchEvent::Changed(id)) if id == subject.id => return Ok(()),
                    Ok(_) => {}
                    Err(error) => return Err(broken(rule, words(error))),
                }
            }
            Err(broken(rule, "the stream ended"))
        };
        soon(rule, seen).await??;
    }
    Ok(())
}

pub(super) async fn rename_shows(subject: &Subject<'_>) -> Checked {
    let Some(lifecycle) = subject.session.lifecycle() else { return Ok(()) };
    let rule = "rename gives another name, and the old one again";
    let other = format!("{}-renamed", subject.name);
    for name in [&other, &subject.name] {
        lifecycle.rename(&subject.id, name, subject.cx).await.must(rule)?;
        let now = subject.listed().await?.name;
        ensure(now == *name, rule, || format!("it is {now}"))?;
    }
    let refused = lifecycle.rename(&subject.id, "Not A Name", subject.cx).await;
    ensure(
        matches!(&refused, Err(BackendError::Invalid(f)) if f.field.as_deref() == Some("name")),
        "a bad name is Invalid and names the field",
        || format!("{refused:?}"),
    )
}

/// Removes the subject and uses it once more in every way.
pub(super) async fn gone_is_not_found(subject: &Subject<'_>) -> Checked {
    let Some(lifecycle) = subject.session.lifecycle() else { return Ok(()) };
    let (id, cx, session) = (&subject.id, subject.cx, subject.session);
    lifecycle.remove(id, RemoveVolumes::Delete, cx).await.must("remove works")?;
    let list = session.list(cx).await.must("list works")?;
    ensure(
        !list.iter().any(|one| one.id == *id),
        "a removed workspace is not listed",
        String::new,
    )?;
    lifecycle.remove(id, RemoveVolumes::Delete, cx).await.must("removing what is gone succeeds")?;
    let never = WorkspaceId::from_raw("0123456789abcdef");
    for id in [id, &never] {
        not_found("inspect", session.inspect(id, cx).await)?;
        not_found("start", lifecycle.start(id, cx).await)?;
        not_found("stop", lifecycle.stop(id, cx).await)?;
        not_found("rename", lifecycle.rename(id, "another-name", cx).await)?;
        if let Some(logs) = session.logs() {
            let options = LogOptions { is_followed: false, tail: None, since: None };
            not_found("logs", logs.logs(id, options, cx).await)?;
        }
        if let Some(exec) = session.exec() {
            let size = TerminalSize { columns: 80, rows: 24 };
            let options = TerminalOptions { size, argv: None, user: None };
            not_found("terminal", exec.terminal(id, options, cx).await)?;
            let request = ExecRequest { argv: vec!["true".into()], ..ExecRequest::default() };
            not_found("run", exec.run(id, request, cx).await)?;
        }
        if let Some(files) = session.files() {
            not_found("get", files.get(id, "/tmp", cx).await.map(drop))?;
        }
    }
    Ok(())
}

fn not_found<T>(call: &str, result: Result<T, BackendError>) -> Checked {
    let rule = "a workspace that is gone is NotFound, with a hint";
    match result {
        Err(BackendError::NotFound(failure)) if failure.hint.is_some() => Ok(()),
        Err(error) => Err(broken(rule, format!("{call} gives {}", words(error)))),
        Ok(_) => Err(broken(rule, format!("{call} works"))),
    }
}

/// The way in by SSH is where the list says it is; without a published port there is none.
pub(super) async fn ssh_is_reached_where_it_is_listed(subject: &Subject<'_>) -> Checked {
    let rule = "the SSH target is the published port";
    let Some(access) = subject.session.ssh_access() else { return Ok(()) };
    let listed = subject.listed().await?;
    let ssh = listed.ports.iter().find(|port| port.label.as_deref() == Some("ssh"));
    let target = access.ssh_target(&subject.id, subject.cx).await;
    let Some(port) = ssh.and_then(|port| port.server_port) else {
        let is_missing = matches!(target, Err(BackendError::NotFound(_)));
        return ensure(is_missing, rule, || format!("no port is listed, but {target:?}"));
    };
    let target = target.must(rule)?;
    ensure(target.port == port, rule, || format!("{target:?} is not at {port}"))?;
    let is_whole = !target.user.is_empty() && target.folder.starts_with('/');
    ensure(is_whole, "an SSH target has a user and a folder", || format!("{target:?}"))
}
