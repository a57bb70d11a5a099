//! The one task that writes the managed files: after every change that matters, and when asked.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::StreamExt as _;
use model::{Failure, WorkspaceRef, WorkspaceState};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::{
    alias::{Names, host_key_alias, slug},
    book::{Book, Record, ssh_port},
    entry::{self, Door},
    keys,
    paths::Paths,
    survey::{self, Server},
    theirs,
};
use crate::{CoreEvent, ca, shared::Shared};

/// Changes come in bursts.
const QUIET: Duration = Duration::from_millis(500);
/// When an SSH server of a workspace is still starting.
const LOOK_AGAIN: Duration = Duration::from_secs(3);
/// Workspaces of one server that are read at once.
const AT_ONCE: usize = 4;

/// What is written now.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// By workspace: its names, the full one first, and what is known of it.
    pub(super) doors: BTreeMap<WorkspaceRef, (Vec<String>, Record)>,
    /// Every name that a person may type.
    pub(super) aliases: Vec<String>,
}

/// A wish to have everything written, and one workspace looked at anew.
pub(crate) struct Ask {
    pub(super) wanted: Option<WorkspaceRef>,
    pub(super) reply: oneshot::Sender<Result<Arc<Written>, Failure>>,
}

/// Writes the managed files until the core ends.
pub(crate) async fn keep(shared: Arc<Shared>, mut asks: mpsc::Receiver<Ask>) {
    let mut events = shared.events.subscribe();
    let paths = Paths::of(&shared);
    let file = paths.book.clone();
    let book = tokio::task::spawn_blocking(move || Book::load(&file)).await.unwrap_or_default();
    let mut keeper = Keeper { shared, paths, book, last: None };
    loop {
        let is_waiting = keeper.book.0.iter().any(Record::is_waiting);
        tokio::select! {
            ask = asks.recv() => {
                let Some(ask) = ask else { return };
                let done = keeper.update(ask.wanted.as_ref()).await;
                // Whoever no longer waits does not need the answer.
                drop(ask.reply.send(done));
            }
            () = changed(&mut events) => {
                tokio::time::sleep(QUIET).await;
                while events.try_recv().is_ok() {}
                keeper.follow().await;
            }
            () = tokio::time::sleep(LOOK_AGAIN), if is_waiting => keeper.follow().await,
        }
    }
}

