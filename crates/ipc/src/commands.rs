//! The command list, written once. Hosts derive handlers and permissions from it through
//! `for_each_command!`; `typescript.rs` derives the client.

use ts_rs::{Config, TS};

use crate::args::*;

/// Calls `$callback!` with every command as `/// doc  name(Args) -> Reply;`.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            /// Facts about this build and this computer.
            app_info(NoArgs) -> app::AppInfo;
            /// Opens a link of ours in the person's browser.
            url_open(UrlArgs) -> Done;
            /// Asks for a file or folder of this computer. `Unsupported` in a browser.
            path_pick(PathPickArgs) -> PathPicked;
            /// Says that the page shows what it loaded: the end of start-up, for the log and the benchmark.
            window_ready(NoArgs) -> Done;

            /// The kinds of connection this build offers.
            descriptors_list(NoArgs) -> Vec<model::Descriptor>;
            /// All connections with their states.
            connections_list(NoArgs) -> Vec<model::ConnectionView>;
            /// SSH hosts that can be used again, as themselves or as jumps.
            ssh_hosts_list(NoArgs) -> Vec<model::SshHost>;
            /// Checks the input, stores the connection and begins to connect.
            connection_create(model::ConnectionInput) -> model::ConnectionView;
            /// Changes a connection; a live one is connected anew.
            connection_update(ConnectionUpdateArgs) -> model::ConnectionView;
            /// Disconnects and forgets a connection and its secrets. Nothing on the server is touched.
            connection_delete(ConnectionArgs) -> Done;
            /// Connects now; while reconnecting, does not wait for the countdown.
            connection_connect(ConnectionArgs) -> Done;
            /// Disconnects, and stays so until asked.
            connection_disconnect(ConnectionArgs) -> Done;
            /// Tests a connection stage by stage on a stream; closing the stream cancels the test.
            doctor_open(DoctorOpenArgs) -> Done;
            /// Lets a public key in on a server that asks for a password; only after the person agreed.
            doctor_copy_key(DoctorCopyKeyArgs) -> model::KeyCopied;
            /// The script that prepares a connection's server, where its kind brings one.
            setup_offer(ConnectionArgs) -> Option<model::ServerSetup>;
            /// What running that script with these choices would do; asks nothing of the server.
            setup_plan(SetupPlanArgs) -> model::SetupPlan;
            /// Runs the script on the server, only with consent.
            setup_run(SetupRunArgs) -> RunStarted;

            /// What this computer already knows of servers, and what would become of it; reads only.
            import_look(NoArgs) -> Vec<model::ImportFound>;
            /// Makes connections of what was ticked and begins to connect; each may fail by itself.
            import_take(ImportTakeArgs) -> Vec<model::ImportTaken>;

            /// Everything the core waits on a person for.
            questions_list(NoArgs) -> Vec<model::Question>;
            /// Answers a question; one that nobody waits for any more is ignored.
            question_answer(QuestionAnswerArgs) -> Done;

            /// What was told, newest first.
            notices_list(NoArgs) -> Vec<model::Notice>;
            /// Marks all notices as read.
            notices_read(NoArgs) -> Done;
            /// Forgets one notice, or all of them.
            notices_remove(NoticesRemoveArgs) -> Done;
            /// Links of other programs that wait for the person's answer.
            links_list(NoArgs) -> Vec<model::LinkRequest>;
            /// Answers a link; the reply says where it leads when the person said yes.
            link_answer(LinkAnswerArgs) -> LinkAnswered;

            /// Workspaces of all connections, last known rows included.
            workspaces_list(NoArgs) -> Vec<model::WorkspaceView>;
            /// Asks the servers again now.
            workspaces_refresh(NoArgs) -> Done;
            /// One workspace in full.
            workspace_inspect(WorkspaceArgs) -> model::WorkspaceDetail;
            /// Starts a workspace; the run ends when it runs.
            workspace_start(WorkspaceArgs) -> RunStarted;
            /// Stops a workspace and keeps its data.
            workspace_stop(WorkspaceArgs) -> RunStarted;
            /// Stops and starts a workspace.
            workspace_restart(WorkspaceArgs) -> RunStarted;
            /// Gives a workspace another name.
            workspace_rename(WorkspaceRenameArgs) -> RunStarted;
            /// Removes a workspace, with or without its volumes.
            workspace_remove(WorkspaceRemoveArgs) -> RunStarted;
            /// Puts a workspace at the top of the tray, or takes it from there.
            workspace_favourite(WorkspaceFavouriteArgs) -> Done;
            /// What adopting a workspace that others made would mean; reads only.
            workspace_adoption(WorkspaceArgs) -> model::AdoptionOffer;
            /// Adopts a workspace: a note on this computer, nothing changes on its server.
            workspace_adopt(WorkspaceAdoptArgs) -> Done;
            /// Forgets that a workspace was adopted.
            workspace_release(WorkspaceArgs) -> Done;
            /// The form for a new workspace on this connection.
            workspace_form(ConnectionArgs) -> model::Form;
            /// What creating would do; reads only.
            workspace_plan(WorkspacePlanArgs) -> model::Plan;
            /// Carries a plan out.
            workspace_create(WorkspaceCreateArgs) -> RunStarted;
            /// What may be changed on a rebuild, filled in with what the workspace has.
            rebuild_form(WorkspaceArgs) -> model::Form;
            /// What a rebuild would change; reads only.
            rebuild_plan(RebuildPlanArgs) -> model::RebuildPlan;
            /// Carries a rebuild out; after a failure or a cancel the old workspace is back.
            workspace_rebuild(WorkspaceRebuildArgs) -> RunStarted;

            /// Looks at a folder of this computer from which a workspace could be made.
            git_look_folder(GitFolderArgs) -> model::GitSource;
            /// Asks a URL for its branches with the person's own credentials.
            git_look_url(GitUrlArgs) -> model::GitSource;
            /// What ties a workspace to a folder of this computer; asks neither side.
            git_link(WorkspaceArgs) -> Option<model::GitLink>;
            /// How both sides of a workspace stand: branches, files, ahead and behind.
            git_state(WorkspaceArgs) -> model::GitState;
            /// Pushes the branch that is checked out here; never forced.
            git_push(GitTransferArgs) -> RunStarted;
            /// Fetches, and fast-forwards the branch that is checked out here.
            git_pull(GitTransferArgs) -> RunStarted;
            /// Fetches the workspace's branches.
            git_fetch(WorkspaceArgs) -> RunStarted;
            /// Ties a workspace to a folder of this computer: access, repository, remote.
            git_tie(GitTieArgs) -> RunStarted;

            /// The images of every connected server.
            images_list(NoArgs) -> Vec<model::ServerImages>;
            /// Fetches an image from its registry.
            image_pull(ImagePullArgs) -> RunStarted;
            /// What building an image would do; reads only.
            image_build_plan(ImageBuildArgs) -> model::Plan;
            /// Builds an image from a folder, from a Containerfile alone, or Moorline's own dev image.
            image_build(ImageBuildArgs) -> RunStarted;
            /// Gives an image one more name.
            image_tag(ImageTagArgs) -> RunStarted;
            /// Removes an image that nothing uses, with all its names.
            image_remove(ImageRemoveArgs) -> RunStarted;
            /// What pruning would remove, and how much that frees; reads only.
            images_prune_list(ImagesPruneListArgs) -> model::PruneList;
            /// Removes exactly the images that are given.
            images_prune(ImagesPruneArgs) -> RunStarted;

            /// Volumes of one server, with who uses them.
            volumes_list(ConnectionArgs) -> Vec<model::VolumeInfo>;
            /// Deletes volumes with what they hold.
            volumes_remove(VolumesRemoveArgs) -> RunStarted;
            /// Writes what a volume holds to a tar file that the person picks. `Unsupported` in a browser.
            volume_export(VolumeArgs) -> CarryStarted;
            /// Makes a volume from a tar file that the person picks. `Unsupported` in a browser.
            volume_import(VolumeArgs) -> CarryStarted;

            /// Opens a workspace's web IDE or another web port of it, through the guarded proxy.
            page_open(PageOpenArgs) -> PageOpened;
            /// Carries a port of a workspace to this computer's loopback.
            forward_open(ForwardOpenArgs) -> model::Forward;
            /// Closes such a listener.
            forward_close(ForwardCloseArgs) -> Done;

            /// All tunnels with their states.
            tunnels_list(NoArgs) -> Vec<model::TunnelView>;
            /// Reads a tunnel from a typed line such as `8080:db:5432 via jump-1`; stores nothing.
            tunnel_read(TunnelReadArgs) -> model::TunnelReading;
            /// The hosts a tunnel can go through: those Moorline knows and those of the person's SSH config.
            tunnel_ways(NoArgs) -> Vec<model::TunnelWay>;
            /// A loopback address that no tunnel has, and what has to be done before it can be used here.
            tunnel_own_address(NoArgs) -> OwnAddress;
            /// Checks the input, stores the tunnel and starts it.
            tunnel_create(model::TunnelInput) -> model::TunnelView;
            /// Changes a tunnel; a running one is started anew.
            tunnel_update(TunnelUpdateArgs) -> model::TunnelView;
            /// Stops and forgets a tunnel.
            tunnel_remove(TunnelArgs) -> Done;
            /// Starts a tunnel, on another port for this time when one is given.
            tunnel_start(TunnelStartArgs) -> Done;
            /// Stops a tunnel; it is not started again until asked, not even with the app.
            tunnel_stop(TunnelArgs) -> Done;
            /// Does not wait for the countdown; checks an open tunnel from end to end now.
            tunnel_retry(TunnelArgs) -> Done;
            /// Puts a tunnel into the tray, or takes it from there.
            tunnel_favourite(TunnelFavouriteArgs) -> Done;
            /// The past of one tunnel: errors, clients, HTTP requests, its command line.
            tunnel_inspect(TunnelArgs) -> model::TunnelDetail;
            /// Opens what a tunnel leads to in the person's browser.
            tunnel_browse(TunnelArgs) -> Done;
            /// The forwards of the person's SSH config, and what would become of them; reads only.
            tunnels_found(NoArgs) -> Vec<model::TunnelFound>;

            /// All templates with what is in them.
            templates_list(NoArgs) -> Vec<model::TemplateView>;
            /// Checks the source, stores the template and begins to look at it.
            template_create(model::TemplateInput) -> model::TemplateView;
            /// Changes a template; labs made from it stay as they are.
            template_update(TemplateUpdateArgs) -> model::TemplateView;
            /// Forgets a template and our copy of its repository; labs made from it stay.
            template_remove(TemplateArgs) -> Done;
            /// Fetches or reads a template anew; how it goes is told by events.
            template_refresh(TemplateArgs) -> Done;
            /// One topology of a template: text, graph, variables, files, problems.
            template_preview(TemplatePreviewArgs) -> model::TemplatePreview;

            /// All labs of all connections, as last listed.
            labs_list(NoArgs) -> Vec<model::LabView>;
            /// Asks a server for its labs now.
            labs_refresh(LabsRefreshArgs) -> Done;
            /// What making a lab would do; reads only.
            lab_create_plan(LabCreateArgs) -> model::LabPlan;
            /// Stores a lab and begins its first run.
            lab_create(LabCreateArgs) -> RunStarted;
            /// One lab with nodes, graph, and where a person put them.
            lab_inspect(LabArgs) -> model::LabPage;
            /// What an operation would do to a lab; reads only.
            lab_change_plan(LabChangeArgs) -> model::LabPlan;
            /// Begins an operation on a lab.
            lab_change(LabChangeArgs) -> RunStarted;
            /// Forgets what Moorline keeps of a lab; the server is not touched.
            lab_forget(LabArgs) -> Done;
            /// Takes that back. `NotFound` when it was too long ago.
            lab_restore(LabArgs) -> Done;
            /// Puts a lab into the tray, or takes it from there.
            lab_favourite(LabFavouriteArgs) -> Done;
            /// Sets when a lab is stopped by itself, while Moorline runs.
            lab_auto_stop(LabAutoStopArgs) -> Done;
            /// Remembers where nodes were put.
            lab_positions(LabPositionsArgs) -> Done;
            /// Changes one node of a lab.
            lab_node_change(LabNodeArgs) -> Done;
            /// Runs a command on nodes of a lab.
            lab_exec(LabExecArgs) -> Vec<model::LabExecuted>;
            /// All interfaces of a lab's nodes.
            lab_interfaces(LabArgs) -> Vec<model::NodeInterface>;
            /// Rates of a lab's interfaces on a stream, every few seconds.
            lab_rates_open(LabRatesOpenArgs) -> Done;
            /// What is made worse on purpose in a lab.
            lab_impairments(LabArgs) -> Vec<model::Impairment>;
            /// Makes one interface worse, or good again.
            lab_impair(LabImpairArgs) -> Done;
            /// Opens a capture of one interface in this computer's Wireshark.
            lab_capture(LabCaptureArgs) -> model::Capture;
            /// The sets of configurations collected so far, newest first.
            lab_collections(LabArgs) -> Vec<model::Collection>;
            /// One collected file and the one before it.
            lab_collected(LabCollectedArgs) -> model::CollectedText;
            /// Saves a drawing where the person says; none when they say nowhere.
            lab_drawing_save(LabSaveArgs) -> Saved;

            /// The editors Moorline knows, and which of them are on this computer.
            editors_list(NoArgs) -> Editors;
            /// Opens a workspace in a program of this computer. `Conflict` in the field "ssh_config" when the
            /// person has not let Moorline into their SSH config yet.
            workspace_open_in(WorkspaceOpenInArgs) -> Done;
            /// How a plain SSH client reaches a workspace.
            workspace_ssh(WorkspaceArgs) -> model::WorkspaceSsh;
            /// The managed SSH config, and whether the person's own reads it.
            ssh_config_get(NoArgs) -> model::SshConfigView;
            /// Puts one line at the top of the person's SSH config; theirs is copied aside first.
            ssh_config_include(NoArgs) -> model::SshConfigView;
            /// Takes that line away again.
            ssh_config_exclude(NoArgs) -> model::SshConfigView;

            /// All terminals.
            terminals_list(NoArgs) -> Vec<model::TerminalView>;
            /// Opens a terminal in a workspace.
            terminal_open(TerminalOpenArgs) -> model::TerminalView;
            /// Shows a terminal's output on a stream; a second client may attach too.
            terminal_attach(TerminalAttachArgs) -> Done;
            /// Types into a terminal.
            terminal_write(TerminalWriteArgs) -> Done;
            /// Tells a terminal its size.
            terminal_resize(TerminalResizeArgs) -> Done;
            /// Ends a terminal, or takes an ended one off the list.
            terminal_close(TerminalArgs) -> Done;

            /// The shared sessions of a workspace (tmux or dtach), and who is attached.
            shared_sessions_list(WorkspaceArgs) -> model::SharedSessions;
            /// Attaches to a shared session in a terminal, or begins one.
            shared_session_open(SharedSessionOpenArgs) -> model::TerminalView;
            /// Ends a shared session for everybody.
            shared_session_end(SharedSessionArgs) -> Done;
            /// Makes a file in a workspace of an image or text; up to 10 MiB and 2 MiB.
            workspace_paste(WorkspacePasteArgs) -> model::Pasted;

            /// Follows a workspace's log on a stream.
            log_open(LogOpenArgs) -> Done;
            /// Saves a workspace's whole log to a file that the person picks. `Unsupported` in a browser.
            log_save(LogSaveArgs) -> Saved;
            /// Follows the measurements of all running workspaces on a stream.
            metrics_open(MetricsOpenArgs) -> Done;
            /// Says how much of a stream was consumed; a stream waits beyond 512 KiB unacknowledged.
            stream_ack(StreamAckArgs) -> Done;
            /// Closes a stream of any kind.
            stream_close(StreamArgs) -> Done;

            /// Runs, newest first.
            runs_list(RunsListArgs) -> Vec<model::Run>;
            /// One run.
            run_get(RunArgs) -> model::Run;
            /// A run's log on a stream.
            run_log_open(RunLogOpenArgs) -> Done;
            /// Saves a run's log to a file that the person picks. `Unsupported` in a browser.
            run_log_save(RunArgs) -> Saved;
            /// Cancels a run; what that means is in `Run::cancel_means`.
            run_cancel(RunArgs) -> Done;
            /// Does the same again with the same input.
            run_retry(RunArgs) -> RunStarted;
            /// Removes what an interrupted or failed run left on the server.
            run_remove_leftover(RunArgs) -> RunStarted;
            /// Brings back the workspace that an interrupted or failed rebuild put aside.
            run_restore(RunArgs) -> RunStarted;

            /// All settings.
            settings_get(NoArgs) -> model::Settings;
            /// Replaces all settings; values out of range are refused by name.
            settings_set(model::Settings) -> model::Settings;
            /// All settings at their defaults.
            settings_reset(NoArgs) -> model::Settings;
            /// Shows the data folder in the system's file manager. `Unsupported` in a browser.
            data_folder_open(NoArgs) -> Done;
            /// Forgets connections, secrets, trusted host keys, history and settings. Servers are not touched.
            app_reset(NoArgs) -> Backup;

            /// Everything but secrets as the text of a file.
            transfer_text(NoArgs) -> TransferText;
            /// Saves everything but secrets to a file that the person picks. `Unsupported` in a browser.
            transfer_export(NoArgs) -> Saved;
            /// What importing a file would change; changes nothing.
            transfer_preview(TransferText) -> model::TransferPreview;
            /// Takes over what was chosen from a file; a backup is made first.
            transfer_import(TransferImportArgs) -> model::TransferDone;

            /// How it stands with updates of the app.
            update_get(NoArgs) -> model::UpdateState;
            /// Asks for a newer version now; refused while the check is switched off.
            update_check(NoArgs) -> model::UpdateState;
            /// Installs what was offered and starts the app anew.
            update_install(NoArgs) -> Done;

            /// Follows Moorline's own log on a stream.
            journal_open(JournalOpenArgs) -> Done;
            /// Saves Moorline's own log to a file that the person picks. `Unsupported` in a browser.
            journal_save(JournalSaveArgs) -> Saved;
            /// Makes a support bundle and shows it as it would be saved.
            support_preview(NoArgs) -> model::SupportBundle;
            /// Saves the bundle that was shown last to a file that the person picks.
            support_save(SupportSaveArgs) -> Saved;
        }
    };
}

/// A command for generators: names and TypeScript types.
#[derive(Debug, Clone)]
pub struct CommandInfo {
    pub name: &'static str,
    pub doc: String,
    pub args: String,
    pub reply: String,
}

macro_rules! tables {
    ($($(#[doc = $doc:literal])* $name:ident($args:ty) -> $reply:ty;)*) => {
        /// The name of every command, in the order of the list.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Every command with its TypeScript types.
        #[must_use]
        pub fn command_infos(config: &Config) -> Vec<CommandInfo> {
            vec![$(CommandInfo {
                name: stringify!($name),
                doc: concat!($($doc),*).trim().to_owned(),
                args: <$args as TS>::name(config),
                reply: <$reply as TS>::name(config),
            }),*]
        }

        /// Shows every type of the list to a visitor.
        pub(crate) fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(
                visitor.visit::<$args>();
                visitor.visit::<$reply>();
            )*
        }
    };
}

for_each_command!(tables);
