import { useEffect, useState } from "react";
import { type AppError, toFailure, type WorkspaceDetail, type WorkspaceView, workspaceInspect } from "@/ipc";

export interface Detail {
  detail: WorkspaceDetail | null;
  failure: AppError | null;
  retry: () => void;
}

/** Everything about one workspace; asked for anew when its state or name changes. Old data stays. */
export function useDetail({
  workspace_ref: workspace,
  workspace: { state, name },
  stale_since,
}: WorkspaceView): Detail {
  const [detail, setDetail] = useState<WorkspaceDetail | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [attempts, setAttempts] = useState(0);
  const { connection_id, workspace_id } = workspace;
  const isStale = stale_since !== null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: state, name and attempts say when to ask again
  useEffect(() => {
    if (isStale) return;
    let isCurrent = true;
    workspaceInspect({ workspace: { connection_id, workspace_id } }).then(
      (next) => {
        if (!isCurrent) return;
        setDetail(next);
        setFailure(null);
      },
      (thrown) => isCurrent && setFailure(toFailure(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [connection_id, workspace_id, state, name, isStale, attempts]);

  return { detail, failure: isStale ? null : failure, retry: () => setAttempts((count) => count + 1) };
}
