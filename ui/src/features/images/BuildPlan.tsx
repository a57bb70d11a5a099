import { TriangleAlert } from "lucide-react";
import { ErrorBox } from "@/components";
import type { AppError } from "@/ipc";
import { messages } from "@/messages";
import type { BuildPlanning } from "./useBuildPlan";

const words = messages.images.form;

/** Every step of the build, and what to mind before. */
export function BuildPlan({ planning, refusal }: { planning: BuildPlanning; refusal: AppError | null }) {
  const { plan, isCurrent, failure, again } = planning;
  const steps = plan?.steps ?? [];
  return (
    <section aria-labelledby="build-plan" className="sticky top-0 flex flex-col gap-3 p-4.5 pt-5">
      <h3 id="build-plan" className="font-semibold">
        {words.happens}
      </h3>
      {refusal && <ErrorBox failure={refusal} />}
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {steps.length > 0 ? (
        <ol aria-busy={!isCurrent} className="flex flex-col gap-2.5">
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order and may share a name
            <li key={index} className="flex gap-2.5">
              <span className="w-4 shrink-0 text-right text-fg-3">{index + 1}</span>
              <span
                className={
                  index === 0 || index === steps.length - 1
                    ? "min-w-0 text-fg-2 wrap-anywhere"
                    : "line-clamp-2 min-w-0 font-mono text-fg-2 wrap-anywhere"
                }
                title={step.summary}
              >
                {step.summary}
              </span>
            </li>
          ))}
        </ol>
      ) : (
        !failure && <p className="text-fg-3">{words.happensHint}</p>
      )}
      {plan?.warnings.map((warning) => (
        <p key={warning} className="flex gap-2 rounded-card bg-warn-soft px-2.5 py-2">
          <TriangleAlert className="mt-0.5 text-warn" />
          <span className="min-w-0 wrap-anywhere">{warning}</span>
        </p>
      ))}
    </section>
  );
}
