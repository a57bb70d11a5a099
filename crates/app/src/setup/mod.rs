//! Server set-up: the script of a kind of connection, run over SSH as a run, only with consent.
//!
//! What the script does is its backend's; here it is carried to the server and its output is read.

mod consent;
mod output;
mod rights;

use std::{sync::Arc, time::Duration};

use backend_api::{LogSink as _, RemoteExec as _, SetUp, StepSink as _};
use model::{
    Connection, ConnectionId, ErrorCode, Failure, FormValues, LogStream, RunId, ServerSetup,
    SetupPlan, SshHost,
};
use ssh::{Asker, Link};
use tokio_util::sync::CancellationToken;

use crate::{
    Core,
    questions::{LinkAsker, ToldBy},
    runs::{Apart, Deed, LiveRun, begin_apart},
    sessions::{self, Cause, Event, Given},
    shared::Shared,
    state::State,
};
use output::Ended;
use rights::Rights;

/// The verb of these runs.
pub(crate) const VERB: &str = "set up";
/// Installing packages over a slow line takes its time.
const LONGEST: Duration = Duration::from_secs(45 * 60);

impl Core {
    /// The script that prepares a connection's server; none where its kind brings none.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn setup_offer(&self, id: &ConnectionId) -> Result<Option<ServerSetup>, Failure> {
        let connection = self.shared.connection(id).await?;
        let backend = self.shared.backend(&connection.kind)?;
        Ok(backend.set_up().map(SetUp::offer))
    }

    /// What running the script with these choices would do. Nothing is sent to the server.
    ///
    /// # Errors
    /// `NotFound`; `Unsupported` where there is no script.
    pub async fn setup_plan(
        &self,
        id: &ConnectionId,
        values: &FormValues,
    ) -> Result<SetupPlan, Failure> {
        let connection = self.shared.connection(id).await?;
        let hosts = hosts_of(&self.shared, &connection).await?;
        let login = hosts.last().map_or("", |host| host.user.as_str());
        planned(&self.shared, &connection, values, login)
    }

    /// Runs the script on the server. `agreed` says that the person saw it and what it means.
    ///
    /// # Errors
    /// `Invalid` without consent or for choices that will not do, `Busy` while it runs already,
    /// `Unsupported` where there is no script. Later failures are in the run.
    pub async fn setup_run(
        &self,
        id: &ConnectionId,
        values: FormValues,
        agreed: bool,
    ) -> Result<RunId, Failure> {
        if !agreed {
            return Err(Failure::new(
                ErrorCode::Invalid,
                "the set-up runs only when you agree to it",
            )
            .with_hint("Read what it does and what it means, then agree.")
            .with_field("agreed"));
        }
        let connection = self.shared.connection(id).await?;
        let hosts = hosts_of(&self.shared, &connection).await?;
        let login = hosts.last().map_or("", |host| host.user.as_str());
        let plan = planned(&self.shared, &connection, &values, login)?;
        if let Some(problem) = plan.problems.first() {
            return Err(Failure::new(ErrorCode::Invalid, problem.message.clone())
                .with_hint("Choose otherwise.")
                .with_field(problem.field.clone()));
        }
        let digest = consent::digest(&script_of(&self.shared, &connection)?, &plan, &hosts);
        let name = connection.name.clone();
        let apart = Apart {
            verb: VERB,
            connection: connection.clone(),
            subject: None,
            steps: plan.steps,
            input: consent::with(values.clone(), digest),
            cancel_means: format!(
                "Moorline stops waiting. What the script began on {name} may still be finished; \
                 running it again does the rest."
            ),
        };
        let work = Work { shared: Arc::clone(&self.shared), connection, hosts, values };
        let deed: Deed = Box::new(move |run| Box::pin(work.carry_out(run)));
        begin_apart(&self.shared, apart, deed).await
    }

    /// Runs the script of an earlier run again, where it is still what the person agreed to then.
    ///
    /// # Errors
    /// `Conflict` when script, choices or server are not the same any more; as `setup_run`.
    pub(crate) async fn setup_again(
        &self,
        id: &ConnectionId,
        input: FormValues,
    ) -> Result<RunId, Failure> {
        let connection = self.shared.connection(id).await?;
        let hosts = hosts_of(&self.shared, &connection).await?;
        let login = hosts.last().map_or("", |host| host.user.as_str());
        let (values, agreed) = consent::split(input);
        let plan = planned(&self.shared, &connection, &values, login)?;
        let now = consent::digest(&script_of(&self.shared, &connection)?, &plan, &hosts);
        consent::check(agreed.as_deref(), &now, &connection.name)?;
        self.setup_run(id, values, true).await
    }
}

fn planned(
    shared: &Shared,
    connection: &Connection,
    values: &FormValues,
    login: &str,
) -> Result<SetupPlan, Failure> {
    let backend = shared.backend(&connection.kind)?;
    let set_up = backend.set_up().ok_or_else(|| no_script(connection))?;
    Ok(set_up.plan(values, login))
}

