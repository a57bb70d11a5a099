/* The plan for what is in the build form now: asked for once typing paused, the newest question wins. */
import { useEffect, useState } from "react";
import {
  type AppError,
  type BuildInput,
  type ConnectionId,
  imageBuildPlan,
  type Plan,
  toFailure,
} from "@/ipc";

const TYPING_MS = 250;

export interface BuildPlanning {
  /** The newest plan; it may belong to what was in the form a moment ago. */
  plan: Plan | null;
  isCurrent: boolean;
  failure: AppError | null;
  again: () => void;
}

/** `input` is none while nothing can be planned. */
export function useBuildPlan(connectionId: ConnectionId | null, input: BuildInput | null): BuildPlanning {
  const [answer, setAnswer] = useState<{ asked: string; plan: Plan | null; failure: AppError | null } | null>(
    null,
  );
  const [attempt, setAttempt] = useState(0);
  const wanted =
    connectionId !== null && input !== null ? JSON.stringify([connectionId, input, attempt]) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for connection, input and attempt
  useEffect(() => {
    if (wanted === null || connectionId === null || input === null) return;
    let isGone = false;
    const timer = setTimeout(() => {
      imageBuildPlan({ connection_id: connectionId, input }).then(
        (plan) => !isGone && setAnswer({ asked: wanted, plan, failure: null }),
        (thrown: unknown) => !isGone && setAnswer({ asked: wanted, plan: null, failure: toFailure(thrown) }),
      );
    }, TYPING_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [wanted]);

  const isCurrent = answer !== null && answer.asked === wanted;
  return {
    plan: wanted === null ? null : (answer?.plan ?? null),
    isCurrent,
    failure: isCurrent ? answer.failure : null,
    again: () => setAttempt((count) => count + 1),
  };
}
