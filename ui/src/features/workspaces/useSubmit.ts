import { useState } from "react";
import { followRun } from "@/app/run-notices";
import { type AppError, type RunStarted, toFailure } from "@/ipc";

/** Sends a dialog's order once: closes when a run began, keeps the failure otherwise. */
export function useSubmit(onDone: () => void) {
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const submit = (call: () => Promise<RunStarted>) => {
    if (isSending) return;
    setSending(true);
    call().then(
      ({ run_id }) => {
        followRun(run_id);
        onDone();
      },
      (thrown) => {
        setFailure(toFailure(thrown));
        setSending(false);
      },
    );
  };
  return { isSending, failure, clear: () => setFailure(null), submit };
}