fn script_of(shared: &Shared, connection: &Connection) -> Result<String, Failure> {
    let backend = shared.backend(&connection.kind)?;
    backend.set_up().map(|own| own.offer().script).ok_or_else(|| no_script(connection))
}

fn no_script(connection: &Connection) -> Failure {
    Failure::new(ErrorCode::Unsupported, format!("there is no set-up for {}", connection.name))
        .with_hint("See the notes of its kind for what the server needs.")
}

async fn hosts_of(shared: &Arc<Shared>, connection: &Connection) -> Result<Vec<SshHost>, Failure> {
    match &connection.ssh_host_id {
        Some(id) => sessions::chain(shared, id).await,
        None => Err(no_script(connection)),
    }
}

struct Work {
    shared: Arc<Shared>,
    connection: Connection,
    hosts: Vec<SshHost>,
    values: FormValues,
}

impl Work {
    async fn carry_out(self, run: Arc<LiveRun>) -> Result<(), Failure> {
        let cancel = run.cancel.clone();
        let ended = tokio::select! {
            biased;
            () = cancel.cancelled() => {
                return Err(Failure::new(ErrorCode::Cancelled, "cancelled")
                    .with_hint("Run it again to do the rest."));
            }
            ended = tokio::time::timeout(LONGEST, self.on_server(&run)) => ended,
        };
        let ended = ended.map_err(|_| {
            Failure::new(
                ErrorCode::Unreachable,
                format!("the set-up of {} did not end within 45 minutes", self.connection.name),
            )
            .with_hint("Look at the server, then run it again: it does only what is missing.")
        })??;
        self.connect_anew(ended).await;
        Ok(())
    }

    async fn on_server(&self, run: &Arc<LiveRun>) -> Result<Ended, Failure> {
        let name = &self.connection.name;
        run.line(LogStream::Note, &format!("logging in to {name}"));
        let link = self.link(run.cancel.child_token()).await?;
        let login = link.run(&["id", "-un"]).await.map_err(Failure::from)?;
        let login = String::from_utf8_lossy(&login.stdout).trim().to_owned();
        let rights = rights::obtain(&self.shared, &link, name, &login).await?;
        let ended = self.script(&link, &rights, &login, run).await;
        link.close().await;
        ended
    }

    /// A login of its own: one that is there already does not know of new groups.
    async fn link(&self, cancel: CancellationToken) -> Result<Link, Failure> {
        let Self { shared, connection, hosts, .. } = self;
        let options =
            sessions::link_options(shared, &connection.name, hosts, &Given::new()).await?;
        let asker = Arc::new(LinkAsker::new(
            Arc::clone(shared),
            connection.name.clone(),
            ToldBy::Nobody,
            hosts.clone(),
        ));
        let dyn_asker: Arc<dyn Asker> = Arc::<LinkAsker>::clone(&asker);
        let link = Link::connect(options, dyn_asker, cancel).await?;
        asker.keep_answers().await;
        Ok(link)
    }

    async fn script(
        &self,
        link: &Link,
        rights: &Rights,
        login: &str,
        run: &Arc<LiveRun>,
    ) -> Result<Ended, Failure> {
        let plan = planned(&self.shared, &self.connection, &self.values, login)?;
        let script = script_of(&self.shared, &self.connection)?;
        let mut argv = rights.argv();
        argv.extend(["sh", "-s", "--"]);
        argv.extend(plan.arguments.iter().map(String::as_str));
        let stream = rights.start(link, &argv, script.as_bytes()).await?;
        let ended = output::follow(stream, run.as_ref(), &self.connection.name).await?;
        for (index, _) in plan.steps.iter().enumerate().filter(|_| ended == Ended::Same) {
            run.skip(index);
        }
        Ok(ended)
    }

    /// The connection logs in again where something changed, so that new groups count.
    async fn connect_anew(&self, ended: Ended) {
        let id = self.connection.id.clone();
        let handle = Arc::clone(&self.shared);
        let host = self.connection.ssh_host_id.clone();
        let job = move |state: &mut State| {
            let is_up = state.connections.get(&id).is_some_and(|entry| entry.live.is_some());
            if is_up && ended == Ended::Same {
                return Vec::new();
            }
            let same_host = state.connections.values().filter(|e| e.connection.ssh_host_id == host);
            let links: Vec<_> =
                same_host.filter_map(|entry| entry.live.as_ref()?.link.clone()).collect();
            sessions::route(&handle, state, &id, Event::DisconnectAsked);
            links
        };
        for link in self.shared.owner.with(job).await.unwrap_or_default() {
            link.close().await;
        }
        let event = Event::ConnectAsked { cause: Cause::Person };
        sessions::report(&self.shared, &self.connection.id, event).await;
    }
}
