//! What every backend must do, written once: run it against a fake and against the real server.
//!
//! Deliberately not here: anything that only one kind of backend does.

mod adopting;
mod applying;
mod archive;
mod diagnosing;
mod images;
mod inside;
pub mod labs;
mod living;
mod rebuilding;
mod streaming;
mod terminals;
mod volumes;

use std::time::Duration;

pub use rebuilding::survives_every_fault;

use async_trait::async_trait;
use backend_api::{Backend, BackendError, ConnectInput, Cx, Session};
use model::{Failure, FormValues, Workspace, WorkspaceId, WorkspaceState};

/// How long anything may take before it counts as not happening.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the suite needs to know of a backend and its server.
#[async_trait]
pub trait Rig: Send + Sync {
    /// The backend under test.
    fn backend(&self) -> &dyn Backend;
    /// What it connects with.
    fn connect_input(&self) -> ConnectInput;
    /// A new session, and the context to call it with.
    async fn connect(&self) -> Result<(Box<dyn Session>, Cx), BackendError>;
    /// Input of the form for a workspace that keeps running, has a shell, prints `log_line` and echoes on
    /// `echo_port`.
    fn input(&self, name: &str) -> FormValues;
    /// A line that the workspace prints when it starts.
    fn log_line(&self) -> String;
    /// A port of the workspace that gives back what it gets.
    fn echo_port(&self) -> u16;
    /// How many streams of the carrier are open now.
    fn open_streams(&self) -> usize;
}

/// A rule that the backend broke.
#[derive(Debug)]
pub struct Broken {
    rule: String,
    reason: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.reason)
    }
}

impl std::error::Error for Broken {}

type Checked<T = ()> = Result<T, Broken>;

fn broken(rule: &str, reason: impl Into<String>) -> Broken {
    Broken { rule: rule.to_owned(), reason: reason.into() }
}

fn ensure(holds: bool, rule: &str, reason: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(broken(rule, reason())) }
}

/// Passes what a call gave, or says which rule its error breaks.
trait Must<T> {
    fn must(self, rule: &str) -> Checked<T>;
}

impl<T> Must<T> for Result<T, BackendError> {
    fn must(self, rule: &str) -> Checked<T> {
        self.map_err(|error| broken(rule, words(error)))
    }
}

impl<T> Must<T> for Option<T> {
    fn must(self, rule: &str) -> Checked<T> {
        self.ok_or_else(|| broken(rule, "it is not there"))
    }
}

fn words(error: BackendError) -> String {
    let failure = Failure::from(error);
    format!("{:?}: {} (detail: {:?})", failure.code, failure.message, failure.detail)
}

/// Gives what `work` gives within the suite's patience.
async fn soon<T>(rule: &str, work: impl Future<Output = T>) -> Checked<T> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .map_err(|_| broken(rule, format!("nothing happened for {} s", PATIENCE.as_secs())))
}

/// A session under test, and one workspace in it.
struct Subject<'a> {
    rig: &'a dyn Rig,
    session: &'a dyn Session,
    cx: &'a Cx,
    id: WorkspaceId,
    name: String,
}

impl Subject<'_> {
    async fn listed(&self) -> Checked<Workspace> {
        let rule = "list has every workspace";
        let list = self.session.list(self.cx).await.must(rule)?;
        list.into_iter().find(|one| one.id == self.id).must(rule)
    }

    async fn state(&self) -> Checked<WorkspaceState> {
        Ok(self.listed().await?.state)
    }
}

/// Runs every rule. What it makes begins with `prefix` and is removed again.
///
/// # Errors
/// The first rule that is broken.
pub async fn run(rig: &dyn Rig, prefix: &str) -> Result<(), Broken> {
    let (session, cx) = rig.connect().await.must("connect works")?;
    let result = all_rules(rig, session.as_ref(), &cx, prefix).await;
    if result.is_err() {
        remove_all(session.as_ref(), &cx, prefix).await;
    }
    drop(session);
    result?;
    closes_streams(&|| rig.open_streams()).await
}

async fn all_rules(rig: &dyn Rig, session: &dyn Session, cx: &Cx, prefix: &str) -> Checked {
    session.ping(cx).await.must("ping works")?;
    let server = session.server(cx).await.must("the server tells about itself")?;
    ensure(!server.product.is_empty(), "the server has a product", || format!("{server:?}"))?;
    let name = format!("{prefix}-one");
    let id = applying::creates(rig, session, cx, &name).await?;
    let id = rebuilding::keeps_name_ports_and_volumes(session, cx, &id).await?;
    let subject = Subject { rig, session, cx, id, name };
    rebuilding::a_cancel_brings_the_old_one_back(&subject).await?;
    living::list_and_inspect_agree(&subject).await?;
    living::ssh_is_reached_where_it_is_listed(&subject).await?;
    adopting::adopting_only_reads(&subject).await?;
    streaming::endpoints_echo(&subject).await?;
    streaming::logs_are_read(&subject).await?;
    terminals::a_terminal_runs(&subject).await?;
    terminals::an_exit_code_comes_back(&subject).await?;
    inside::programs_run(&subject).await?;
    inside::files_go_in_and_out(&subject).await?;
    streaming::metrics_come(&subject).await?;
    living::lifecycle_is_idempotent(&subject).await?;
    living::watch_sees_changes(&subject).await?;
    streaming::a_followed_log_ends(&subject).await?;
    living::rename_shows(&subject).await?;
    diagnosing::a_healthy_server_passes(&subject).await?;
    diagnosing::a_cancelled_diagnosis_says_so(&subject).await?;
    volumes::used_volumes_stay(&subject).await?;
    volumes::what_goes_in_comes_out(&subject, prefix).await?;
    volumes::a_broken_import_leaves_nothing(&subject, prefix).await?;
    images::a_used_image_stays(&subject).await?;
    images::images_take_names(&subject, prefix).await?;
    applying::bad_input_is_a_problem(&subject).await?;
    applying::a_stale_plan_is_refused(&subject, prefix).await?;
    applying::cancel_leaves_nothing(&subject, prefix).await?;
    living::gone_is_not_found(&subject).await
}

async fn remove_all(session: &dyn Session, cx: &Cx, prefix: &str) {
    let Some(lifecycle) = session.lifecycle() else { return };
    for workspace in session.list(cx).await.unwrap_or_default() {
        if workspace.name.starts_with(prefix) {
            let _ = lifecycle.remove(&workspace.id, model::RemoveVolumes::Delete, cx).await;
        }
    }
}

async fn closes_streams(open: &(dyn Fn() -> usize + Sync)) -> Checked {
    let rule = "a session that is dropped leaves no stream open";
    let closed = async {
        while open() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    soon(rule, closed).await.map_err(|_| broken(rule, format!("{} are", open())))
}
