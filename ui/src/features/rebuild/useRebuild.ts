/* The form of a rebuild and the plan for what is in it. */
import { type Asked, TYPING_MS, useAsked } from "@/app/asked";
import type { Values } from "@/components";
import { type Form, type RebuildPlan, rebuildForm, rebuildPlan, type WorkspaceRef } from "@/ipc";

export function useRebuildForm(workspace: WorkspaceRef): Asked<Form> {
  return useAsked({ workspace }, rebuildForm, 0);
}

/** `values` is null while nothing can be planned. */
export function useRebuildPlan(workspace: WorkspaceRef, values: Values | null): Asked<RebuildPlan> {
  return useAsked(values === null ? null : { workspace, input: values }, rebuildPlan, TYPING_MS);
}
