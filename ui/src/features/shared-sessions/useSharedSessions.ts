import { useCallback, useEffect, useRef, useState } from "react";
import { useCore } from "@/app/store";
import { type Failure, type SharedSessions, sharedSessionsList, toFailure, type WorkspaceRef } from "@/ipc";

/** The sessions of a workspace: asked when shown, when terminals of it open or close, and when the window
    is looked at again. Servers tell nothing of them by themselves. */
export function useSharedSessions(workspace: WorkspaceRef) {
  const { connection_id, workspace_id } = workspace;
  const [list, setList] = useState<SharedSessions | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const newest = useRef(0);
  const terminals = useCore((state) =>
    state.terminals
      .filter((one) => one.workspace.workspace_id === workspace_id)
      .map((one) => `${one.id}:${one.ended !== null}`)
      .join(),
  );
  const look = useCallback(async () => {
    newest.current += 1;
    const mine = newest.current;
    try {
      const found = await sharedSessionsList({ workspace: { connection_id, workspace_id } });
      if (mine !== newest.current) return;
      setList(found);
      setFailure(null);
    } catch (thrown) {
      if (mine === newest.current) setFailure(toFailure(thrown));
    }
  }, [connection_id, workspace_id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: terminals that come or go change who is attached
  useEffect(() => {
    void look();
  }, [look, terminals]);
  useEffect(() => {
    const onFocus = () => void look();
    window.addEventListener("focus", onFocus);
    return () => {
      window.removeEventListener("focus", onFocus);
      newest.current += 1;
    };
  }, [look]);
  return { list, failure, look };
}
