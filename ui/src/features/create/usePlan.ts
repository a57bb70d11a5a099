/* The plan for what is in the form now: asked for once typing paused, the newest question wins. */
import { useEffect, useState } from "react";
import type { Values } from "@/components";
import { type AppError, type ConnectionId, type Plan, toFailure, workspacePlan } from "@/ipc";

const TYPING_MS = 250;

export interface Planning {
  /** The newest plan; it may belong to what was in the form a moment ago. */
  plan: Plan | null;
  /** True when the plan belongs to what is in the form. */
  isCurrent: boolean;
  failure: AppError | null;
  again: () => void;
}

interface Answer {
  asked: string;
  plan: Plan | null;
  failure: AppError | null;
}

/** `values` is none while nothing can be planned. */
export function usePlan(connectionId: ConnectionId | null, values: Values | null): Planning {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  const wanted =
    connectionId !== null && values !== null ? JSON.stringify([connectionId, values, attempt]) : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for connection, values and attempt
  useEffect(() => {
    if (wanted === null || connectionId === null || values === null) return;
    let isGone = false;
    const timer = setTimeout(() => {
      workspacePlan({ connection_id: connectionId, input: values }).then(
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
    plan: answer?.plan ?? null,
    isCurrent,
    failure: isCurrent ? answer.failure : null,
    again: () => setAttempt((count) => count + 1),
  };
}
