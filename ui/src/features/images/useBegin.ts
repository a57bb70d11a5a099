import { goTo, paths } from "@/app/navigation";
import { type Order, useOrder } from "@/app/order";
import { followRun } from "@/app/run-notices";
import type { RunStarted } from "@/ipc";

/** Sends a dialog's order. `shows` leads to the run, for what takes long enough to be watched. */
export function useBegin(onDone: () => void, { shows }: { shows: boolean }): Order<RunStarted> {
  return useOrder(({ run_id }) => {
    onDone();
    followRun(run_id);
    if (shows) goTo(paths.run(run_id));
  });
}
