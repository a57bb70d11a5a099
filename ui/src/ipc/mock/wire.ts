/* A core of invented data, for looking at screens without one. It answers every command and keeps
   what is changed until the page is left. */
import type { Wire, WireHandlers } from "../contract";
import type {
  CoreEvent,
  DoctorOpenArgs,
  ImportTakeArgs,
  Run,
  SetupPlanArgs,
  WorkspaceAdoptArgs,
  WorkspaceRef,
  WorkspaceState,
  WorkspaceView,
} from "../generated/types";
import { descriptors } from "./connections";
import { type Args, planOf, workspaceForm } from "./create";
import { fillTest, setupOffer, setupPlan } from "./doctor";
import { startStorm } from "./fleet";
import { Flood } from "./flood";
import { gitSource, gitStateOf, gitUrlSource } from "./git";
import { imageHandlers } from "./images";
import { adoptionOffer, importFound, importTaken } from "./import";
import { labDescriptors } from "./lab-descriptors";
import { labHandlers } from "./lab-handlers";
import { isLabScene } from "./labs";
import { note } from "./note";
import { editors, notInstalled, notKnown, sshConfig, sshOf } from "./open-in";
import { rebuildForm, rebuildPlanOf } from "./rebuild";
import { setupDone, setupRunning } from "./runs";
import { makeScene, type Scene } from "./scenes";
import { settingsHandlers } from "./settings";
import { sharedSessionsOf } from "./shared-sessions";
import { END_OF_INPUT, echo, fillLog, fillMetrics, fillRunLog, fillTerminal } from "./streams";
import { tunnelHandlers } from "./tunnel-handlers";
import { volumes } from "./volumes";
import { detailOf } from "./workspaces";

type Handler = (args: Args) => unknown;

/** `scene` is the value of `?mock=`; "loading" never answers, "broken" fails every list. */
export function mockWire(scene: string): Wire {
  const state = makeScene(scene);
  let wire: WireHandlers | null = null;
  const emit = (event: CoreEvent) => wire?.event({ type: "core", ...event });
  const handlers = makeHandlers(scene, state, emit, () => wire);
  return {
    async call(name, args) {
      if (scene === "loading") return new Promise(() => {});
      if (scene === "broken" && name.endsWith("_list")) {
        note(broken);
        throw broken;
      }
      const handler = handlers[name];
      if (!handler) return {};
      if (name !== "stream_ack") await new Promise((resolve) => setTimeout(resolve, 20));
      const reply = handler(args as Args);
      note(reply);
      return reply;
    },
    listen(next) {
      wire = next;
      setTimeout(() => next.link("open"), 0);
    },
  };
}

const broken = {
  code: "storage",
  message: "the database cannot be read: the disk is full",
  hint: "Free some space on this computer and try again.",
  field: null,
  detail: "SQLITE_FULL",
  is_retryable: true,
};

