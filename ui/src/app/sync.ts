/* Keeps the store fed: lists when the link opens, events after, at most one change a frame. */
import {
  appInfo,
  type CoreEvent,
  connectionsList,
  descriptorsList,
  labsList,
  linksList,
  noticesList,
  onEvent,
  onLink,
  questionsList,
  runsList,
  settingsGet,
  templatesList,
  terminalsList,
  toFailure,
  tunnelsList,
  updateGet,
  workspacesList,
} from "@/ipc";
import { type Lists, mergeEvent, mergeLists, type Navigate, useCore } from "./store";

/** Runs kept in memory at start; the Runs page asks for more. */
const RUNS_AT_START = 200;

/** Starts feeding; returns how to stop. */
export function startSync(navigate: Navigate): () => void {
  let held: CoreEvent[] = [];
  let isLoading = true;
  let frame: ReturnType<typeof setTimeout> | null = null;

  const apply = () => {
    frame = null;
    if (isLoading) return;
    const events = held;
    held = [];
    if (events.length > 0) useCore.setState((state) => events.reduce(mergeEvent, state));
  };
  const stopEvents = onEvent((event) => {
    if (event.event === "navigate") return navigate(event.target);
    held.push(event);
    frame ??= setTimeout(apply, 16);
  });
  const load = async () => {
    isLoading = true;
    try {
      const lists = await fetchLists();
      useCore.setState((state) => mergeLists(state, lists));
    } catch (thrown) {
      const failure = toFailure(thrown);
      useCore.setState((state) =>
        state.loading.at === "ready" ? state : { ...state, loading: { at: "failed", failure } },
      );
    }
    isLoading = false;
    apply();
  };
  const stopLink = onLink((link) => {
    useCore.setState({ link });
    if (link === "open") void load();
  });
  return () => {
    stopEvents();
    stopLink();
    if (frame !== null) clearTimeout(frame);
  };
}

function fetchLists(): Promise<Lists> {
  return allOf({
    info: appInfo(),
    settings: settingsGet(),
    descriptors: descriptorsList(),
    connections: connectionsList(),
    workspaces: workspacesList(),
    runs: runsList({ search: "", status: null, limit: RUNS_AT_START }),
    questions: questionsList(),
    terminals: terminalsList(),
    tunnels: tunnelsList(),
    labs: labsList(),
    templates: templatesList(),
    update: updateGet(),
    notices: noticesList(),
    links: linksList(),
  });
}

/** All of what was asked for at once, each under its name; the first failure is the failure of all. */
async function allOf<T extends object>(asked: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const answers = Object.entries<Promise<unknown>>(asked).map(async ([name, answer]) => [name, await answer]);
  return Object.fromEntries(await Promise.all(answers));
}
