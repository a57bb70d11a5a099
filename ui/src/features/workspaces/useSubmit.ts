import { type Order, useOrder } from "@/app/order";
import { followRun } from "@/app/run-notices";
import type { RunStarted } from "@/ipc";

/** Sends a dialog's order: closes when a run began, keeps the failure otherwise. */
export function useSubmit(onDone: () => void): Order<RunStarted> {
  return useOrder(({ run_id }) => {
    followRun(run_id);
    onDone();
  });
}
