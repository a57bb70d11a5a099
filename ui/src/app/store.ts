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
  LabRef,
  LabView,
  LinkRequest,
  LinkState,
  NavigateTarget,
  Notice,
  Question,
  Run,
  RunId,
  Settings,
  TemplateView,
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
  labs: Record<ConnectionId, LabView[]>;
  templates: TemplateView[];
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
  | "templates"
  | "update"
  | "notices"
  | "links"
> & { workspaces: WorkspaceView[]; runs: Run[]; tunnels: TunnelView[]; labs: LabView[] };

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
  labs: {},
  templates: [],
  update: { at: "unasked" },
  notices: [],
  links: [],
};

export const useCore = create<CoreState>(() => emptyCore);

/** The state after the lists of a (re)start. */
export function mergeLists(state: CoreState, lists: Lists): CoreState {
  const workspaces = byConnection(lists.workspaces, ({ workspace_ref }) => workspace_ref.connection_id);
  const labs = byConnection(lists.labs, ({ lab_ref }) => lab_ref.connection_id);
  const runs = Object.fromEntries(lists.runs.map((run) => [run.id, run]));
  const tunnels = Object.fromEntries(lists.tunnels.map((view) => [view.tunnel.id, view]));
  return { ...state, ...lists, workspaces, runs, tunnels, labs, loading: { at: "ready" } };
}

function byConnection<Row>(rows: readonly Row[], idOf: (row: Row) => ConnectionId) {
  const groups: Record<ConnectionId, Row[]> = {};
  for (const row of rows) groups[idOf(row)] = [...(groups[idOf(row)] ?? []), row];
  return groups;
}

/** The state after one event. Each event carries the whole new state of its topic. */
export function mergeEvent(state: CoreState, event: CoreEvent): CoreState {
  switch (event.event) {
    case "connections":
      return { ...state, connections: event.connections };
    case "workspaces":
      return {
        ...state,
        workspaces: replaceRows(state.workspaces, event.connection_id, event.workspaces, idOfWorkspace),
      };
    case "run":
      return { ...state, runs: { ...state.runs, [event.run.id]: event.run } };
    case "questions":
      return { ...state, questions: event.questions };
    case "terminals":
      return { ...state, terminals: event.terminals };
    case "tunnel":
      return { ...state, tunnels: replaceTunnel(state, event.tunnel_id, event.tunnel) };
    case "labs":
      return { ...state, labs: replaceRows(state.labs, event.connection_id, event.labs, idOfLab) };
    case "templates":
      return { ...state, templates: event.templates };
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

const idOfWorkspace = ({ workspace_ref }: WorkspaceView): string => workspace_ref.workspace_id;
const idOfLab = ({ lab_ref }: LabView): string => lab_ref.lab_id;

/** Rows that did not change keep their identity, so that only changed rows are drawn again. */
function replaceRows<Row>(
  all: Record<ConnectionId, Row[]>,
  id: ConnectionId,
  next: readonly Row[],
  idOf: (row: Row) => string,
): Record<ConnectionId, Row[]> {
  const { [id]: before = [], ...others } = all;
  if (next.length === 0) return others;
  const known = new Map(before.map((row) => [idOf(row), row]));
  const rows = next.map((row) => {
    const old = known.get(idOf(row));
    return old !== undefined && isSame(old, row) ? old : row;
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

export const labKey = (ref: LabRef): string => `${ref.connection_id}/${ref.lab_id}`;

export const findLab = (state: Pick<CoreState, "labs">, ref: LabRef): LabView | undefined =>
  state.labs[ref.connection_id]?.find(({ lab_ref }) => lab_ref.lab_id === ref.lab_id);

export const useLab = (ref: LabRef): LabView | undefined => useCore((state) => findLab(state, ref));

export const useTunnel = (id: TunnelId): TunnelView | undefined => useCore((state) => state.tunnels[id]);

export type Navigate = (target: NavigateTarget) => void;
