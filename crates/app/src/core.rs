//! `Core`: starts everything, hands out the product's operations, takes everything down.
//!
//! The operations themselves stand with their topics.

use std::{
    path::PathBuf,
    sync::{Arc, Weak},
    time::Duration,
};

use backend_api::{Backend, Clock as _, SystemClock};
use model::Failure;
use secrets::{Secrets, SystemKeychain};
use ssh::TrustFiles;
use store::Store;
use tokio::{
    runtime::Handle,
    sync::{broadcast, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    ConfigPlaces, CoreEvent, Host, git, labs, notices,
    owner::{self, Outlets, Owner},
    runs,
    sessions::{self, Cause, Event},
    settings,
    shared::Shared,
    ssh_config::{self, SshConfig},
    state::{Entry, State},
    support::{Journal, Support},
    templates,
    tray::TrayState,
    tunnels,
    updates::{self, Updates},
    vault::Vault,
};

/// Events that a slow listener may be behind before it has to ask anew.
const EVENTS: usize = 1024;
/// How long ending may take before what is left is let go.
const SHUTDOWN: Duration = Duration::from_secs(10);

/// What a core is made from. Nothing else is read from the environment.
pub struct CoreOptions {
    /// Holds the database, the known-hosts file of ours, the vault.
    pub data_folder: PathBuf,
    /// Where the person's own SSH files are.
    pub home_folder: PathBuf,
    /// The SSH agent the environment names.
    pub agent_socket: Option<PathBuf>,
    /// Where other programs' configuration is, as far as the environment says.
    pub places: ConfigPlaces,
    pub backends: Vec<Arc<dyn Backend>>,
    pub host: Arc<dyn Host>,
    pub keychain: SystemKeychain,
    pub version: String,
    /// What the program logs, where the host collects it.
    pub journal: Journal,
}

/// The product without a window. Dropping it ends its tasks; `shutdown` also waits for them.
pub struct Core {
    pub(crate) shared: Arc<Shared>,
    /// For work that outlives a call and needs the operations again.
    pub(crate) this: Weak<Self>,
    tray: watch::Receiver<TrayState>,
    owner_tasks: TaskTracker,
    owner_cancel: CancellationToken,
}

impl Core {
    /// Opens the database, looks at what an earlier process left, connects what is to be connected.
    /// Call it inside a tokio runtime.
    ///
    /// # Errors
    /// `Storage` when the data folder cannot be used.
    pub async fn start(options: CoreOptions) -> Result<Arc<Self>, Failure> {
        let opened = Store::open(&options.data_folder).await?;
        let began = SystemClock.now();
        let going_on = labs::going_on(&opened.store).await?;
        let interrupted =
            runs::interrupt(&opened.store, began, |id| going_on.contains_key(id)).await?;
        let mut state = restore(&opened.store).await?;
        let settings =
            settings::as_the_system_says(opened.store.get_settings().await?, &*options.host);
        state.language = settings::menu_language(&settings, &*options.host);
        state.editor = settings.editor;
        git::remove_leftovers(&options.data_folder);
        let (owner, queue) = Owner::new();
        let events = broadcast::Sender::new(EVENTS);
        let (tray_sender, tray) = watch::channel(state.tray_state());
        let outlets = Outlets { events: events.clone(), tray: tray_sender };
        let (ssh_config, ssh_config_asks) = SshConfig::new();
        let shared = Arc::new(Shared {
            owner,
            events,
            settings: watch::Sender::new(settings),
            store: opened.store,
            vault: Vault::new(Secrets::open(&options.data_folder, options.keychain)),
            host: options.host,
            backends: options.backends,
            links: sessions::SshLinks::default(),
            metrics: crate::metrics::Metrics::default(),
            labs: labs::LabTasks::default(),
            templates: templates::Library::new(&options.data_folder),
            ssh_config,
            updates: Updates::default(),
            journal: options.journal,
            support: Support::default(),
            trust: trust(&options.data_folder, &options.home_folder),
            agent_socket: options.agent_socket,
            home_folder: options.home_folder,
            places: options.places,
            data_folder: options.data_folder,
            version: options.version,
            storage_notice: opened.notice,
            runtime: Handle::current(),
            cancel: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        let owner_cancel = CancellationToken::new();
        let owner_tasks = TaskTracker::new();
        let at_start = connections_at_start(&state);
        owner_tasks.spawn(owner::run(state, queue, outlets, owner_cancel.clone()));
        shared.spawn(sessions::watch_for_sleep(Arc::clone(&shared)));
        shared.spawn(tunnels::tick(Arc::clone(&shared)));
        shared.spawn(tunnels::watch_network(Arc::clone(&shared)));
        shared.spawn(ssh_config::keep(Arc::clone(&shared), ssh_config_asks));
        shared.spawn(labs::keep_auto_stops(Arc::clone(&shared), shared.now()));
        shared.spawn(updates::watch_for_updates(Arc::clone(&shared)));
        shared.spawn(notices::watch(Arc::clone(&shared), shared.events.subscribe(), began));
        for run in interrupted {
            shared.tell(CoreEvent::Run { run: Box::new(run) });
        }
        labs::remove_left(&shared).await;
        labs::take_up(&shared, going_on).await;
        for id in at_start {
            sessions::report(&shared, &id, Event::ConnectAsked { cause: Cause::Start }).await;
        }
        tunnels::start(Arc::clone(&shared)).await;
        Ok(Arc::new_cyclic(|this| Self {
            shared,
            this: Weak::clone(this),
            tray,
            owner_tasks,
            owner_cancel,
        }))
    }

    /// What the core tells from now on. One who falls far behind has to ask anew.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Arc<CoreEvent>> {
        self.shared.events.subscribe()
    }

    /// Every topic as it is now, for one who fell behind.
    pub async fn everything(&self) -> Vec<CoreEvent> {
        let job = |state: &mut State| {
            let mut events = vec![
                CoreEvent::Questions { questions: state.questions.views() },
                CoreEvent::Connections { connections: state.connection_views() },
                CoreEvent::Terminals { terminals: state.terminal_views() },
                CoreEvent::Links { links: state.links.clone() },
            ];
            for connection_id in state.connections.keys().cloned() {
                let workspaces = state.workspace_views_of(&connection_id);
                events.push(CoreEvent::Workspaces {
                    connection_id: connection_id.clone(),
                    workspaces,
                });
                let labs = state.lab_views_of(&connection_id);
                events.push(CoreEvent::Labs { connection_id, labs });
            }
            events.push(CoreEvent::Templates { templates: state.templates.views() });
            let runs =
                state.runs.values().map(|run| CoreEvent::Run { run: Box::new(run.snapshot()) });
            events.extend(runs);
            events.extend(state.tunnel_views(SystemClock.now()).into_iter().map(|view| {
                let tunnel_id = view.tunnel.id.clone();
                CoreEvent::Tunnel { tunnel_id, tunnel: Some(Box::new(view)) }
            }));
            events
        };
        let mut events = self.shared.owner.with(job).await.unwrap_or_default();
        events.push(CoreEvent::Settings { settings: self.settings() });
        events.push(CoreEvent::Update { update: self.update_state() });
        if let Ok(notices) = self.notices().await {
            events.push(CoreEvent::Notices { notices });
        }
        events
    }

    /// The state of the tray, and its changes.
    #[must_use]
    pub fn tray_state(&self) -> watch::Receiver<TrayState> {
        self.tray.clone()
    }

    /// Ends sessions, runs, terminals and listeners, and waits for them. Later calls fail.
    pub async fn shutdown(&self) {
        self.shared.cancel.cancel();
        self.shared.tasks.close();
        if tokio::time::timeout(SHUTDOWN, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some tasks did not end in time");
        }
        self.keep_lists().await;
        tunnels::count(&self.shared).await;
        // Nobody can undo any more: those that would be forgotten later go now.
        let last = Instant::now() + self.shared.host.pace().undo;
        self.forget_leaving_hosts(last).await;
        labs::remove_due(&self.shared, last).await;
        self.owner_cancel.cancel();
        self.owner_tasks.close();
        self.owner_tasks.wait().await;
        self.shared.store.close().await;
    }
}

impl Core {
    /// Stores the lists as they were last seen, for the next start.
    async fn keep_lists(&self) {
        let lists = self.shared.owner.with(|state| state.workspaces.lists()).await;
        for (id, rows, seen_at) in lists.unwrap_or_default() {
            if let Err(error) = self.shared.store.put_workspaces(&id, &rows, seen_at).await {
                tracing::warn!(%error, "a list could not be stored");
            }
        }
        let labs = self.shared.owner.with(|state| state.labs.lists()).await;
        for (id, rows, seen_at) in labs.unwrap_or_default() {
            if let Err(error) = self.shared.store.put_labs(&id, &rows, seen_at).await {
                tracing::warn!(%error, "a list could not be stored");
            }
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.shared.cancel.cancel();
        self.owner_cancel.cancel();
    }
}

async fn restore(store: &Store) -> Result<State, Failure> {
    let mut state = State::default();
    for host in store.ssh_hosts().await? {
        state.ssh_hosts.insert(host.id.clone(), host);
    }
    for connection in store.connections().await? {
        state.connections.insert(connection.id.clone(), Entry::new(connection));
    }
    for cached in store.cached_workspaces().await? {
        state.workspaces.restore(cached.connection_id, cached.workspaces, cached.seen_at);
    }
    for (workspace, adoption) in store.adoptions().await? {
        state.workspaces.adoptions.set(workspace, Some(adoption));
    }
    for favourite in store.favourites().await? {
        state.workspaces.set_favourite(favourite, true);
    }
    labs::restore(store, &mut state).await?;
    state.templates = templates::restore(store).await?;
    state.tunnels = tunnels::restore(store, SystemClock.now()).await?;
    Ok(state)
}

fn connections_at_start(state: &State) -> Vec<model::ConnectionId> {
    let entries = state.connections.values();
    let wanted = entries.filter(|entry| entry.connection.connect_at_start);
    wanted.map(|entry| entry.connection.id.clone()).collect()
}

fn trust(data_folder: &std::path::Path, home_folder: &std::path::Path) -> TrustFiles {
    let ssh = home_folder.join(".ssh");
    TrustFiles {
        own: data_folder.join("known_hosts"),
        user: vec![ssh.join("known_hosts"), ssh.join("known_hosts2")],
        global: global_trust(),
    }
}

fn global_trust() -> Vec<PathBuf> {
    if cfg!(windows) {
        return vec![PathBuf::from(r"C:\ProgramData\ssh\ssh_known_hosts")];
    }
    vec![PathBuf::from("/etc/ssh/ssh_known_hosts"), PathBuf::from("/etc/ssh/ssh_known_hosts2")]
}
