/* The form a server offers for a new workspace, asked for when the server is chosen. */
import { useEffect, useState } from "react";
import { type AppError, type ConnectionId, type Form, toFailure, workspaceForm } from "@/ipc";

export interface FormState {
  form: Form | null;
  failure: AppError | null;
  again: () => void;
}

export function useForm(connectionId: ConnectionId | null): FormState {
  const [answer, setAnswer] = useState<{ of: ConnectionId; form?: Form; failure?: AppError } | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    if (connectionId === null) return;
    let isGone = false;
    setAnswer(null);
    workspaceForm({ connection_id: connectionId }).then(
      (form) => !isGone && setAnswer({ of: connectionId, form }),
      (thrown: unknown) => !isGone && setAnswer({ of: connectionId, failure: toFailure(thrown) }),
    );
    return () => {
      isGone = true;
    };
  }, [connectionId, attempt]);
  const current = answer?.of === connectionId ? answer : null;
  return {
    form: current?.form ?? null,
    failure: current?.failure ?? null,
    again: () => setAttempt((count) => count + 1),
  };
}
