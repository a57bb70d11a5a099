/* How both sides of a workspace stand: asked for when shown, after a run of it, and when one comes back. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useCore } from "@/app/store";
import { type AppError, type GitState, gitState, type Run, toFailure, type WorkspaceView } from "@/ipc";

export interface Both {
  state: GitState | null;
  failure: AppError | null;
  isAsking: boolean;
  again: () => void;
  /** A run of git's that goes on. */
  running: Run | null;
}

export function useGitState({ workspace_ref, workspace: { state: life } }: WorkspaceView): Both {
  const { connection_id, workspace_id } = workspace_ref;
  const [state, setState] = useState<GitState | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [asked, setAsked] = useState(0);
  const newest = useRef(0);
  const runs = useCore((core) => core.runs);
  const own = useMemo(
    () =>
      Object.values(runs).filter(
        ({ subject, verb }) =>
          subject.workspace_id === workspace_id &&
          subject.connection_id === connection_id &&
          (verb.startsWith("git ") || verb === "create"),
      ),
    [runs, connection_id, workspace_id],
  );
  const ended = own.filter(({ status }) => status !== "running").length;

  const again = useCallback(() => {
    const number = newest.current + 1;
    newest.current = number;
    setAsked(number);
    gitState({ workspace: { connection_id, workspace_id } }).then(
      (next) => {
        if (newest.current !== number) return;
        setState(next);
        setFailure(null);
        setAsked(0);
      },
      (thrown: unknown) => {
        if (newest.current !== number) return;
        setFailure(toFailure(thrown));
        setAsked(0);
      },
    );
  }, [connection_id, workspace_id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that ended, or a start, asks anew
  useEffect(() => {
    again();
    window.addEventListener("focus", again);
    return () => {
      newest.current += 1;
      window.removeEventListener("focus", again);
    };
  }, [again, ended, life]);

  const running = own.find(({ status }) => status === "running") ?? null;
  return { state, failure, isAsking: asked > 0, again, running };
}
