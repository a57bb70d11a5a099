import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { followRun } from "@/app/run-notices";
import { type AppError, type RunId, type RunStarted, toFailure } from "@/ipc";

/** Sends a dialog's order once. `shows` leads to the run, for what takes long enough to be watched. */
export function useBegin(onDone: () => void, { shows }: { shows: boolean }) {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const begin = (call: Promise<RunStarted>, onBegun?: (runId: RunId) => void) => {
    setBusy(true);
    setFailure(null);
    call.then(
      ({ run_id }) => {
        onDone();
        followRun(run_id);
        onBegun?.(run_id);
        if (shows) goTo(paths.run(run_id));
      },
      (thrown: unknown) => {
        setFailure(toFailure(thrown));
        setBusy(false);
      },
    );
  };
  return { isBusy, failure, begin, forget: () => setFailure(null) };
}
