//! Operations on labs: one at a time for each, told as a stream of lines or as one answer.
//!
//! The new server cancels an operation when its client goes away; the old one carries on.

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use hyper::header::{HeaderValue, RETRY_AFTER};
use model::NodeVerb;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::engine::{Container, Said};
use super::reply::{self, Reply, message, refuse};
use super::route::Asked;
use super::state::{Busy, Quirk, Server};
use super::{errors, topology};

const NDJSON: &str = "application/x-ndjson; charset=utf-8";
/// What the server adds to every stream before anything is done.
const FIRST_LINE: &str = "11:30:33 INFO Waiting for the lab's turn";

pub(super) type Work = BoxFuture<'static, Result<Value, String>>;

/// Something that is done to a lab.
pub(super) struct Operation {
    pub(super) lab: String,
    pub(super) name: &'static str,
    /// What a good end says.
    pub(super) done: String,
    pub(super) work: Box<dyn FnOnce(Said) -> Work + Send>,
}

/// Carries an operation out as the request wants it told.
pub(super) async fn run(server: &Arc<Server>, asked: &Asked, operation: Operation) -> Reply {
    let quirk = server.state().quirk(|quirk| matches!(quirk, Quirk::Busy(_)));
    let busy = match (quirk, Busy::begin(server, &operation.lab, operation.name)) {
        (Some(Quirk::Busy(seconds)), _) => return too_busy(&operation.lab, "deploy", seconds),
        (_, Err(other)) => return too_busy(&operation.lab, &other, 2),
        (_, Ok(busy)) => busy,
    };
    let has_no_head = server.state().quirk(|quirk| *quirk == Quirk::NoHead).is_some();
    if asked.is("stream") && server.is_modern() {
        let reply = streamed(server, operation, busy);
        if has_no_head {
            std::future::pending::<()>().await;
        }
        return reply;
    }
    if has_no_head {
        std::future::pending::<()>().await;
    }
    let (said, mut lines) = mpsc::channel::<String>(64);
    let drained = async move { while lines.recv().await.is_some() {} };
    let work = (operation.work)(said);
    let both = async move { futures::join!(work, drained).0 };
    let result = if server.is_modern() {
        both.await
    } else {
        // The old server goes on when its client went away.
        let work = tokio::spawn(async move {
            let _busy = busy;
            both.await
        });
        work.await.unwrap_or_else(|error| Err(error.to_string()))
    };
    match result {
        Ok(Value::Null) => message(operation.done),
        Ok(value) => reply::json(200, &value),
        Err(error) => refuse(500, error),
    }
}

fn too_busy(lab: &str, operation: &str, seconds: u32) -> Reply {
    let mut reply = refuse(409, format!("Lab '{lab}' is busy with {operation} operation."));
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    reply
}

fn streamed(server: &Arc<Server>, operation: Operation, busy: Busy) -> Reply {
    let quirk = server.state().quirk(|quirk| {
        matches!(
            quirk,
            Quirk::NoEnd
                | Quirk::NothingDone
                | Quirk::ErrorLine(_)
                | Quirk::TenMinutes
                | Quirk::ForeignLine(_)
        )
    });
    let (said, mut lines) = mpsc::channel::<String>(64);
    let (out, wire) = mpsc::channel::<Bytes>(64);
    let task = tokio::spawn(async move {
        let _busy = busy;
        let _ = out.send(log_line(FIRST_LINE)).await;
        if let Some(Quirk::ForeignLine(line)) = &quirk {
            let _ = out.send(log_line(line)).await;
        }
        let work = match quirk {
            Some(Quirk::NothingDone) => return,
            Some(Quirk::ErrorLine(_)) => {
                drop(said);
                async { Ok(Value::Null) }.boxed()
            }
            _ => (operation.work)(said),
        };
        let told = async {
            while let Some(line) = lines.recv().await {
                let _ = out.send(log_line(&line)).await;
            }
        };
        let (result, ()) = futures::join!(work, told);
        let last = match (quirk, result) {
            (Some(Quirk::NoEnd), _) => return,
            (Some(Quirk::ErrorLine(error)), _) => json!({ "type": "error", "error": error }),
            (Some(Quirk::TenMinutes), _) => json!({
                "type": "error",
                "error": format!("Failed to deploy lab '{}': context deadline exceeded", operation.lab),
            }),
            (_, Err(error)) => json!({ "type": "error", "error": error }),
            (_, Ok(_)) => json!({ "type": "done", "message": operation.done }),
        };
        let _ = out.send(Bytes::from(format!("{last}\n"))).await;
    });
    let wire = (wire, AbortOnDropHandle::new(task));
    let chunks = stream::unfold(wire, |(mut wire, task)| async move {
        let chunk = wire.recv().await?;
        Some((chunk, (wire, task)))
    });
    reply::stream(NDJSON, stream::iter([Bytes::from_static(b"\n")]).chain(chunks))
}

fn log_line(line: &str) -> Bytes {
    let line = json!({ "type": "log", "line": line, "stream": "stdout" });
    Bytes::from(format!("{line}\n"))
}

