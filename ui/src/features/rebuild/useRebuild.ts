/* The form of a rebuild and the plan for what is in it: asked for once typing paused, the newest wins. */
import { useEffect, useState } from "react";
import type { Values } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import { type AppError, type Form, type RebuildPlan, rebuildForm, rebuildPlan, toFailure } from "@/ipc";

const TYPING_MS = 250;

export interface Asked<T> {
  answer: T | null;
  failure: AppError | null;
  again: () => void;
}

/** Asks when `key` changes; none while it is null. Answers to older questions are dropped. */
function useAsked<T>(
  key: string | null,
  delayMs: number,
  ask: () => Promise<T>,
): Asked<T> & { of: string | null } {
  const [state, setState] = useState<{ of: string; answer: T | null; failure: AppError | null } | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is asked
  useEffect(() => {
    if (key === null) return;
    let isGone = false;
    const timer = setTimeout(() => {
      ask().then(
        (answer) => !isGone && setState({ of: key, answer, failure: null }),
        (thrown: unknown) => !isGone && setState({ of: key, answer: null, failure: toFailure(thrown) }),
      );
    }, delayMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [key, attempt]);
  return {
    of: state?.of ?? null,
    answer: state?.answer ?? null,
    failure: state?.failure ?? null,
    again: () => setAttempt((count) => count + 1),
  };
}

export function useRebuildForm(workspace: WorkspaceRef): Asked<Form> {
  return useAsked(JSON.stringify(workspace), 0, () => rebuildForm({ workspace }));
}

/** `values` is null while nothing can be planned. `isCurrent`: the answer belongs to what is in the form. */
export function useRebuildPlan(
  workspace: WorkspaceRef,
  values: Values | null,
): Asked<RebuildPlan> & { isCurrent: boolean } {
  const key = values === null ? null : JSON.stringify([workspace, values]);
  const asked = useAsked(key, TYPING_MS, () => rebuildPlan({ workspace, input: values ?? {} }));
  return { ...asked, isCurrent: key !== null && asked.of === key };
}