/// Waits for news of connections or workspaces.
async fn changed(events: &mut broadcast::Receiver<Arc<CoreEvent>>) {
    loop {
        match events.recv().await {
            Ok(event) => {
                if matches!(*event, CoreEvent::Connections { .. } | CoreEvent::Workspaces { .. }) {
                    return;
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => return,
            Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
        }
    }
}

struct Keeper {
    shared: Arc<Shared>,
    paths: Paths,
    book: Book,
    /// Config and known hosts as they were last written.
    last: Option<(String, String)>,
}

impl Keeper {
    /// After a change: only where the person wants the files kept.
    async fn follow(&mut self) {
        if !self.paths.is_included().await {
            return;
        }
        if let Err(failure) = self.update(None).await {
            tracing::warn!(%failure, "the managed SSH config could not be kept");
        }
    }

    async fn update(&mut self, wanted: Option<&WorkspaceRef>) -> Result<Arc<Written>, Failure> {
        let servers = survey::servers(&self.shared).await?;
        self.book.0.retain(|one| servers.iter().any(|s| s.id == one.workspace.connection_id));
        for server in &servers {
            if let Some(rows) = &server.rows {
                self.book.listed(&server.id, rows);
            }
            for record in look(&self.book, server, wanted).await {
                self.book.put(record);
            }
        }
        let theirs = self.paths.read_user_config().await?;
        let names = Names::new(&theirs, &self.paths.folder);
        let (config, known_hosts, written) = self.text(&servers, names)?;
        self.write(config, known_hosts).await?;
        Ok(Arc::new(written))
    }

    fn text(
        &self,
        servers: &[Server],
        mut names: Names<'_>,
    ) -> Result<(String, String, Written), Failure> {
        let files = self.paths.files()?;
        let mut draft = Draft { text: String::from(HEAD), ..Draft::default() };
        for server in servers {
            let prefix = names.full(&server.prefix());
            let hops = server.hops(&self.shared, &prefix);
            let texts: Vec<_> =
                hops.iter().filter_map(|hop| entry::hop_text(hop, &files)).collect();
            let Some(target) = hops.last().filter(|_| texts.len() == hops.len()) else {
                tracing::warn!(server = server.name, "an SSH host cannot be written for ssh");
                continue;
            };
            texts.iter().for_each(|one| draft.push(one));
            draft.written.aliases.push(prefix.clone());
            let way = Way {
                prefix,
                key_files: keys::private_keys(&self.shared, &target.key_files),
                agent: target.agent.clone(),
                through: hops.iter().map(|hop| hop.alias.clone()).collect(),
            };
            for record in self.book.reachable(&server.id) {
                draft.add(record, &way, &mut names, &files);
            }
        }
        let authority = ca::authority_line(&self.shared.data_folder);
        let trust = entry::trust_text(&draft.pinned, authority.as_deref());
        Ok((draft.text, trust, draft.written))
    }

    async fn write(&mut self, config: String, known_hosts: String) -> Result<(), Failure> {
        let fresh = (config, known_hosts);
        if self.last.as_ref() == Some(&fresh) && self.paths.is_written() {
            return Ok(());
        }
        let (paths, texts) = (self.paths.clone(), fresh.clone());
        let book = Book(self.book.0.clone());
        let work = move || {
            theirs::make_private_folder(&paths.folder)?;
            theirs::replace(&paths.known_hosts, texts.1.as_bytes())?;
            theirs::replace(&paths.managed, texts.0.as_bytes())?;
            book.save(&paths.book)
        };
        super::paths::on_disk(&self.paths.managed, work).await?;
        self.last = Some(fresh);
        Ok(())
    }
}

const HEAD: &str = "# Kept by Moorline and written anew when workspaces come, go or change.\n# Options of your own for these names belong in your own config, below the Include.\n";

/// How every workspace of one server is reached.
struct Way {
    prefix: String,
    key_files: Vec<String>,
    agent: Option<String>,
    through: Vec<String>,
}

/// The files as they are being put together.
#[derive(Default)]
struct Draft {
    text: String,
    /// Host keys by the name they are known under.
    pinned: Vec<(String, Vec<String>)>,
    written: Written,
}

impl Draft {
    fn push(&mut self, entry: &str) {
        self.text.push('\n');
        self.text.push_str(entry);
    }

    fn add(&mut self, record: &Record, way: &Way, names: &mut Names<'_>, files: &entry::Files) {
        let mut aliases = vec![names.full(&format!("{}.{}", way.prefix, slug(&record.name)))];
        if record.is_managed {
            aliases.extend(names.short(&record.name));
        }
        let door = Door {
            aliases: aliases.clone(),
            host_key_alias: host_key_alias(&record.workspace.workspace_id),
            host: record.host.clone(),
            port: record.port,
            user: record.user.clone(),
            key_files: way.key_files.clone(),
            agent: way.agent.clone(),
            through: way.through.clone(),
        };
        let Some(text) = entry::door_text(&door, files) else { return };
        self.push(&text);
        self.pinned.push((door.host_key_alias, record.host_keys.clone()));
        self.written.aliases.extend(aliases.last().cloned());
        self.written.doors.insert(record.workspace.clone(), (aliases, record.clone()));
    }
}

/// Reads what is new or may have changed on one server.
async fn look(book: &Book, server: &Server, wanted: Option<&WorkspaceRef>) -> Vec<Record> {
    let (Some(live), Some(rows)) = (&server.live, &server.rows) else { return Vec::new() };
    let Some(access) = live.session.ssh_access() else { return Vec::new() };
    let reads = rows.iter().filter_map(|row| {
        let workspace =
            WorkspaceRef { connection_id: server.id.clone(), workspace_id: row.id.clone() };
        let is_wanted = wanted == Some(&workspace);
        let is_due = row.state == WorkspaceState::Running
            && ssh_port(row).is_some()
            && book.get(&workspace).is_none_or(|record| record.is_old(row));
        (is_wanted || is_due).then_some((workspace, row))
    });
    let read = |(workspace, row): (WorkspaceRef, &model::Workspace)| {
        let row = row.clone();
        async move {
            let cx = live.cx();
            match live.call(access.ssh_target(&row.id, &cx)).await {
                Ok(target) => Some(Record::new(workspace, &row, target)),
                Err(failure) => {
                    tracing::debug!(%failure, "a workspace does not tell how it is reached");
                    None
                }
            }
        }
    };
    futures::stream::iter(reads.collect::<Vec<_>>().into_iter().map(read))
        .buffer_unordered(AT_ONCE)
        .filter_map(async |record| record)
        .collect()
        .await
}