/// Deploy and apply: of a topology file in the lab's folder.
pub(super) async fn from_files(
    server: &Arc<Server>,
    asked: &Asked,
    lab: &str,
    is_apply: bool,
) -> Reply {
    let path = match asked.text("path") {
        "" => format!("{lab}.clab.yml"),
        path if path.split('/').any(|part| part == "..") || path.starts_with('/') => {
            return refuse(400, "invalid file path");
        }
        path => path.to_owned(),
    };
    let mut order = server.order(&asked.user, lab, &path);
    if !order.files.contains_key(&path) {
        return refuse(404, format!("Topology file not found for lab '{lab}'."));
    }
    let all = server.engine.containers().await.unwrap_or_default();
    let exists = all.iter().find(|one| one.lab_name == lab);
    if let Some(other) = exists.filter(|one| one.owner != asked.user) {
        if is_apply {
            return errors::not_found(lab);
        }
        let owner = &other.owner;
        return refuse(403, format!("Lab '{lab}' is owned by '{owner}'. Permission denied."));
    }
    order.reconfigure = asked.is("reconfigure");
    order.nodes = asked.names("nodeFilter");
    if !is_apply && exists.is_some() && !order.reconfigure {
        return errors::exists(lab, true);
    }
    if server.state().quirks.front() == Some(&Quirk::TenMinutes) {
        let first = topology::read(&order).ok().and_then(|read| read.nodes.into_iter().next());
        order.nodes = first.map(|node| node.name).into_iter().collect();
    }
    let engine = server.engine.clone();
    let is_dry = is_apply && asked.is("dryRun");
    let work = move |said: Said| -> Work {
        async move {
            let failed = |error| format!("Failed to deploy lab '{}': {error}", order.lab);
            let mut plan = engine.plan(&order).await.map_err(failed)?;
            if !is_dry {
                engine.deploy(&order, &said).await.map_err(failed)?;
            }
            plan["dryRun"] = json!(is_dry);
            plan["labName"] = json!(order.lab);
            Ok(plan)
        }
        .boxed()
    };
    let done = format!("Lab '{lab}' deployed successfully");
    let name = if is_apply { "apply" } else { "deploy" };
    run(server, asked, Operation { lab: lab.into(), name, done, work: Box::new(work) }).await
}

pub(super) async fn destroy(server: &Arc<Server>, asked: &Asked, lab: &str) -> Reply {
    let engine = server.engine.clone();
    let name = lab.to_owned();
    let keeps = server.state().quirk(|quirk| *quirk == Quirk::KeepsContainers).is_some();
    if asked.is("cleanup") || asked.is("purgeLabDir") {
        let made = format!("{lab}/clab-{lab}");
        let gone = if asked.is("purgeLabDir") { lab } else { &made };
        let below = format!("{gone}/");
        let is_gone = |path: &str| path == gone || path.starts_with(&below);
        server.state().workspace.retain(|(user, path), _| *user != asked.user || !is_gone(path));
    }
    let work = move |said: Said| -> Work {
        async move {
            if !keeps {
                engine.destroy(&name, &said).await?;
            }
            Ok(Value::Null)
        }
        .boxed()
    };
    let done = format!("Lab '{lab}' destroyed successfully");
    run(server, asked, Operation { lab: lab.into(), name: "destroy", done, work: Box::new(work) })
        .await
}

/// The old server forgets the owner.
pub(super) async fn redeploy(
    server: &Arc<Server>,
    asked: &Asked,
    lab: &str,
    own: &[Container],
) -> Reply {
    let path = own.first().map(|one| one.abs_lab_path.as_str()).unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let mut order = server.order(&asked.user, lab, file);
    order.reconfigure = true;
    if !server.is_modern() {
        server.state().orphans.push(lab.to_owned());
    }
    let engine = server.engine.clone();
    let is_modern = server.is_modern();
    let work = move |said: Said| -> Work {
        async move {
            engine.deploy(&order, &said).await?;
            Ok(if is_modern { Value::Null } else { json!({ "output": "a table" }) })
        }
        .boxed()
    };
    let done = format!("Lab '{lab}' redeployed successfully");
    run(server, asked, Operation { lab: lab.into(), name: "redeploy", done, work: Box::new(work) })
        .await
}

/// Start, stop and restart of all nodes.
pub(super) async fn of_nodes(server: &Arc<Server>, asked: &Asked, lab: &str, verb: &str) -> Reply {
    let (verb, name) = match verb {
        "start" => (NodeVerb::Start, "start"),
        "stop" => (NodeVerb::Stop, "stop"),
        _ => (NodeVerb::Restart, "restart"),
    };
    let engine = server.engine.clone();
    let of = lab.to_owned();
    let work = move |said: Said| -> Work {
        async move { engine.change(&of, None, verb, &said).await.map(|()| Value::Null) }.boxed()
    };
    let done = format!("Lab '{lab}' nodes {name}ed successfully.");
    run(server, asked, Operation { lab: lab.into(), name, done, work: Box::new(work) }).await
}
