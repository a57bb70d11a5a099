/* Asking the core again whenever what is in a form changes: the newest question wins. */
import { useEffect, useState } from "react";
import { type AppError, toFailure } from "@/ipc";

/** How long typing must pause before a question is sent. */
export const TYPING_MS = 250;

export interface Asked<T> {
  /** The newest answer; it may belong to what was asked a moment ago. */
  answer: T | null;
  /** True when the answer or the failure belongs to what is asked now. */
  isCurrent: boolean;
  failure: AppError | null;
  again: () => void;
}

interface Answer<T> {
  to: string;
  answer: T | null;
  failure: AppError | null;
}

/** Asks when `question` changes; not while it is null. Answers to older questions are dropped. */
export function useAsked<Q, T>(
  question: Q | null,
  ask: (question: Q) => Promise<T>,
  delayMs: number,
): Asked<T> {
  const [state, setState] = useState<Answer<T> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const wanted = question === null ? null : JSON.stringify([question, attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for question and attempt
  useEffect(() => {
    if (wanted === null || question === null) return;
    let isGone = false;
    const timer = setTimeout(() => {
      ask(question).then(
        (answer) => !isGone && setState({ to: wanted, answer, failure: null }),
        (thrown: unknown) => !isGone && setState({ to: wanted, answer: null, failure: toFailure(thrown) }),
      );
    }, delayMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [wanted]);

  const isCurrent = state !== null && state.to === wanted;
  return {
    answer: state?.answer ?? null,
    isCurrent,
    failure: isCurrent ? state.failure : null,
    again: () => setAttempt((count) => count + 1),
  };
}
