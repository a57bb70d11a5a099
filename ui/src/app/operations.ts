/* Operations on workspaces as buttons and menus start them: a failed call shows itself, and the
   run it begins is followed to its end. */
import {
  type ConnectionId,
  connectionConnect,
  connectionDisconnect,
  type OpenIn,
  pageOpen,
  type Run,
  type RunStarted,
  runRetry,
  toFailure,
  type WorkspaceRef,
  type WorkspaceView,
  workspaceFavourite,
  workspaceRestart,
  workspaceStart,
  workspaceStop,
} from "@/ipc";
import { messages } from "@/messages";
import { followRun } from "./run-notices";
import { useCore } from "./store";
import { showFailure, showToast } from "./toasts";
import { offerUndo } from "./undo";

/** Waits for a call and shows its failure; undefined when it failed. */
export async function attempt<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    showFailure(toFailure(thrown));
    return undefined;
  }
}

async function begin(call: Promise<RunStarted>): Promise<void> {
  const started = await attempt(call);
  if (started) followRun(started.run_id);
}

export const startWorkspace = (workspace: WorkspaceRef) => begin(workspaceStart({ workspace }));
export const stopWorkspace = (workspace: WorkspaceRef) => begin(workspaceStop({ workspace }));
export const restartWorkspace = (workspace: WorkspaceRef) => begin(workspaceRestart({ workspace }));

/** Does the same again with the same input. */
export const retryRun = ({ id }: Run) => begin(runRetry({ run_id: id }));

export const connect = (connection_id: ConnectionId) => attempt(connectionConnect({ connection_id }));

/** Disconnects, which can be undone by connecting again. */
export async function disconnect(connection_id: ConnectionId, name: string): Promise<void> {
  if (await attempt(connectionDisconnect({ connection_id })))
    offerUndo(messages.connections.disconnected(name), () => void connect(connection_id));
}

/** Puts a workspace at the top of the tray or takes it from there, which can be undone. */
export async function setFavourite(view: WorkspaceView, is_favourite: boolean): Promise<void> {
  const { workspace_ref: workspace } = view;
  if (!(await attempt(workspaceFavourite({ workspace, is_favourite })))) return;
  const { favourite, unfavourite } = messages.notices;
  offerUndo(
    (is_favourite ? favourite : unfavourite)(view.workspace.name),
    () => void attempt(workspaceFavourite({ workspace, is_favourite: !is_favourite })),
  );
}

/** Opens the web IDE, or the web page on `port`: in a window of ours, or in the person's browser. */
export async function openPage(workspace: WorkspaceRef, open_in: OpenIn, port: number | null = null) {
  // A browser lets a page open tabs only during the click, so the tab comes before the answer.
  const tab = isDesktop() ? null : window.open("about:blank");
  if (tab) tab.opener = null;
  const opened = await attempt(pageOpen({ workspace, port, open_in }));
  const url = opened?.url;
  if (url && tab) tab.location.href = url;
  else tab?.close();
  if (url && !tab && !isDesktop()) sayBlocked(url);
}

/** False in a plain browser, which has no windows of ours. */
export const isDesktop = () => useCore.getState().info?.is_desktop !== false;

/** The page is open behind its address; only the browser did not show it. */
function sayBlocked(url: string): void {
  const { blocked, open } = messages.notices;
  showToast({
    id: "blocked",
    tone: "info",
    text: blocked,
    action: { label: open, run: () => void window.open(url) },
  });
}
