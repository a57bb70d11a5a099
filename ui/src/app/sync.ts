/* Keeps the store fed: lists when the link opens, events after, at most one change a frame. */
import {
  appInfo,
  type CoreEvent,
  connectionsList,
  descriptorsList,
  linksList,
  noticesList,
  onEvent,
  onLink,
  questionsList,
  runsList,
  settingsGet,
  terminalsList,
  toFailure,
  updateGet,
  windowReady,
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
      // After the frame that draws them.
      requestAnimationFrame(() => setTimeout(() => void windowReady().catch(() => {}), 0));
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

async function fetchLists(): Promise<Lists> {
  const [
    info,
    settings,
    descriptors,
    connections,
    workspaces,
    runs,
    questions,
    terminals,
    update,
    notices,
    links,
  ] = await Promise.all([
    appInfo(),
    settingsGet(),
    descriptorsList(),
    connectionsList(),
    workspacesList(),
    runsList({ search: "", status: null, limit: RUNS_AT_START }),
    questionsList(),
    terminalsList(),
    updateGet(),
    noticesList(),
    linksList(),
  ]);
  return {
    info,
    settings,
    descriptors,
    connections,
    workspaces,
    runs,
    questions,
    terminals,
    update,
    notices,
    links,
  };
}
