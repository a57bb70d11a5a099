/* The plan for what is in the form now. */
import { type Asked, TYPING_MS, useAsked } from "@/app/asked";
import type { Values } from "@/components";
import { type ConnectionId, type Plan, workspacePlan } from "@/ipc";

/** `values` is none while nothing can be planned; the last plan stays then. */
export function usePlan(connectionId: ConnectionId | null, values: Values | null): Asked<Plan> {
  const question =
    connectionId === null || values === null ? null : { connection_id: connectionId, input: values };
  return useAsked(question, workspacePlan, TYPING_MS);
}
