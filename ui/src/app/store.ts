/* What the interface knows of the core: lists at start, events after. Pages select from it;
   nothing here decides anything. Not here: view state (routes and components keep their own). */
import { create } from "zustand";
import type {
  AppError,
  AppInfo,
  ConnectionId,
  ConnectionView,
  CoreEvent,
  Descriptor,
  LinkRequest,
  LinkState,
  NavigateTarget,
  Notice,
  Question,
  Run,
  RunId,
  Settings,
  TerminalView,
  TunnelId,
  TunnelView,
  UpdateState,
  WorkspaceRef,
  WorkspaceView,
} from "@/ipc";
import { isSame } from "./same";

/** How far the first load has come. */
export type Loading = { at: "loading" } | { at: "ready" } | { at: "failed"; failure: AppError };

export interface CoreState {
  loading: Loading;
  link: LinkState;
  info: AppInfo | null;
  settings: Settings | null;
  descriptors: Descriptor[];
  connections: ConnectionView[];
  workspaces: Record<ConnectionId, WorkspaceView[]>;
  runs: Record<RunId, Run>;
  questions: Question[];
  terminals: TerminalView[];
  tunnels: Record<TunnelId, TunnelView>;
  update: UpdateState;
  /** Newest first. */
  notices: Notice[];
  /** Links of other programs that wait for an answer. */
  links: LinkRequest[];
}

/** The answers of the list commands, as the first load merges them. */
export type Lists = Pick<
  CoreState,
  | "info"
  | "settings"
  | "descriptors"
  | "connections"
  | "questions"
  | "terminals"
  | "update"
  | "notices"
  | "links"
> & { workspaces: WorkspaceView[]; runs: Run[]; tunnels: TunnelView[] };

export const emptyCore: CoreState = {
  loading: { at: "loading" },
  link: "connecting",
  info: null,
  settings: null,
  descriptors: [],
  connections: [],
  workspaces: {},
  runs: {},
  questions: [],
  terminals: [],
  tunnels: {},
  update: { at: "unasked" },
  notices: [],
  links: [],
};

export const useCore = create<CoreState>(() => emptyCore);

/** The state after the lists of a (re)start. */
export function mergeLists(state: CoreState, lists: Lists): CoreState {
  const workspaces: Record<ConnectionId, WorkspaceView[]> = {};
  for (const view of lists.workspaces) {
    const id = view.workspace_ref.connection_id;
    workspaces[id] = [...(workspaces[id] ?? []), view];
  }
  const runs = Object.fromEntries(lists.runs.map((run) => [run.id, run]));
  const tunnels = Object.fromEntries(lists.tunnels.map((view) => [view.tunnel.id, view]));
  return { ...state, ...lists, workspaces, runs, tunnels, loading: { at: "ready" } };
}

/** The state after one event. Each event carries the whole new state of its topic. */
export function mergeEvent(state: CoreState, event: CoreEvent): CoreState {
  switch (event.event) {
    case "connections":
      return { ...state, connections: event.connections };
    case "workspaces":
      return { ...state, workspaces: replaceWorkspaces(state, event.connection_id, event.workspaces) };
    case "run":
      return { ...state, runs: { ...state.runs, [event.run.id]: event.run } };
    case "questions":
      return { ...state, questions: event.questions };
    case "terminals":
      return { ...state, terminals: event.terminals };
    case "tunnel":
      return { ...state, tunnels: replaceTunnel(state, event.tunnel_id, event.tunnel) };
    case "labs":
    case "templates":
      return state;
    case "notices":
      return { ...state, notices: event.notices };
    case "links":
      return { ...state, links: event.links };
    case "settings":
      return { ...state, settings: event.settings };
    case "update":
      return { ...state, update: event.update };
    case "navigate":
      return state;
  }
}

/** Rows that did not change keep their identity, so that only changed rows are drawn again. */
function replaceWorkspaces(state: CoreState, id: ConnectionId, next: WorkspaceView[]) {
  const { [id]: before = [], ...others } = state.workspaces;
  if (next.length === 0) return others;
  const known = new Map(before.map((view) => [view.workspace_ref.workspace_id, view]));
  const rows = next.map((view) => {
    const old = known.get(view.workspace_ref.workspace_id);
    return isSame(old, view) ? (old ?? view) : view;
  });
  return { ...others, [id]: rows };
}

/** What did not change keeps its identity: measurements come often, the rest hardly ever. */
function replaceTunnel(state: CoreState, id: TunnelId, next: TunnelView | null) {
  const { [id]: before, ...others } = state.tunnels;
  if (!next) return others;
  if (!before) return { ...state.tunnels, [id]: next };
  const same = (["tunnel", "state", "hops", "strip"] as const).filter((part) =>
    isSame(before[part], next[part]),
  );
  return {
    ...state.tunnels,
    [id]: { ...next, ...Object.fromEntries(same.map((part) => [part, before[part]])) },
  };
}

export const sameWorkspace = (a: WorkspaceRef, b: WorkspaceRef): boolean =>
  a.connection_id === b.connection_id && a.workspace_id === b.workspace_id;

/** A key for maps and for React. */
export const workspaceKey = (ref: WorkspaceRef): string => `${ref.connection_id}/${ref.workspace_id}`;

export function findWorkspace(state: CoreState, ref: WorkspaceRef): WorkspaceView | undefined {
  return state.workspaces[ref.connection_id]?.find(
    (view) => view.workspace_ref.workspace_id === ref.workspace_id,
  );
}

export const useWorkspace = (ref: WorkspaceRef): WorkspaceView | undefined =>
  useCore((state) => findWorkspace(state, ref));

export const useConnection = (id: ConnectionId): ConnectionView | undefined =>
  useCore((state) => state.connections.find((view) => view.connection.id === id));

export const useTunnel = (id: TunnelId): TunnelView | undefined => useCore((state) => state.tunnels[id]);

export type Navigate = (target: NavigateTarget) => void;
