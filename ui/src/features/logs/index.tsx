import { ScrollText } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { openPanel } from "@/app/dock";
import { savedPanels } from "@/app/dock-layout";
import { saveLog, useLog } from "@/app/log";
import { findWorkspace, useCore, useWorkspace, workspaceKey } from "@/app/store";
import { LogPane, MAX_LINES } from "@/components/log";
import { logOpen, logSave, type WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

/** The ids of the panels begin so. */
const PANEL = "log:";

/** Follows a workspace's log. */
export function LogView({ workspace, given }: { workspace: WorkspaceRef; given?: string }) {
  const { connection_id, workspace_id } = workspace;
  const open = useCallback(
    (stream: number) => logOpen({ workspace: { connection_id, workspace_id }, tail: MAX_LINES, stream }),
    [connection_id, workspace_id],
  );
  const { feed, again } = useLog(open);
  const view = useWorkspace(workspace);
  const name = given ?? view?.workspace.name ?? workspace_id;

  // A workspace that was started again has lines again.
  const startedAt = view?.workspace.started_at ?? null;
  const lastStart = useRef(startedAt);
  useEffect(() => {
    if (lastStart.current !== startedAt && feed.state.at === "ended") again();
    lastStart.current = startedAt;
  }, [startedAt, feed, again]);

  return (
    <LogPane
      source={feed}
      label={messages.logs.name(name)}
      onSave={() => void saveLog(() => logSave({ workspace }), feed.buffer, `${name}.log`)}
      onAgain={again}
    />
  );
}

/** Opens the logs again that were in the dock before the window was loaded anew, once their workspaces are
    known; returns how to stop waiting. */
export function restoreLogs(): () => void {
  const waiting = savedPanels().filter(({ id, workspace }) => workspace && id.startsWith(PANEL));
  const restore = () => {
    if (useCore.getState().loading.at !== "ready") return;
    stop();
    for (const { workspace } of waiting) if (workspace) openLog(workspace);
  };
  const stop = useCore.subscribe(restore);
  if (waiting.length === 0) stop();
  else restore();
  return stop;
}

/** Shows a log in the dock: of a workspace, or of whatever else has one under a name that is `given`. */
export function openLog(workspace: WorkspaceRef, given?: string): void {
  const name =
    given ?? findWorkspace(useCore.getState(), workspace)?.workspace.name ?? workspace.workspace_id;
  openPanel({
    id: `${PANEL}${workspaceKey(workspace)}`,
    title: messages.logs.tab(name),
    icon: <ScrollText />,
    workspace,
    content: <LogView workspace={workspace} {...(given ? { given } : {})} />,
  });
}
