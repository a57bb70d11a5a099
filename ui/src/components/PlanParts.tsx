import { TriangleAlert } from "lucide-react";
import type { PlanStep } from "@/ipc";
import { cx } from "./cx";

/** The steps of a plan, numbered. `isCode` picks those that are lines of a file. */
export function PlanSteps({
  steps,
  isBusy = false,
  isCode = () => false,
}: {
  steps: readonly PlanStep[];
  isBusy?: boolean;
  isCode?: (index: number) => boolean;
}) {
  return (
    <ol aria-busy={isBusy} className="flex flex-col gap-2.5">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order and may share a name
        <li key={index} className="flex gap-2.5">
          <span className="w-4 shrink-0 text-right text-fg-3">{index + 1}</span>
          <span
            className={cx("min-w-0 text-fg-2 wrap-anywhere", isCode(index) && "line-clamp-2 font-mono")}
            title={isCode(index) ? step.summary : undefined}
          >
            {step.summary}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What to mind before a plan is carried out. */
export function PlanWarnings({ warnings }: { warnings: readonly string[] }) {
  return warnings.map((warning) => (
    <p key={warning} className="flex gap-2 rounded-card bg-warn-soft px-2.5 py-2">
      <TriangleAlert className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0 wrap-anywhere">{warning}</span>
    </p>
  ));
}