function makeHandlers(
  scene: string,
  state: Scene,
  emit: (event: CoreEvent) => void,
  wire: () => WireHandlers | null,
) {
  const run = (verb: string, view: WorkspaceView): Run => ({
    ...(state.runs[3] as Run),
    id: `run-${verb}-${view.workspace.id}-${state.runs.length}`,
    verb,
    status: "running",
    started_at: Date.now(),
    ended_at: null,
    subject: {
      connection_id: view.workspace_ref.connection_id,
      connection_name: view.connection_name,
      name: view.workspace.name,
      workspace_id: view.workspace.id,
      lab_id: null,
    },
  });
  const find = (ref: WorkspaceRef) =>
    state.workspaces.find(
      ({ workspace_ref: other }) => other.workspace_id === ref.workspace_id,
    ) as WorkspaceView;
  const tell = (at: string) =>
    emit({
      event: "workspaces",
      connection_id: at,
      workspaces: state.workspaces.filter((view) => view.workspace_ref.connection_id === at),
    });
  const change = (ref: WorkspaceRef, next: WorkspaceState | null) => {
    state.workspaces = state.workspaces.flatMap((view) => {
      if (view.workspace_ref.workspace_id !== ref.workspace_id) return [view];
      return next ? [{ ...view, workspace: { ...view.workspace, state: next } }] : [];
    });
    tell(ref.connection_id);
  };
  const operate =
    (verb: string, during: WorkspaceState, after: WorkspaceState | null): Handler =>
    ({ workspace }) => {
      const started = run(verb, find(workspace));
      state.runs = [started, ...state.runs];
      emit({ event: "run", run: started });
      change(workspace, during);
      setTimeout(() => {
        change(workspace, after);
        emit({ event: "run", run: { ...started, status: "succeeded", ended_at: Date.now() } });
      }, 1500);
      return { run_id: started.id };
    };

  const openTerminal = (workspace: WorkspaceRef) => {
    const id = `terminal-${state.terminals.length + 1}`;
    const title = `${find(workspace)?.workspace.name ?? workspace.workspace_id.replace(/^node:.*\//, "")}: bash`;
    const view = { id, workspace, title, opened_at: Date.now(), ended: null };
    state.terminals = [...state.terminals, view];
    emit({ event: "terminals", terminals: state.terminals });
    return view;
  };
  const streams = new Map<string, number>();
  let flood: Flood | null = null;
  let isIncluded = state.isSshIncluded;
  return {
    app_info: () => state.info,
    window_ready: () => ({}),
    path_pick: () => ({ path: "/home/alice/.ssh/id_ed25519" }),
    settings_get: () => state.settings,
    settings_set: (next) => {
      state.settings = next as unknown as Scene["settings"];
      emit({ event: "settings", settings: state.settings });
      return state.settings;
    },
    ...settingsHandlers(state, wire),
    descriptors_list: () => (isLabScene(scene) ? [...descriptors, ...labDescriptors] : descriptors),
    connections_list: () => state.connections,
    ssh_hosts_list: () => state.connections.flatMap(({ ssh_host }) => (ssh_host ? [ssh_host] : [])),
    connection_create: () => state.connections[0],
    connection_update: () => state.connections[0],
    connection_connect: ({ connection_id: id }) => {
      state.connections = state.connections.map((view) =>
        view.connection.id === id
          ? { ...view, state: { state: "connecting", stage: `resolving ${id}` } }
          : view,
      );
      emit({ event: "connections", connections: state.connections });
      return {};
    },
    import_look: () => importFound(scene),
    import_take: (args) => importTaken(args as unknown as ImportTakeArgs),
    doctor_open: (args) => fillTest(wire(), args as unknown as DoctorOpenArgs, state.connections),
    doctor_copy_key: () => ({ server: "lab-west", file: "~/.ssh/authorized_keys", is_new: true }),
    setup_offer: () => setupOffer,
    setup_plan: (args) => setupPlan((args as unknown as SetupPlanArgs).values.mode),
    setup_run: () => {
      emit({ event: "run", run: setupRunning });
      setTimeout(() => emit({ event: "run", run: setupDone }), 1500);
      return { run_id: setupDone.id };
    },
    questions_list: () => state.questions,
    question_answer: () => {
      state.questions = [];
      emit({ event: "questions", questions: [] });
      return {};
    },
    notices_list: () => state.notices,
    notices_read: () => {
      state.notices = state.notices.map((notice) => ({ ...notice, is_read: true }));
      emit({ event: "notices", notices: state.notices });
      return {};
    },
    notices_remove: ({ notice_id }) => {
      state.notices = notice_id === null ? [] : state.notices.filter(({ id }) => id !== notice_id);
      emit({ event: "notices", notices: state.notices });
      return {};
    },
    links_list: () => state.links,
    link_answer: ({ link_id, answer }) => {
      const target = state.links.find(({ id }) => id === link_id)?.target ?? null;
      state.links = state.links.filter(({ id }) => id !== link_id);
      emit({ event: "links", links: state.links });
      return { target: answer === "follow" ? target : null };
    },
    workspaces_list: () => state.workspaces,
    workspace_inspect: ({ workspace }) => detailOf(find(workspace)),
    workspace_adoption: ({ workspace }) => adoptionOffer(find(workspace)),
    workspace_adopt: (args) => {
      const { workspace, user } = args as unknown as WorkspaceAdoptArgs;
      const adoption = {
        ...adoptionOffer(find(workspace)),
        name: "",
        user,
        adopted_at: Date.now(),
      };
      state.workspaces = state.workspaces.map((view) =>
        view === find(workspace)
          ? { ...view, adoption, workspace: { ...view.workspace, is_managed: true } }
          : view,
      );
      tell(workspace.connection_id);
      return {};
    },
    workspace_start: operate("start", "starting", "running"),
    workspace_stop: operate("stop", "stopping", "stopped"),
    workspace_restart: operate("restart", "starting", "running"),
    workspace_rename: operate("rename", "running", "running"),
    workspace_remove: operate("remove", "removing", null),
    workspace_form: () => workspaceForm,
    workspace_plan: planOf,
    volumes_list: () => volumes,
    volumes_remove: () => ({ run_id: "run-stop" }),
    volume_export: () => ({ run_id: "run-stop" }),
    volume_import: () => ({ run_id: "run-stop" }),
    rebuild_form: () => rebuildForm,
    rebuild_plan: rebuildPlanOf,
    workspace_rebuild: () => ({ run_id: "run-rebuild" }),
    workspace_create: () => ({ run_id: "run-create" }),
    git_look_folder: () => gitSource,
    git_look_url: () => gitUrlSource,
    git_link: () => gitStateOf(scene).link,
    git_state: () => gitStateOf(scene),
    git_push: operate("git push", "running", "running"),
    git_pull: operate("git pull", "running", "running"),
    git_fetch: operate("git fetch", "running", "running"),
    git_tie: operate("git setup", "running", "running"),
    ...imageHandlers(state.name),
    ...tunnelHandlers(state, emit),
    ...labHandlers(state, emit, wire),
    page_open: () => ({ url: null }),
    shared_sessions_list: ({ workspace }) => sharedSessionsOf(find(workspace).workspace.name),
    shared_session_open: ({ workspace }) => openTerminal(workspace),
    shared_session_end: () => ({}),
    workspace_paste: () => ({ path: "/home/dev/.cache/moorline/pasted/clipboard-20261121.png", bytes: 42 }),
    editors_list: () => ({ editors }),
    workspace_ssh: ({ workspace }) => sshOf(find(workspace), isIncluded),
    workspace_open_in: ({ editor }) => {
      if (editors.some((one) => one.editor === editor && one.program === null)) throw notInstalled;
      if (!isIncluded) throw notKnown;
      return {};
    },
    ssh_config_get: () => sshConfig(isIncluded),
    ssh_config_include: () => {
      isIncluded = true;
      return sshConfig(true);
    },
    ssh_config_exclude: () => {
      isIncluded = false;
      return sshConfig(false);
    },
    runs_list: () => state.runs,
    run_get: ({ run_id }) => state.runs.find(({ id }) => id === run_id),
    terminals_list: () => state.terminals,
    terminal_open: ({ workspace }) => openTerminal(workspace),
    terminal_close: ({ terminal_id }) => {
      state.terminals = state.terminals.filter(({ id }) => id !== terminal_id);
      emit({ event: "terminals", terminals: state.terminals });
      return {};
    },
    terminal_attach: ({ stream, terminal_id }) => {
      streams.set(terminal_id, stream);
      return fillTerminal(wire(), stream, isLabScene(scene));
    },
    terminal_write: ({ terminal_id, data }) => {
      const ended = { exit_code: 0, message: "exited with code 0" };
      if (data !== END_OF_INPUT) echo(wire(), streams.get(terminal_id) ?? 0, data);
      else state.terminals = state.terminals.map((one) => (one.id === terminal_id ? { ...one, ended } : one));
      emit({ event: "terminals", terminals: state.terminals });
      return {};
    },
    log_open: ({ stream }) => {
      if (scene !== "flood") return fillLog(wire(), stream);
      flood = new Flood(wire, stream);
      return {};
    },
    stream_ack: ({ stream, bytes }) => {
      flood?.ack(stream, bytes);
      return {};
    },
    run_log_open: ({ stream, run_id }) =>
      fillRunLog(
        wire(),
        stream,
        state.runs.some(({ id, subject }) => id === run_id && subject.lab_id !== null),
      ),
    metrics_open: ({ stream }) => {
      if (scene === "storm") startStorm(wire, state.workspaces, stream);
      return fillMetrics(wire(), stream, state.workspaces);
    },
    log_save: () => ({ path: "/home/alice/atlas-api.log" }),
    run_log_save: () => ({ path: "/home/alice/run.log" }),
  } satisfies Record<string, Handler> as Record<string, Handler>;
}
