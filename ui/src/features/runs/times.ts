/* How long runs and steps took or take. */
import { formatDuration } from "@/components";
import type { Run, RunStep } from "@/ipc";

export const runDuration = (run: Run, now: number): string =>
  formatDuration(Math.max(0, (run.ended_at ?? now) - run.started_at));

/** Empty for a step that did not begin. */
export function stepDuration(step: RunStep, now: number): string {
  if (step.started_at === null) return "";
  return formatDuration(Math.max(0, (step.ended_at ?? now) - step.started_at));
}
